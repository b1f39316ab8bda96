"""Writing a state of the registry to the database: all the SQL there is, and only what differs."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from enum import Enum
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q
from django.db.models.functions import Lower

from ports.models import Assignment, Port, RegistryChange, Snapshot
from ports.registry.cells import read_alias
from ports.registry.changes import Change
from ports.registry.diff import Difference
from ports.registry.records import Key, Record, Status, Transport
from ports.registry.status import PortStatuses, Statuses, record_statuses


class Lock(Enum):
    """What is done by one at a time; as numbers that only these locks use."""

    REFRESH = 0x706F727473
    REQUESTS = 0x706F727474


_COLUMNS = (*Record._fields, "status", "alias_of")
_NOTES = attrgetter("assignment_notes")
type Value = str | int | None

# Looked up, since an enumeration's own `value` is slow; and drivers want plain strings.
_STATUS_VALUES = {status: str(status.value) for status in Status}
_STATUS_FIELDS = tuple(f"{transport.value}_status" for transport in Transport)


def lock(name: Lock = Lock.REFRESH) -> None:
    """Let one at a time go on until the end of the transaction.

    SQLite's transactions are IMMEDIATE and exclude each other as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [name.value])


def stored_records() -> Iterator[tuple[int, Record]]:
    """Every stored record with its id, in no order."""
    rows = Assignment.objects.order_by().values_list("id", *Record._fields)
    for pk, *cells in rows.iterator(chunk_size=1000):
        yield pk, Record._make(cells)


def covering(numbers: Set[int]) -> list[Record]:
    """The stored records whose ports include any of `numbers`."""
    if not numbers:
        return []
    spans = Q(first_port__lt=F("last_port"))
    rows = (
        Assignment.objects.order_by()
        .filter(
            Q(first_port__in=numbers)
            | spans & Q(first_port__lte=max(numbers), last_port__gte=min(numbers))
        )
        .values_list(*Record._fields)
    )
    return [record for row in rows if not numbers.isdisjoint((record := Record(*row)).ports)]


def find_records(records: Collection[Record]) -> dict[Record, int]:
    """The ids of the stored records with the name, port cell and transport of these, whichever."""
    alike = {(record.service_name, record.port_cell, record.transport) for record in records}
    # By port or by name: for two lists at once, databases try every pair of them.
    ports = {record.first_port for record in records if record.first_port is not None}
    names = {name.lower() for name, port_cell, _transport in alike if not port_cell}
    rows = (
        Assignment.objects.order_by()
        .alias(name_lower=Lower("service_name"))
        .filter(Q(first_port__in=ports) | Q(first_port=None, name_lower__in=names))
        .values_list(*Record._fields, "id")
    )
    return {
        Record(*row): pk
        for *row, pk in rows
        if (row[0], row[1], row[4]) in alike  # name, port cell and transport
    }


def apply(difference: Difference, *, ids: Mapping[Key, int], records: Mapping[Key, Record]) -> None:
    """Write the records that differ, and no other row.

    `ids` has the stored records that go or change, `records` those that come or have changed. A
    record that changed is written anew under its id.
    """
    with connection.cursor() as cursor:
        if ids:
            cursor.execute(
                f"DELETE FROM {_table(Assignment)} WHERE id {_among()}",  # noqa: S608
                [_several(ids.values())],
            )
        modified = _rows([records[key] for key in difference.modified])
        _insert(
            cursor,
            Assignment,
            ("id", *_COLUMNS),
            ((ids[key], *row) for key, row in zip(difference.modified, modified, strict=True)),
        )
        _insert(cursor, Assignment, _COLUMNS, _rows([records[key] for key in difference.added]))


def _rows(records: Sequence[Record]) -> Iterator[tuple[Value, ...]]:
    """Records as they are stored, with what is derived from each."""
    derived = zip(*_derived(records), strict=True)
    return ((*record, *more) for record, more in zip(records, derived, strict=True))


def _derived(records: Sequence[Record]) -> tuple[Iterable[str], Iterable[str]]:
    """The status of each record, and the service that it is an alias of."""
    return (
        map(_STATUS_VALUES.__getitem__, record_statuses(records)),
        [
            read_alias(record.assignment_notes) if record.assignment_notes else ""
            for record in records
        ],
    )


def _insert(
    cursor: CursorWrapper,
    model: type[Any],
    columns: Sequence[str],
    rows: Iterable[tuple[Value, ...]],
) -> None:
    """Insert rows the quickest way there is, one by one as they are made."""
    listed = ", ".join(map(connection.ops.quote_name, columns))
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {_table(model)} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        # The driver's own: Django's would first make a list of them.
        connection.connection.executemany(
            f"INSERT INTO {_table(model)} ({listed}) "  # noqa: S608 - the table's own name
            f"VALUES ({', '.join('?' * len(columns))})",
            rows,
        )


def _among() -> str:
    """That a number is among several, given as one value: thousands could not be bound each."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)"
    return "IN (SELECT value FROM json_each(%s))"


def _several(numbers: Iterable[int]) -> list[int] | str:
    """Numbers as the value that `_among` compares with."""
    return [*numbers] if connection.vendor == "postgresql" else json.dumps([*numbers])


def tell(changes: Iterable[Change], snapshot: Snapshot) -> None:
    """Record what changed with a snapshot."""
    fields = (
        "kind",
        "service_name",
        "former_name",
        "port_cell",
        "first_port",
        "last_port",
        "transport",
    )
    rows = [
        (
            snapshot.pk,
            *(getattr(change, field) for field in fields),
            _as_json(change.before),
            _as_json(change.after),
        )
        for change in changes
    ]
    with connection.cursor() as cursor:
        _insert(cursor, RegistryChange, ("snapshot_id", *fields, "before", "after"), rows)


def _as_json(records: Iterable[Record]) -> str:
    return json.dumps([record.cells for record in records])


def derive_again() -> None:
    """Bring what is derived from each stored record up to today's rules."""
    with connection.cursor() as cursor:
        columns = Assignment.objects.order_by().values_list(
            *Record._fields, "status", "alias_of", "id"
        )
        cursor.executemany(
            f"UPDATE {_table(Assignment)} SET status = %s, alias_of = %s WHERE id = %s",  # noqa: S608
            [
                (*derived, pk)
                for *cells, status, alias_of, pk in columns.iterator()
                for derived in zip(*_derived([Record(*cells)]), strict=True)
                if derived != (status, alias_of)
            ],
        )


def stored_statuses(numbers: Collection[int] | None = None) -> Statuses:
    """The stored statuses of these ports, or of all of which the registry says something."""
    ports = Port.objects.with_records() if numbers is None else Port.objects.filter(pk__in=numbers)
    return Statuses(
        (number, PortStatuses(*map(Status, values)))
        for number, *values in ports.order_by().values_list("number", *_STATUS_FIELDS)
    )


def apply_statuses(before: Statuses, after: Statuses) -> int:
    """Write the statuses that differ; return of how many ports."""
    changed: dict[PortStatuses, list[int]] = defaultdict(list)
    for number in before.keys() | after.keys():
        if after[number] != before[number]:
            changed[after[number]].append(number)
    values = ", ".join(f"{field} = %s" for field in _STATUS_FIELDS)
    # A statement for each combination of statuses, of which there are few. In the order of the
    # numbers, which is that of the rows.
    with connection.cursor() as cursor:
        for statuses, numbers in changed.items():
            cursor.execute(
                f"UPDATE {_table(Port)} SET {values} WHERE number {_among()}",  # noqa: S608
                [*(_STATUS_VALUES[status] for status in statuses), _several(sorted(numbers))],
            )
    return sum(map(len, changed.values()))


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
