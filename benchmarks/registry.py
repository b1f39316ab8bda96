"""Loading the registry, against `csv.reader` plus one `executemany` of the same rows."""

import csv
import shutil
import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.timing import Measured, in_turns
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
            before_measured=_NewDatabase().prepare,
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


class _NewDatabase:
    """The database as `migrate` leaves it, as often as wanted."""

    def __init__(self) -> None:
        self.path = Path(settings.DATABASES["default"]["NAME"])
        self.template = self.path.with_suffix(".new")
        self._remove()
        call_command("migrate", verbosity=0)
        connection.close()
        shutil.copyfile(self.path, self.template)

    def prepare(self) -> None:
        self._remove()
        shutil.copyfile(self.template, self.path)
        connection.ensure_connection()

    def _remove(self) -> None:
        connection.close()
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.unlink()
