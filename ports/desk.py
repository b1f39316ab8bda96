"""What waits for an editor: the editions and work items that somebody with their roles should see.

The most pressing first: what many people read, what matters much, what has waited long.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from heapq import nlargest
from typing import Any, Final, NamedTuple

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ports import roles
from ports.languages import SOURCE, Language, by_code
from ports.models import Document, Edition, PageReads, Usage, User, WorkItem
from ports.roles import Deed

MOST: Final = 50
READS_DAYS: Final = 28

_Work = Edition.Work
_MEDIUM: Final = WorkItem.Severity.MEDIUM.value
_DOCUMENT: Final = (
    "document__kind",
    "document__port_id",
    "document__usage_id",
    "document__gloss_id",
    "document__usage__name",
    "document__usage__first_port",
    "document__usage__last_port",
    "document__gloss__service_name",
)


class Waiting(NamedTuple):
    """Something that waits for somebody: about what, in which language, what to do, since when.

    `reads` is how often the pages it stands on were read lately, in its language, or in all
    languages for an English text, which all others follow.
    """

    name: str
    language: Language
    what: str
    since: datetime
    address: str
    reads: int
    due_on: date | None


class Desk(NamedTuple):
    """The most pressing of what waits for somebody, and how much it is in all."""

    waiting: list[Waiting]
    in_all: int


def desk_of(user: User) -> Desk:
    """What waits for somebody, the most pressing first, at most MOST of it. Three queries."""
    reads, now = _Reads(), timezone.now()
    found = [*_editions(user), *_items(user)]

    def pressing(candidate: _Candidate) -> tuple[int, timedelta]:
        """Reads times severity times age in days; what has waited longer first."""
        age = now - candidate.since
        read = reads.of(candidate.document, candidate.code)
        return (1 + read) * candidate.severity * (1 + age.days), age

    first = nlargest(MOST, found, key=pressing)
    return Desk([_waiting(each, reads) for each in first], len(found))


def waiting_for(user: User) -> list[Waiting]:
    """What waits for somebody, the most pressing first, at most MOST of it."""
    return desk_of(user).waiting


class _Candidate(NamedTuple):
    """What may be listed: there may be tens of thousands, of which a few are.

    `item` is the primary key of a work item, None for an edition; `document` has the columns that
    _DOCUMENT names.
    """

    code: str
    what: str
    since: datetime
    severity: int
    due_on: date | None
    item: int | None
    document: tuple[Any, ...]


def _editions(user: User) -> Iterator[_Candidate]:
    """The texts on their way to readers whose next step is this person's."""
    writes, reviews, publishes = (_codes(user, deed) for deed in Deed)
    # Translators: these three are what an editor is to do with a text.
    reasons = {
        _("Change what the reviewer asks for"): Q(
            work=_Work.CHANGES_REQUESTED.value, language__in=writes
        ),
        pgettext("what to do", "Review"): Q(work=_Work.IN_REVIEW.value, language__in=reviews)
        & ~Q(latest_revision__created_by=user),
        pgettext("what to do", "Publish"): Q(
            work=_Work.APPROVED.value, language__in=publishes, scheduled_revision=None
        )
        & (Q(live_revision=None) | ~Q(live_revision=F("latest_revision"))),
    }
    told = [*reasons]
    rows = (
        Edition.objects.annotate(
            reason=Case(
                *(When(where, then=Value(place)) for place, where in enumerate(reasons.values())),
                output_field=IntegerField(),
            )
        )
        .filter(reason__isnull=False)
        .values_list("reason", "language", "latest_revision__created_at", *_DOCUMENT)
    )
    for reason, code, since, *document in rows.iterator():
        yield _Candidate(code, told[reason], since, _MEDIUM, None, None, tuple(document))


def _items(user: User) -> Iterator[_Candidate]:
    """The open work items in this person's languages that are nobody else's."""
    codes = {code for deed in Deed for code in _codes(user, deed)}
    rows = (
        WorkItem.objects.filter(outcome="", language__in=codes)
        .filter(Q(owner=None) | Q(owner=user))
        .order_by()
        .values_list("pk", "kind", "severity", "due_on", "language", "opened_at", *_DOCUMENT)
    )
    told = {kind.value: str(kind.label) for kind in WorkItem.Kind}
    for pk, kind, severity, due_on, code, since, *document in rows.iterator():
        yield _Candidate(code, told[kind], since, severity, due_on, pk, tuple(document))


def _waiting(candidate: _Candidate, reads: "_Reads") -> Waiting:
    name, pk, kind = _about(candidate.document)
    if candidate.item is None:
        address = reverse(f"admin:ports_{kind}_publishing", args=[pk])
    else:
        address = reverse("admin:ports_workitem_change", args=[candidate.item])
    return Waiting(
        name=name,
        language=by_code(candidate.code) or SOURCE,
        what=candidate.what,
        since=candidate.since,
        address=address,
        reads=reads.of(candidate.document, candidate.code),
        due_on=candidate.due_on,
    )


class _Reads:
    """How often the pages that documents stand on were read lately."""

    def __init__(self) -> None:
        since = timezone.now().date() - timedelta(days=READS_DAYS)
        spans = Usage.objects.filter(
            first_port__lte=OuterRef("port_id"), last_port__gte=OuterRef("port_id")
        )
        documents = Document.objects.filter(port=OuterRef("port_id"))
        rows = (
            PageReads.objects.filter(day__gte=since)
            .filter(Exists(documents) | Exists(spans))
            .values_list("port_id", "language")
            .annotate(reads=Sum("count"))
            .order_by()
        )
        # By port and language code; "" is all languages.
        self._of_pages: dict[int, dict[str, int]] = defaultdict(lambda: {"": 0})
        for port, language, count in rows:
            page = self._of_pages[port]
            page[language] = count
            page[""] += count

    def of(self, document: tuple[Any, ...], code: str) -> int:
        """Those of a document, given by its columns; a gloss stands on too many pages to say."""
        _kind, port, _usage, _gloss, _name, first, last, _service = document
        if port is not None:
            return self._of_page(port, code)
        if first is None:
            return 0
        if last - first > len(self._of_pages):
            numbers = [number for number in self._of_pages if first <= number <= last]
        else:
            numbers = [number for number in range(first, last + 1) if number in self._of_pages]
        return sum(self._of_page(number, code) for number in numbers)

    def _of_page(self, number: int, code: str) -> int:
        page = self._of_pages.get(number, {})
        return page.get("" if code == SOURCE.code else code, 0)


def _codes(user: User, deed: Deed) -> list[str]:
    return [language.code for language in roles.languages(user, deed)]


def _about(document: tuple[Any, ...]) -> tuple[str, int, str]:
    """The name of what a document is about, its primary key, and the document's kind."""
    kind, port, usage, gloss, usage_name, _first, _last, service_name = document
    name, pk = {
        Document.Kind.PORT: (str(port), port),
        Document.Kind.USAGE: (usage_name, usage),
        Document.Kind.GLOSS: (service_name, gloss),
    }[kind]
    return name, pk, kind
