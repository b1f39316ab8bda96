"""The articles that come with the program: loading them, and writing them back as files."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from ports import publishing
from ports.editorial import article_files, working
from ports.editorial.article_files import ArticleFileError, EditionFile
from ports.editorial.parts import PARTS, Structure
from ports.languages import LANGUAGES, SOURCE
from ports.models import Document, Edition, Gloss, Port, PublicationEvent, Revision, Usage

ARTICLES: Final = Path(__file__).resolve().parent / "data" / "articles"

Origin = Revision.Origin


class Fate(StrEnum):
    """What became of a file that was loaded."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    KEPT = "kept: an editor has worked on it"
    NOT_PUBLISHED = "saved, not published"


class Loaded(NamedTuple):
    """A file, what became of it, and why, where that needs saying."""

    path: Path
    fate: Fate
    reason: str = ""


def load_articles(folder: Path = ARTICLES) -> list[Loaded]:
    """Bring the bundled editions to the state of the files in `folder`.

    Safe to run at every start: the same files again change nothing, and an edition that an editor
    has saved, published or unpublished is left alone. Raises ArticleFileError, which names the
    file; then nothing of its document is changed.
    """
    return [
        loaded
        for directory in sorted({path.parent for path in folder.rglob("*.md")})
        for loaded in _load_document(directory)
    ]


@transaction.atomic
def _load_document(directory: Path) -> list[Loaded]:
    editions = {path: _read(path) for path in sorted(directory.glob("*.md"))}
    source_path = directory / f"{SOURCE.code}.md"
    if source_path not in editions:
        raise ArticleFileError(f"{source_path} is missing")
    try:
        document = publishing.lock(_document(source_path, editions[source_path]))
    except IntegrityError as error:
        raise ArticleFileError(f"{source_path}: {error}") from error
    paths = [source_path, *(path for path in editions if path != source_path)]
    return [_load_edition(document, path, editions[path]) for path in paths]


def _read(path: Path) -> EditionFile:
    try:
        edition = article_files.load(path.read_text(encoding="utf-8"))
    except ArticleFileError as error:
        raise ArticleFileError(f"{path}: {error}") from error
    if path.stem != edition.language.code:
        raise ArticleFileError(f"{path}: its language is {edition.language.code}")
    for part in {*edition.texts, *_uuids(edition.structure or {})}:
        try:
            UUID(part)
        except ValueError as error:
            raise ArticleFileError(f"{path}: {part!r} is no uuid") from error
    return edition


def _uuids(structure: Structure) -> list[str]:
    return [part["uuid"] for parts in structure.values() for part in parts]


def _document(path: Path, source: EditionFile) -> Document:
    """The document a file belongs to; a usage or a gloss without one gets its row here."""
    if source.port is not None:
        return Document.objects.get_or_create(kind=source.kind, port=Port(source.port))[0]
    parts = (source.structure or {})[source.kind]
    if len(parts) != 1:
        raise ArticleFileError(f"{path}: there must be one [{source.kind}]")
    (kind,) = (kind for kind in PARTS[source.kind] if kind.name == source.kind)
    values = {"uuid": UUID(parts[0]["uuid"]), **{f: parts[0][f] for f in kind.fields}}
    row: Usage | Gloss | None = kind.model._default_manager.filter(uuid=values["uuid"]).first()
    if row is None and source.kind == Document.Kind.GLOSS:
        row = Gloss.objects.filter(service_name__iexact=values["service_name"]).first()
    if row is None:
        with working.source_columns():
            row = kind.model(**values)
            row.save(force_insert=True)
    owner: dict[str, Any] = {source.kind: row}
    return Document.objects.get_or_create(kind=source.kind, **owner)[0]


def _load_edition(document: Document, path: Path, file: EditionFile) -> Loaded:
    edition = Edition.objects.filter(document=document, language=file.language.code).first()
    if edition is not None and _is_an_editors(edition):
        return Loaded(path, Fate.KEPT)
    digest = publishing.content_digest(file.structure, file.texts)
    latest = edition.latest_revision if edition else None
    if edition is None or latest is None or latest.digest != digest:
        try:
            if file.structure is not None:
                working.write_structure(document, file.structure, at=timezone.now())
            working.write_texts(document, file.language, file.texts)
            publishing.save_revision(document=document, by=None, origin=Origin.BUNDLED)
        except (publishing.ContentError, IntegrityError) as error:
            raise ArticleFileError(f"{path}: {error}") from error
    elif edition.live_revision_id == latest.pk:
        return Loaded(path, Fate.UNCHANGED)
    try:
        publishing.publish(document=document, language=file.language, by=None)
    except (publishing.ClaimsDeniedError, publishing.NotPublishableError) as error:
        return Loaded(path, Fate.NOT_PUBLISHED, str(error))
    return Loaded(path, Fate.LOADED)


def _is_an_editors(edition: Edition) -> bool:
    return (
        Revision.objects.filter(edition=edition, origin=Origin.EDITOR).exists()
        or PublicationEvent.objects.filter(edition=edition, by__isnull=False).exists()
    )


def export_articles(folder: Path) -> list[Path]:
    """Write every live edition to `folder` as `load_articles` reads them; return the files."""
    documents = Document.objects.order_by("id")
    return [path for document in documents for path in _export(document, folder)]


def _export(document: Document, folder: Path) -> Iterator[Path]:
    live = {
        edition.language: edition.live_revision
        for edition in Edition.objects.filter(
            document=document, live_revision__isnull=False
        ).select_related("live_revision")
    }
    source = live.get(SOURCE.code)
    if source is None or source.structure is None:
        return
    directory = folder / document.kind / _directory_name(document, source.structure)
    directory.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        revision = live.get(language.code)
        if revision is None:
            continue
        edition = EditionFile(
            document.kind, document.port_id, language, revision.structure, revision.texts
        )
        path = directory / f"{language.code}.md"
        path.write_text(article_files.dump(edition, source.structure), encoding="utf-8")
        yield path


def _directory_name(document: Document, structure: Structure) -> str:
    if document.kind == Document.Kind.PORT:
        return str(document.port_id)
    part = structure[document.kind][0]
    if document.kind == Document.Kind.GLOSS:
        return quote(part["service_name"], safe="")
    # Several usages may have the same name; the beginning of the uuid keeps them apart.
    return f"{part['first_port']}-{slugify(part['name'])}-{part['uuid'][:8]}"
