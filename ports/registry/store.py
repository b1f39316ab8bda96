"""Writing a state of the registry to the database: all the SQL there is, and only what differs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypedDict

from django.db import connection

from ports.models import Assignment, Port
from ports.registry.diff import Difference
from ports.registry.records import LAST_PORT, Key, PortRange, Record, Status, Transport
from ports.registry.status import PortStatuses, Statuses, default_status, record_status

BLOCK_SIZE = 256
"""Ports per block in the statistics of how the port space is filled."""

# Any number that only this lock uses.
_LOCK = 0x706F727473

_COLUMNS = (*Record._fields, "status", "fingerprint")
_STATUS_FIELDS = tuple(f"{transport.value}_status" for transport in Transport)


class Statistics(TypedDict):
    """The figures that pages show of a state of the registry.

    `named_ports`: how many ports have a named record, by range. `statuses`: how many ports have a
    status on TCP or UDP, by range and status. `services`: how many distinct service names there
    are. `blocks`: how many ports with a named record are in each block of BLOCK_SIZE ports, from
    port 0 up.
    """

    named_ports: dict[str, int]
    statuses: dict[str, dict[str, int]]
    services: int
    blocks: list[int]


class Stored(NamedTuple):
    """A stored record, as comparing needs it."""

    id: int
    fingerprint: str
    status: str


def lock() -> None:
    """Let one refresh at a time go on until the end of the transaction.

    SQLite's transactions are IMMEDIATE and exclude each other as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def stored_records() -> dict[Key, Stored]:
    """The stored records' ids, fingerprints and statuses, by key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT service_name, port_cell, transport, occurrence, id, fingerprint, status "  # noqa: S608
            f"FROM {_table(Assignment)}"
        )
        return {Key(*row[:4]): Stored(*row[4:]) for row in cursor.fetchall()}


def apply(
    difference: Difference,
    *,
    stored: Mapping[Key, Stored],
    records: Mapping[Key, Record],
    fingerprints: Mapping[Key, str],
) -> None:
    """Write the records that differ, and no other row."""
    table = _table(Assignment)

    def row(key: Key) -> tuple[str | int | None, ...]:
        return (*records[key], record_status(records[key]).value, fingerprints[key])

    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM {table} WHERE id = %s",  # noqa: S608 - the table's own name
            [(stored[key].id,) for key in difference.removed],
        )
        cursor.executemany(
            f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in _COLUMNS)} "  # noqa: S608
            "WHERE id = %s",
            [(*row(key), stored[key].id) for key in difference.modified],
        )
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(_COLUMNS)}) "  # noqa: S608
            f"VALUES ({', '.join(['%s'] * len(_COLUMNS))})",
            [row(key) for key in difference.added],
        )


def apply_record_statuses(*, stored: Mapping[Key, Stored], records: Mapping[Key, Record]) -> None:
    """Write the status of the records that today's rules read otherwise than those of then."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_table(Assignment)} SET status = %s WHERE id = %s",  # noqa: S608
            [
                (status, stored[key].id)
                for key, record in records.items()
                if key in stored and stored[key].status != (status := record_status(record).value)
            ],
        )


def apply_statuses(statuses: Statuses) -> int:
    """Write the statuses that differ from the stored ones; return of how many ports."""
    stored = Statuses(
        (number, PortStatuses(*values))
        for number, *values in Port.objects.with_records().values_list("number", *_STATUS_FIELDS)
    )
    changed = [
        (*statuses[number], number)
        for number in stored.keys() | statuses.keys()
        if statuses[number] != stored[number]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_table(Port)} "  # noqa: S608
            f"SET {', '.join(f'{field} = %s' for field in _STATUS_FIELDS)} WHERE number = %s",
            changed,
        )
    return len(changed)


def statistics(records: Iterable[Record], statuses: Statuses) -> Statistics:
    """The figures of a state of the registry, given as its records and the statuses they make."""
    named: set[int] = set()
    services: set[str] = set()
    for record in records:
        if record.service_name:
            services.add(record.service_name.lower())
            named.update(record.ports)
    blocks = Counter(number // BLOCK_SIZE for number in named)
    return {
        "named_ports": {
            port_range.value: sum(
                1 for number in named if port_range.first <= number <= port_range.last
            )
            for port_range in PortRange
        },
        "statuses": {
            port_range.value: _status_counts(port_range, statuses) for port_range in PortRange
        },
        "services": len(services),
        "blocks": [blocks[block] for block in range((LAST_PORT + 1) // BLOCK_SIZE)],
    }


def _status_counts(port_range: PortRange, statuses: Statuses) -> dict[str, int]:
    """How many ports of a range have each status on TCP or UDP; a port may count for two."""
    told = [n for n in statuses if port_range.first <= n <= port_range.last]
    counts = Counter(status.value for n in told for status in {statuses[n].tcp, statuses[n].udp})
    counts[default_status(port_range.first)] += port_range.last - port_range.first + 1 - len(told)
    return {status.value: counts[status.value] for status in Status}


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
