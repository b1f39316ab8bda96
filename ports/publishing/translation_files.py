"""Giving a translation away as a PO file, and taking in what came back."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ports import roles
from ports.editorial import working
from ports.editorial.parts import PARTS, PartKind, Structure, Texts, column, ordered_parts
from ports.editorial.staleness import changed_texts
from ports.editorial.translation_files import (
    Text,
    TranslationFile,
    TranslationFileError,
    dump,
    read_language,
)
from ports.editorial.translation_verdicts import DONE, Fate, Verdict, verdicts
from ports.languages import SOURCE, Language
from ports.models import Document, Edition, Revision, User
from ports.publishing.errors import ContentError, NotPublishableError
from ports.publishing.freshness import made_from, still_correct
from ports.publishing.locks import lock
from ports.publishing.saving import save_revision
from ports.roles import Deed


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's entries, and the revision that was made, if any.

    `is_confirmed` says that no text changed, and that the translation was found to be right for
    today's English text. `is_behind`, that texts of it are still made from an earlier one.
    """

    verdicts: list[Verdict]
    revision: Revision | None
    is_confirmed: bool
    is_behind: bool

    def of(self, fate: Fate) -> list[Verdict]:
        """The verdicts of one kind."""
        return [verdict for verdict in self.verdicts if verdict.fate is fate]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The latest source revision of a document, and its translation into a language.

    `stale` are the English texts that changed since they were translated, as they were before.
    """

    document: Document
    language: Language
    source: Revision
    edition: Edition | None
    stale: dict[tuple[str, str], str]

    @property
    def structure(self) -> Structure:
        return self.source.structure or {}

    @property
    def latest(self) -> Revision | None:
        return self.edition.latest_revision if self.edition else None

    @property
    def texts(self) -> Texts:
        return self.latest.texts if self.latest else {}


def document_name(document: Document) -> str:
    """A document as files name it, the same in every database: `port 3440`, `usage <uuid>`."""
    if document.kind == Document.Kind.PORT:
        return f"port {document.port_id}"
    row = document.usage or document.gloss
    return f"{document.kind} {row.uuid if row else ''}"


def document_named(name: str) -> Document | None:
    """The document that a file is of, or None."""
    kind, _space, value = name.partition(" ")
    documents = Document.objects.select_related("usage", "gloss").filter(kind=kind)
    if kind == Document.Kind.PORT:
        is_number = value.isascii() and value.isdigit() and len(value) < 6
        return documents.filter(port=int(value)).first() if is_number else None
    if kind not in {Document.Kind.USAGE, Document.Kind.GLOSS}:
        return None
    try:
        uuid = UUID(value)
    except ValueError:
        return None
    return documents.filter(**{f"{kind}__uuid": uuid}).first()


def file_name(document: Document, language: Language) -> str:
    """The name of a translation's file: `port-3440.tr.po`."""
    return f"{document.kind}-{document.owner[1]}.{language.code}.po"


def export_translation(*, document: Document, language: Language) -> bytes:
    """The PO file of a document in a language; raises NotPublishableError without a source."""
    sides = _sides(document, language)
    return dump(
        document_name(document),
        language,
        sides.source.number,
        sides.latest.number if sides.latest else 0,
        _texts(sides),
    )


@transaction.atomic
def import_translation(
    *, document: Document, language: Language, file: TranslationFile, by: User
) -> Imported:
    """Take in of a file what nobody changed here since it was made; the rest is refused.

    All that is taken becomes one revision. It is made from today's source only if no text of the
    translation is left that was made from an earlier one. Raises TranslationFileError when the file
    is of another document or language, NotPublishableError without a source, and NotAllowedError.
    """
    roles.require(by, Deed.WRITE, language)
    document = lock(document)
    sides = _sides(document, language)
    if file.head.document != document_name(document):
        raise TranslationFileError(
            _("The file is of another document: %(name)s.") % {"name": file.head.document[:80]}
        )
    if read_language(file.head.language) is not language:
        raise TranslationFileError(
            _("The file is of another language: %(name)s.") % {"name": file.head.language[:80]}
        )
    found = verdicts(
        file.entries,
        _texts(sides),
        exported=_exported(sides, file.head.revision),
        source_keys={source["key"] for source in sides.structure.get("source", [])},
    )
    done = {(verdict.uuid, verdict.field) for verdict in found if verdict.fate in DONE}
    is_behind = bool(sides.stale.keys() - done)
    try:
        with transaction.atomic():
            revision = _save(sides, found, by, is_behind=is_behind)
    except ContentError as error:
        # Something that was saved before is wrong by now, such as a footnote of a withdrawn source.
        return Imported(
            _all_refused(found, error), None, is_confirmed=False, is_behind=bool(sides.stale)
        )
    is_confirmed = bool(sides.stale) and not is_behind and revision is None
    if is_confirmed and sides.latest is not None:
        still_correct(
            document=document,
            language=language,
            number=sides.latest.number,
            source_number=sides.source.number,
            by=by,
        )
    return Imported(found, revision, is_confirmed, is_behind)


def _sides(document: Document, language: Language) -> _Sides:
    editions = {
        edition.language: edition
        for edition in Edition.objects.filter(
            document=document, language__in=[SOURCE.code, language.code]
        ).select_related("document", "latest_revision__source_revision")
    }
    source = editions.get(SOURCE.code)
    if source is None or source.latest_revision is None or language is SOURCE:
        raise NotPublishableError("there is nothing to translate")
    edition = editions.get(language.code)
    stale = _stale(source.latest_revision, edition)
    return _Sides(document, language, source.latest_revision, edition, stale)


def _stale(source: Revision, edition: Edition | None) -> dict[tuple[str, str], str]:
    latest = edition.latest_revision if edition else None
    base = made_from(edition, latest) if edition and latest else None
    if edition is None or latest is None or base is None:
        return {}
    changed = changed_texts(
        edition.document.kind,
        source.structure or {},
        before=base.texts,
        now=source.texts,
        translated=latest.texts,
    )
    return {(uuid, field): base.texts[uuid][field] for uuid, field in changed}


def _texts(sides: _Sides) -> list[Text]:
    """The texts of the parts that are not withdrawn, in order."""
    places = dict.fromkeys(sides.structure, 0)
    found = []
    for kind, part in ordered_parts(sides.document.kind, sides.structure):
        places[kind.name] += 1
        for field, markup in kind.texts.items():
            uuid = part["uuid"]
            found.append(
                Text(
                    uuid=uuid,
                    field=field,
                    name=_name(kind, field, places[kind.name]),
                    markup=markup,
                    longest=kind.model._meta.get_field(field).max_length or 0,
                    source=sides.source.texts.get(uuid, {}).get(field, ""),
                    translation=sides.texts.get(uuid, {}).get(field, ""),
                    translated_from=sides.stale.get((uuid, field), ""),
                )
            )
    return found


def _name(kind: PartKind, field: str, place: int) -> str:
    """A field's name, such as "History 2 – event"."""
    options = kind.model._meta
    number = f" {place}" if kind.is_ordered else ""
    return f"{capfirst(options.verbose_name)}{number} – {options.get_field(field).verbose_name}"


def _exported(sides: _Sides, number: int) -> Texts | None:
    """The translation as a file's header says it was exported."""
    if number == 0:
        return {}
    if sides.latest is not None and sides.latest.number == number:
        return sides.latest.texts
    revision = Revision.objects.filter(edition=sides.edition, number=number).first()
    return revision.texts if revision else None


def _save(sides: _Sides, found: list[Verdict], by: User, *, is_behind: bool) -> Revision | None:
    taken: dict[str, dict[str, str]] = {}
    for verdict in found:
        if verdict.fate is Fate.TAKEN:
            name = column(verdict.field, sides.language)
            taken.setdefault(verdict.uuid, {})[name] = verdict.came
    if not taken:
        return None
    for kind in PARTS[sides.document.kind]:
        for row in kind.active_rows(sides.document).values("uuid", "pk"):
            if values := taken.get(str(row["uuid"])):
                working.update(kind.model, row["pk"], values)
    saved = save_revision(
        document=sides.document,
        by=by,
        seen_source=sides.source.number,
        not_in_sync=[sides.language] if is_behind else [],
    )
    return saved.get(sides.language)


def _all_refused(found: list[Verdict], error: ContentError) -> list[Verdict]:
    reasons = tuple(problem.message for problem in error.problems)
    return [
        verdict._replace(fate=Fate.REFUSED, reasons=reasons)
        if verdict.fate is Fate.TAKEN
        else verdict
        for verdict in found
    ]
