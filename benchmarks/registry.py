"""Loading the registry, against `csv.reader` plus one bulk insert of the same rows.

The bulk insert is `executemany` on SQLite and COPY on PostgreSQL. It is measured into two tables:
the one that holds the registry, with its constraints and indexes, which is the floor; and for
comparison a bare one of the twelve columns as text.
"""

import csv
import os
from collections.abc import Iterator
from operator import concat
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from benchmarks.timing import Measured, in_turns
from ports.models import Assignment, RefreshRun, RegistryChange, RegistryFile, Snapshot
from ports.registry import store
from ports.registry.cells import read_alias
from ports.registry.fetch import Body, digest, fetch
from ports.registry.parse import parse
from ports.registry.records import Record
from ports.registry.refresh import refresh
from ports.registry.status import Statuses, record_status

ROUNDS = 7
_DERIVED = ("first_port", "last_port", "occurrence")
SAMPLES = (
    "iana-service-names-port-numbers-2024-04-30.csv",
    "iana-service-names-port-numbers-2026-07-23.csv",
)


def run(older: Path, newer: Path) -> Iterator[tuple[str, Measured]]:
    """First load, repeats and a difference, against the floor; in a database that is emptied."""
    before, after = (Body(path, digest(path), str(path)) for path in (older, newer))
    floor = _Floor(newer)
    bare = _Floor(newer, bare=True)
    yield (
        "csv.reader and one bulk insert, bare table",
        in_turns(
            floor.load,
            bare.load,
            rounds=ROUNDS,
            before_floor=floor.prepare,
            before_measured=bare.prepare,
        ),
    )
    yield (
        "first load of the registry",
        in_turns(
            floor.load,
            lambda: refresh(after),
            rounds=ROUNDS,
            before_floor=floor.prepare,
            before_measured=empty,
        ),
    )

    def fetch_again() -> None:
        with fetch(str(newer)) as body:
            if body:
                refresh(body)

    yield (
        "the same file again, fetched and not applied",
        in_turns(floor.load, fetch_again, rounds=ROUNDS, before_floor=floor.prepare),
    )
    # The same rows in a file with other bytes: every row is compared.
    other = newer.with_name("other-bytes.csv")
    if os.access(newer.parent, os.W_OK):
        header, first, second, *rows = newer.read_bytes().split(b"\r\n")
        other.write_bytes(b"\r\n".join([header, second, first, *rows]))
        yield (
            "the same rows in another file",
            in_turns(
                floor.load,
                lambda: refresh(Body(other, digest(other), str(other))),
                rounds=ROUNDS,
                before_floor=floor.prepare,
            ),
        )
    if older != newer:
        yield (
            "the difference of two years",
            in_turns(
                floor.load,
                lambda: refresh(after),
                rounds=ROUNDS,
                before_floor=floor.prepare,
                before_measured=lambda: refresh(before, accepting=True),
            ),
        )


def empty() -> None:
    """Take the registry away, as `migrate` leaves the database."""
    with transaction.atomic():
        for model in (RefreshRun, RegistryChange, Assignment, Snapshot, RegistryFile):
            model._default_manager.all()._raw_delete("default")
        store.apply_statuses(store.stored_statuses(), Statuses())
    with connection.cursor() as cursor:
        # No row that was deleted here before is to stand in the way of a first load.
        cursor.execute("VACUUM")


class _Floor:
    """The least that loading the rows can cost: one bulk insert of what `csv.reader` reads.

    Into a table like the registry's own, with its constraints and indexes, and with what is derived
    from each row given; or into a bare one of the cells alone.
    """

    def __init__(self, path: Path, *, bare: bool = False) -> None:
        self.path = path
        self.bare = bare
        with path.open(encoding="utf-8", newline="") as lines:
            records = [row for row in parse(lines) if isinstance(row, Record)]
        fields = [name for name in Record._fields if name not in _DERIVED]
        self.names = fields if bare else [*fields, *_DERIVED, "status", "alias_of"]
        self.derived = [
            []
            if bare
            else [
                *(getattr(record, name) for name in _DERIVED),
                record_status(record).value,
                read_alias(record.assignment_notes),
            ]
            for record in records
        ]

    def prepare(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS floor")
            for statement in self._statements(cursor):
                cursor.execute(statement)

    def load(self) -> None:
        columns = ", ".join(self.names)
        with (
            self.path.open(encoding="utf-8", newline="") as lines,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cells = csv.reader(lines)
            next(cells)
            rows = map(concat, cells, self.derived)
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY floor ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(self.names))
                connection.connection.executemany(
                    f"INSERT INTO floor ({columns}) VALUES ({marks})",  # noqa: S608
                    rows,
                )

    def _statements(self, cursor: CursorWrapper) -> list[str]:
        own = Assignment._meta.db_table
        if self.bare:
            key = "BIGSERIAL" if connection.vendor == "postgresql" else "INTEGER"
            columns = ", ".join(f"{name} TEXT" for name in self.names)
            return [f"CREATE TABLE floor (id {key} PRIMARY KEY, {columns})"]
        if connection.vendor == "postgresql":
            return [f"CREATE TABLE floor (LIKE {own} INCLUDING ALL)"]
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [own]
        )
        return [
            sql.replace(f'"{own}"', '"floor"').replace(' INDEX "', ' INDEX "floor_')
            for (sql,) in cursor.fetchall()
        ]


def files(samples: Path, bundled: Path) -> tuple[Path, Path]:
    """The two files to measure with: IANA's where they are, or else the bundled one twice."""
    older, newer = (samples / name for name in SAMPLES)
    return (older, newer) if older.is_file() and newer.is_file() else (bundled, bundled)
