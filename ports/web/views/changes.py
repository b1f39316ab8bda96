"""What changed in the registry, by snapshot and by month."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ports import sentences
from ports.change_facts import MOST_TOGETHER, ToldChange, told
from ports.languages import Language
from ports.models import RegistryChange, Snapshot
from ports.models.registry_change import RegistryChangeQuerySet
from ports.registry.changes import ChangeKind
from ports.registry.records import PortRange, Transport
from ports.web import feeds
from ports.web.errors import problem
from ports.web.filters import InvalidFilterError, choice, month, page_number, row_id
from ports.web.page import page

PAGE_SIZE = 100
MOST_SNAPSHOTS = 60
"""How many snapshots there are to choose from at once; a month chosen shows those in it."""


class Filters(NamedTuple):
    """What the reader chose; None or "": everything."""

    month: str
    snapshot: int | None
    kind: ChangeKind | None
    transport: Transport | None
    range: PortRange | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        """The filters in an address; raises InvalidFilterError."""
        return cls(
            month=month(request, "month"),
            snapshot=row_id(request, "snapshot"),
            kind=choice(request, "kind", ChangeKind),
            transport=choice(request, "transport", Transport),
            range=choice(request, "range", PortRange),
        )

    @property
    def query(self) -> str:
        """The filters as they stand in the address."""
        return urlencode({name: value for name, value in self._asdict().items() if value})

    def chosen(self) -> RegistryChangeQuerySet:
        """The changes that the filters leave, newest first."""
        changes = RegistryChange.objects.newest_first()
        if self.month:
            changes = changes.filter(snapshot__names_as_of__startswith=self.month)
        if self.snapshot is not None:
            changes = changes.filter(snapshot=self.snapshot)
        if self.kind:
            changes = changes.filter(kind=self.kind)
        if self.transport:
            changes = changes.filter(transport=self.transport)
        return changes.in_range(self.range) if self.range else changes


class State(NamedTuple):
    """A state of the registry, and how many changes of each kind were seen in it."""

    snapshot: Snapshot
    counts: dict[ChangeKind, int]

    @property
    def labelled_counts(self) -> list[tuple[str, int]]:
        """The counts with the kinds' names, in the kinds' order."""
        return [
            (str(kind.label), self.counts[ChangeKind(kind)])
            for kind in RegistryChange.Kind
            if ChangeKind(kind) in self.counts
        ]


class Group(NamedTuple):
    """The changes of a state that stand on a page."""

    state: State
    changes: list[ToldChange]


@require_safe
def changes(request: HttpRequest, language: Language) -> HttpResponse:
    """A page of the list of changes."""
    try:
        filters = Filters.of(request)
        number = page_number(request)
    except InvalidFilterError as error:
        return problem(request, status=400, title=_("Address not understood"), message=str(error))
    listed = Paginator(filters.chosen(), PAGE_SIZE).get_page(number)
    states = _states()
    query = filters.query
    return page(
        request,
        language,
        "ports/changes.html",
        {
            "feeds": feeds.of_all_ports(language),
            "filters": filters,
            "months": list(dict.fromkeys(s.snapshot.names_as_of[:7] for s in states.values())),
            "snapshots": _to_choose_from(states, filters),
            "kinds": RegistryChange.Kind.choices,
            "transports": list(Transport),
            "ranges": [(value, sentences.range_name(value)) for value in PortRange],
            "listed": listed,
            "groups": _grouped(_told_on(filters.chosen(), listed.start_index()), states),
            "page_query": f"{query}&" if query else "",
            "kept_since": Snapshot.objects.authoritative().order_by("id").first(),
            "snapshot": Snapshot.objects.current(),
        },
        query="&".join(filter(None, [query, f"page={listed.number}" if listed.number > 1 else ""])),
    )


def _told_on(chosen: RegistryChangeQuerySet, start: int) -> list[ToldChange]:
    """What is told on the page whose first row is the `start`-th, counted from 1.

    What is told as one stands on the page where it begins, whole.
    """
    before = max(start - 2, 0)
    rows = list(chosen.with_snapshots()[before : start - 1 + PAGE_SIZE + MOST_TOGETHER])
    own = {row.pk for row in rows[start - 1 - before :][:PAGE_SIZE]}
    return [change for change in told(rows) if change.id in own]


def _states() -> dict[int, State]:
    """The snapshots with changes, newest first, by id."""
    counted = (
        RegistryChange.objects.order_by("-snapshot_id")
        .values_list("snapshot", "snapshot__names_as_of", "snapshot__accepted_at", "kind")
        .annotate(Count("id"))
    )
    states: dict[int, State] = {}
    for pk, names_as_of, accepted_at, kind, count in counted:
        snapshot = Snapshot(pk=pk, names_as_of=names_as_of, accepted_at=accepted_at)
        state = states.setdefault(pk, State(snapshot, {}))
        state.counts[ChangeKind(kind)] = count
    return states


def _to_choose_from(states: dict[int, State], filters: Filters) -> list[Snapshot]:
    snapshots = [
        state.snapshot
        for state in states.values()
        if state.snapshot.names_as_of.startswith(filters.month)
    ]
    return [
        snapshot
        for index, snapshot in enumerate(snapshots)
        if index < MOST_SNAPSHOTS or snapshot.pk == filters.snapshot
    ]


def _grouped(told_changes: Iterable[ToldChange], states: dict[int, State]) -> list[Group]:
    return [
        Group(states[pk], list(of_one))
        for pk, of_one in groupby(told_changes, key=lambda change: change.snapshot.pk)
    ]
