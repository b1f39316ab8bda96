"""Loading the registry, against `csv.reader` plus one `executemany` of the same rows."""

import csv
import sqlite3
from pathlib import Path

from django.conf import settings

from benchmarks.timing import Measured, in_turns
from ports.models import Assignment, Port, Snapshot
from ports.port_rows import fill_ports
from ports.registry import refresh as refreshing
from ports.registry.fetch import fetch
from ports.registry.records import COLUMNS

ROUNDS = 7


def run(source: str) -> list[tuple[str, Measured]]:
    """First load, repeats, against the floor; on SQLite."""
    with fetch(source) as body:
        floor = _Floor(body.path)
        first = in_turns(
            floor.load,
            lambda: refreshing.refresh(body),
            rounds=ROUNDS,
            before_floor=floor.prepare,
            before_measured=_forget_registry,
        )
        repeat = in_turns(
            floor.load,
            lambda: refreshing.refresh(body),
            rounds=ROUNDS,
            before_floor=floor.prepare,
        )
        # The same rows in a file with other bytes: every record is read and compared.
        with body.path.open("rb") as original:
            rows = original.read()
        other = body.path.with_name("other.csv")
        other.write_bytes(rows.replace(b"\r\n", b"\n"))
        with fetch(str(other)) as other_body:
            bodies = [other_body, body]

            def compare() -> None:
                bodies.reverse()
                refreshing.refresh(bodies[0])

            compared = in_turns(floor.load, compare, rounds=ROUNDS, before_floor=floor.prepare)
    return [
        ("first load of the registry", first),
        ("repeat, the same file", repeat),
        ("repeat, the same records in another file", compared),
    ]


class _Floor:
    """The least that loading the rows can cost."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = settings.STATE_DIR / "floor.sqlite3"

    def prepare(self) -> None:
        for path in settings.STATE_DIR.glob("floor.sqlite3*"):
            path.unlink()
        connection = sqlite3.connect(self.database)
        connection.execute("PRAGMA journal_mode=WAL")
        columns = ", ".join(f"c{index} TEXT" for index in range(len(COLUMNS)))
        connection.execute(f"CREATE TABLE registry (id INTEGER PRIMARY KEY, {columns})")
        connection.close()

    def load(self) -> None:
        connection = sqlite3.connect(self.database)
        with self.path.open(encoding="utf-8", newline="") as lines, connection:
            rows = csv.reader(lines)
            next(rows)
            names = ", ".join(f"c{index}" for index in range(len(COLUMNS)))
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO registry ({names}) VALUES ({marks})", rows)  # noqa: S608
        connection.close()


def _forget_registry() -> None:
    """The database as `migrate` leaves it."""
    Assignment.objects.all().delete()
    Snapshot.objects.all().delete()
    Port.objects.all().delete()
    fill_ports()
