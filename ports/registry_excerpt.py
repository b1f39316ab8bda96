"""The registry's records of a few ports, read together in three queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Case, F, FilteredRelation, Q, Subquery, When

from ports.models import Assignment, Port, RegistryChange, Snapshot
from ports.registry.status import PortStatuses

# What pages show of a snapshot, in the order of its columns, but for its large statistics.
_OF_SNAPSHOT = ("id", "origin", "names_as_of", "registrants_as_of")
_OF_CHANGE = tuple(column.attname for column in RegistryChange._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class RegistryExcerpt:
    """What the registry says of some ports: their rows, and the records that cover each of them.

    Records are in the registry's order. `snapshot` is None before the first was loaded. `changes`
    are those that were asked for, newest first.
    """

    ports: dict[int, Port]
    records: dict[int, list[Assignment]]
    snapshot: Snapshot | None
    changes: list[RegistryChange] = field(default_factory=list)

    def statuses(self, number: int) -> PortStatuses:
        return self.ports[number].statuses


def registry_excerpt(
    numbers: Collection[int], *, changes_of: int | str | None = None
) -> RegistryExcerpt:
    """The excerpt on these ports (each 0..65535).

    With it come, in the same queries, the changes of a port or of a service's name in any case.
    """
    ports = Port.objects.in_bulk(numbers)
    on_port = records_on(ports)
    if changes_of is None:
        return RegistryExcerpt(ports, on_port, Snapshot.objects.current())
    return RegistryExcerpt(ports, on_port, *_snapshot_and_changes(changes_of))


def records_on(numbers: Collection[int]) -> dict[int, list[Assignment]]:
    """The records that cover each of these ports, in the registry's order; in one query."""
    on_port: dict[int, list[Assignment]] = {number: [] for number in numbers}
    spans = []
    for record in Assignment.objects.covering_any(numbers):
        if record.is_span:
            spans.append(record)
        elif record.first_port in on_port:
            on_port[record.first_port].append(record)
    for number, records in on_port.items():
        records += [span for span in spans if covers(span, number)]
        records.sort(key=attrgetter("id"))
    return on_port


def covers(record: Assignment, number: int) -> bool:
    """Whether a record's ports include `number`."""
    return (
        record.first_port is not None
        and record.last_port is not None
        and record.first_port <= number <= record.last_port
    )


def _snapshot_and_changes(of: int | str) -> tuple[Snapshot | None, list[RegistryChange]]:
    """The current snapshot, and the changes of a port or service with theirs, in one query.

    Snapshots joined with these changes: the current one, which may have none of them, and those
    that have some. Which ones do is asked apart, so that an index answers it.
    """
    if isinstance(of, int):
        condition = Q(changes__first_port__lte=of, changes__last_port__gte=of)
        wanted = RegistryChange.objects.covering(of)
    else:
        condition = Q(changes__service_name__iexact=of) | Q(changes__former_name__iexact=of)
        wanted = RegistryChange.objects.of_service(of)
    is_current = Q(id=Subquery(Snapshot.objects.order_by("-id").values("id")[:1]))
    rows = (
        Snapshot.objects.alias(told=FilteredRelation("changes", condition=condition))
        .filter(is_current | Q(id__in=wanted.order_by().values("snapshot")))
        .order_by("-id", "told__id")
        .values_list(
            *_OF_SNAPSHOT,
            Case(When(is_current, then=F("statistics"))),
            *(f"told__{column}" for column in _OF_CHANGE),
        )
    )
    fields = (*_OF_SNAPSHOT, "statistics")
    current: Snapshot | None = None
    changes = []
    for row in rows:
        of_snapshot, of_change = row[: len(fields)], row[len(fields) :]
        if current is None:
            current = snapshot = Snapshot.from_db(rows.db, fields, of_snapshot)
        else:
            snapshot = Snapshot.from_db(rows.db, _OF_SNAPSHOT, of_snapshot[:-1])
        if of_change[0] is not None:
            change = RegistryChange.from_db(rows.db, _OF_CHANGE, of_change)
            change.snapshot = snapshot
            changes.append(change)
    return current, changes
