"""The public history of a port's article: its versions, which are the revisions that were live.

Revisions that never were live are not in it, and neither is what stood there before it was taken
from the readers: a history begins with the first version since the last time that nothing was live.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from ports.editorial.contributors import name_of
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import PublicationEvent, Revision, WorkEvent

_Action = PublicationEvent.Action
_ENDS: Final = (_Action.UNPUBLISHED, _Action.EXPIRED)
_VERDICTS: Final = (
    WorkEvent.Action.APPROVED,
    WorkEvent.Action.APPROVED_WITHOUT_REVIEW,
    WorkEvent.Action.CHANGES_REQUESTED,
)
_BY_WEIGHT: Final = list(Revision.Significance)


class Span(NamedTuple):
    """From when until when readers saw a version; `until` is None while they do."""

    since: datetime
    until: datetime | None


@dataclass(slots=True)
class Version:
    """A revision that was live, once or again and again.

    `before` is the version that it took the place of when it went live first; None for the first.
    `authors` wrote what is new in it. `reviewed_at` is when it was approved by somebody who wrote
    none of it, and None where nobody was. `significance` says of a source version with one before
    it how much its changes matter to translations, by its value.
    """

    id: int
    number: int
    before: "Version | None"
    spans: list[Span] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    reviewed_at: datetime | None = None
    significance: str = ""

    @property
    def is_live(self) -> bool:
        return self.spans[-1].until is None


@dataclass(slots=True)
class History:
    """The versions of an edition, the one shown last first.

    `ended_at` is since when nothing is live; it then has no versions. `hides_earlier` says that
    something was taken from the readers before its first version.
    """

    language: Language
    versions: list[Version]
    ended_at: datetime | None
    hides_earlier: bool

    def version(self, number: int) -> Version | None:
        """A version by its number."""
        return next((each for each in self.versions if each.number == number), None)


class _Event(NamedTuple):
    """That an edition went live with a revision, or was taken from the readers."""

    language: str
    edition_id: int
    action: str
    revision_id: int
    number: int
    at: datetime
    live_revision_id: int | None


def histories(number: int, language: Language) -> list[History]:
    """The histories of a port's article in a language and in the source language, in this order.

    Those in which nothing ever was live are left out. Three queries.
    """
    codes = {language.code, SOURCE.code}
    rows = PublicationEvent.objects.filter(
        edition__document__port=number,
        edition__language__in=codes,
        action__in=(_Action.PUBLISHED, *_ENDS),
    ).order_by("id")
    events = [
        _Event(*row)
        for row in rows.values_list(
            "edition__language",
            "edition_id",
            "action",
            "revision_id",
            "revision__number",
            "at",
            "edition__live_revision_id",
        )
    ]
    found = [
        _history(each, [event for event in events if event.language == each.code])
        for each in sorted(LANGUAGES, key=lambda each: each is not language)
        if any(event.language == each.code for event in events)
    ]
    _tell_who_wrote(found, events)
    _tell_who_reviewed(found)
    return found


def _history(language: Language, events: list[_Event]) -> History:
    last = events[-1]
    if last.live_revision_id is None:
        return History(language, [], ended_at=last.at, hides_earlier=True)
    begin = max((i for i, event in enumerate(events, start=1) if event.action in _ENDS), default=0)
    by_number: dict[int, Version] = {}
    before: Version | None = None
    run = events[begin:]
    for event, successor in pairwise([*run, None]):
        if event is None:
            continue
        version = by_number.setdefault(
            event.number, Version(event.revision_id, event.number, before)
        )
        version.spans.append(Span(event.at, successor.at if successor else None))
        before = version
    versions = sorted(by_number.values(), key=lambda each: each.spans[-1].since, reverse=True)
    return History(language, versions, ended_at=None, hides_earlier=begin > 0)


def _tell_who_wrote(found: Iterable[History], events: Iterable[_Event]) -> None:
    """Say of each version who wrote what came after the versions before it."""
    editions = {event.language: event.edition_id for event in events}
    ever_live = {(event.edition_id, event.number) for event in events}
    rows = list(
        Revision.objects.filter(edition_id__in=editions.values())
        .order_by("number")
        .values_list(
            "edition_id",
            "number",
            "significance",
            "created_by__first_name",
            "created_by__last_name",
            "created_by__username",
        )
    )
    for history in found:
        edition = editions[history.language.code]
        for version in history.versions:
            earlier = [n for pk, n in ever_live if pk == edition and n < version.number]
            since = max(earlier, default=0)
            new = [row for row in rows if row[0] == edition and since < row[1] <= version.number]
            version.authors = list(dict.fromkeys(name_of(*row[3:]) for row in new))
            if history.language is SOURCE and version.before:
                said = (Revision.Significance(row[2]) for row in new)
                version.significance = max(said, key=_BY_WEIGHT.index).value


def _tell_who_reviewed(found: Iterable[History]) -> None:
    """Say of each version whether somebody else had approved it when it went live."""
    versions = {version.id: version for history in found for version in history.versions}
    verdicts = WorkEvent.objects.filter(revision__in=versions, action__in=_VERDICTS).order_by("id")
    for pk, action, at in verdicts.values_list("revision_id", "action", "at"):
        version = versions[pk]
        if at <= version.spans[-1].since:
            version.reviewed_at = at if action == WorkEvent.Action.APPROVED else None
