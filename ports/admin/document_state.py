"""Where a document stands in each language, for its editors."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ports.editorial.differences import Change, Difference, differences
from ports.editorial.in_words import field_name, part_name
from ports.editorial.parts import Structure, kind_of_part
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Document, Edition, Revision


@dataclass(frozen=True, slots=True)
class NamedDifference:
    """A difference in words: which part, which field."""

    part: str
    field: str
    change: Change
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EditionState:
    """An edition: what is live, what was saved last, and what differs between the two."""

    edition: Edition
    language: Language
    latest: Revision
    live: Revision | None
    differences: list[NamedDifference]

    @property
    def differs(self) -> bool:
        """Whether publishing would change what readers see."""
        return self.live is None or self.live.digest != self.latest.digest

    @property
    def work(self) -> str:
        """How far the latest revision has come."""
        return self.edition.work

    @property
    def is_planned(self) -> bool:
        """Whether it is to go live, or to end, at some time."""
        return bool(self.edition.live_from or self.edition.live_until)


@dataclass(frozen=True, slots=True)
class Editions:
    """A document, if anything was ever saved of it, and its editions by language code."""

    document: Document | None = None
    by_language: dict[str, Edition] = field(default_factory=dict)


def editions_of(
    document_kind: str, pk: int | None, languages: Collection[Language] = LANGUAGES
) -> Editions:
    """The editions of the document about a port, a usage or a gloss, in one query.

    They come with their latest and live revisions; those of some languages, where asked for.
    """
    if pk is None:
        return Editions()
    editions = Edition.objects.filter(
        **{f"document__{document_kind}": pk},
        language__in=[language.code for language in languages],
    )
    found = {
        edition.language: edition
        for edition in editions.select_related(
            "document",
            "latest_revision__created_by",
            "live_revision__created_by",
            "scheduled_revision",
        )
    }
    return Editions(next((edition.document for edition in found.values()), None), found)


def edition_states(editions: Editions) -> list[EditionState]:
    """The editions that hold something, in the order of the site's languages."""
    document = editions.document
    if document is None:
        return []
    by_language = editions.by_language
    source = by_language.get(SOURCE.code)
    order = (source.latest_revision.structure if source and source.latest_revision else None) or {}
    return [
        EditionState(
            edition,
            language,
            edition.latest_revision,
            edition.live_revision,
            named_differences(document, edition.live_revision, edition.latest_revision, order),
        )
        for language in LANGUAGES
        if (edition := by_language.get(language.code)) and edition.latest_revision
    ]


def named_differences(
    document: Document, before: Revision | None, after: Revision, order: Structure
) -> list[NamedDifference]:
    """What differs between two revisions of an edition, in words, in the order of a structure."""
    found = differences(
        document.kind,
        before=(before.structure or {}, before.texts) if before else ({}, {}),
        after=(after.structure or {}, after.texts),
        order=order,
    )
    return [_in_words(document, difference) for difference in found]


def _in_words(document: Document, difference: Difference) -> NamedDifference:
    kind = kind_of_part(document.kind, difference.kind)
    return NamedDifference(
        part_name(kind, difference.place),
        field_name(kind, difference.field),
        difference.change,
        difference.before,
        difference.after,
    )
