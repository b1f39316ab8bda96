"""All translations into a language as PO files in a folder, and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ports.editorial.translation_files import (
    MOST_BYTES,
    TranslationFileError,
    load,
    read_language,
    too_large,
)
from ports.languages import SOURCE, Language
from ports.models import Document, Edition, User
from ports.publishing import NotPublishableError
from ports.publishing.translation_files import (
    Imported,
    document_named,
    export_translation,
    file_name,
    import_translation,
)
from ports.roles import NotAllowedError


class Brought(NamedTuple):
    """A file, and what became of it: its entries, or why it was refused as a whole."""

    path: Path
    imported: Imported | None
    refusal: str = ""


def export_folder(language: Language, folder: Path) -> list[Path]:
    """Write the file of every document that readers see in English; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    live = Edition.objects.filter(language=SOURCE.code, live_revision__isnull=False)
    documents = Document.objects.filter(pk__in=live.values("document")).order_by("pk")
    written = []
    for document in documents.select_related("usage", "gloss").iterator(chunk_size=200):
        path = folder / file_name(document, language)
        path.write_bytes(export_translation(document=document, language=language))
        written.append(path)
    return written


def import_folder(folder: Path, *, by: User) -> Iterator[Brought]:
    """Take in every file of a folder, each in a transaction of its own."""
    for path in sorted(folder.glob("*.po")):
        try:
            yield Brought(path, _import(path, by))
        except (TranslationFileError, NotAllowedError) as error:
            yield Brought(path, None, str(error))
        except NotPublishableError:
            yield Brought(path, None, "there is no English text of it here")


def _import(path: Path, by: User) -> Imported:
    if path.stat().st_size > MOST_BYTES:
        raise TranslationFileError(too_large())
    file = load(path.read_bytes())
    document, language = document_named(file.head.document), read_language(file.head.language)
    if document is None:
        raise TranslationFileError(f"there is no such document here: {file.head.document}")
    if language is None:
        raise TranslationFileError(f"there is no such language here: {file.head.language}")
    return import_translation(document=document, language=language, file=file, by=by)
