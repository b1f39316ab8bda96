"""How far a document has come in a language, in a word and a sign, and asking for it."""

from enum import StrEnum
from typing import Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.languages import Language
from ports.models import Document, Edition


class State(StrEnum):
    """A state of an edition; it may be in two of them: live, with a draft."""

    MISSING = "missing"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PLANNED = "planned"
    LIVE = "live"
    TYPO = "typo"
    MEDIUM = "medium"
    MAJOR = "major"


OUTDATED: Final = "outdated"
"""What is asked for where any of the last three will do."""


class Sign(NamedTuple):
    """How a state is shown: a sign and a word, and in the legend what it means."""

    state: State
    sign: str
    word: str | Promise
    meaning: str | Promise


# Translators: the first of each two is a short word in a narrow column of a table, for the state of
# an article in a language; the second explains it.
SIGNS: Final = {
    sign.state: sign
    for sign in (
        Sign(
            State.MISSING,
            "○",
            pgettext_lazy("state of a text", "missing"),
            _("Nothing is written in this language."),
        ),
        Sign(
            State.DRAFT,
            "✎",
            pgettext_lazy("state of a text", "draft"),
            _("The latest text has not been submitted for review."),
        ),
        Sign(
            State.IN_REVIEW,
            "…",
            pgettext_lazy("state of a text", "in review"),
            _("The latest text waits for a reviewer."),
        ),
        Sign(
            State.CHANGES_REQUESTED,
            "↩",
            pgettext_lazy("state of a text", "changes requested"),
            _("A reviewer gave the latest text back to its writers."),
        ),
        Sign(
            State.APPROVED,
            "✓",
            pgettext_lazy("state of a text", "approved"),
            _("The latest text can be published."),
        ),
        Sign(
            State.PLANNED,
            "»",
            pgettext_lazy("state of a text", "planned"),
            _("It goes live, or ends, at a time that is set."),
        ),
        Sign(
            State.LIVE,
            "●",
            pgettext_lazy("state of a text", "live"),
            _("Readers see it, in step with the English text they see."),
        ),
        Sign(
            State.TYPO,
            "◔",
            pgettext_lazy("state of a text", "live, behind by typos"),
            _("Readers see it; since it was translated, typos were corrected in English."),
        ),
        Sign(
            State.MEDIUM,
            "◑",
            pgettext_lazy("state of a text", "live, outdated"),
            _("Readers see it; the English text says more by now."),
        ),
        Sign(
            State.MAJOR,
            "◕",
            pgettext_lazy("state of a text", "live, badly outdated"),
            _("Readers see it, with a notice: the English text says something else by now."),
        ),
    )
}

_WRITTEN: Final = Q(latest_revision__isnull=False)
_LIVE: Final = Q(live_revision__isnull=False)
_DIFFERS: Final = Q(live_revision__isnull=True) | ~Q(live_revision=F("latest_revision"))
_BEHIND: Final = {
    State.TYPO: Edition.Staleness.TYPO,
    State.MEDIUM: Edition.Staleness.MEDIUM,
    State.MAJOR: Edition.Staleness.MAJOR,
}


class EditionRow(NamedTuple):
    """What of an edition says how far it has come."""

    document_id: int
    language: str
    work: str
    latest_revision_id: int | None
    live_revision_id: int | None
    staleness: str
    is_planned: bool


def states_of(edition: EditionRow | None) -> list[State]:
    """What readers see of an edition, how far its latest revision is, and whether it is planned."""
    if edition is None or edition.latest_revision_id is None:
        return [State.MISSING]
    found = []
    if edition.live_revision_id is not None:
        found.append(State(edition.staleness or State.LIVE))
    if edition.live_revision_id != edition.latest_revision_id:
        found.append(State(edition.work))
    if edition.is_planned:
        found.append(State.PLANNED)
    return found


def in_state(
    documents: QuerySet[Document], state: str, languages: list[Language]
) -> QuerySet[Document]:
    """The documents that are in a state, or OUTDATED, in one of the languages at least."""
    codes = [language.code for language in languages]
    if state == State.MISSING:
        is_written = Q(editions__language__in=codes, editions__latest_revision__isnull=False)
        written = Count("editions", filter=is_written)
        return documents.alias(written=written).filter(written__lt=len(codes))
    where = _condition(state)
    if where is None:
        return documents
    found = Edition.objects.filter(where, _WRITTEN, language__in=codes)
    return documents.filter(pk__in=found.values("document"))


def _condition(state: str) -> Q | None:
    if state == OUTDATED:
        return _LIVE & ~Q(staleness="")
    if state not in State:
        return None
    match State(state):
        case State.LIVE:
            return _LIVE & Q(staleness="")
        case State.PLANNED:
            return Q(live_from__isnull=False) | Q(live_until__isnull=False)
        case State.TYPO | State.MEDIUM | State.MAJOR as behind:
            return _LIVE & Q(staleness=_BEHIND[behind].value)
    return _DIFFERS & Q(work=state)
