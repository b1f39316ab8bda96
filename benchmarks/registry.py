"""Loading the registry, against `csv.reader` plus one bulk insert of the same rows.

The bulk insert is `executemany` on SQLite and COPY on PostgreSQL, into a table without indexes.
Run as a module it measures on the database that DATABASE_URL names, which it empties.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from benchmarks.timing import Measured, in_turns
from ports.models import Assignment, RefreshRun, RegistryChange, RegistryFile, Snapshot
from ports.registry import store
from ports.registry.fetch import Body, digest, fetch
from ports.registry.records import COLUMNS
from ports.registry.refresh import refresh
from ports.registry.status import Statuses

ROUNDS = 7
SAMPLES = (
    "iana-service-names-port-numbers-2024-04-30.csv",
    "iana-service-names-port-numbers-2026-07-23.csv",
)


def run(older: Path, newer: Path) -> Iterator[tuple[str, Measured]]:
    """First load, repeats and a difference, against the floor; in a database that is emptied."""
    before, after = (Body(path, digest(path), str(path)) for path in (older, newer))
    floor = _Floor(newer)
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
    """The least that loading the rows can cost."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names = [f"c{index}" for index in range(len(COLUMNS))]

    def prepare(self) -> None:
        columns = ", ".join(f"{name} TEXT" for name in self.names)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS floor")
            key = "BIGSERIAL" if connection.vendor == "postgresql" else "INTEGER"
            cursor.execute(f"CREATE TABLE floor (id {key} PRIMARY KEY, {columns})")

    def load(self) -> None:
        columns = ", ".join(self.names)
        with (
            self.path.open(encoding="utf-8", newline="") as lines,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            rows = csv.reader(lines)
            next(rows)
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


def files(samples: Path, bundled: Path) -> tuple[Path, Path]:
    """The two files to measure with: IANA's where they are, or else the bundled one twice."""
    older, newer = (samples / name for name in SAMPLES)
    return (older, newer) if older.is_file() and newer.is_file() else (bundled, bundled)
