"""What is told of two years of the registry, against a list that was written by hand."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from ports.registry.changes import changed_cells, told_changes
from ports.registry.diff import compare
from ports.registry.records import Key, Record
from tests.data import traps
from tests.data.samples import sample

pytestmark = pytest.mark.any_database

LIST = Path(traps.__file__).with_name("changes-2024-2026.csv")


class Line(NamedTuple):
    """A line of the list: `level` is raw (records of the file) or told (changes)."""

    level: str
    kind: str
    service_name: str
    former_name: str
    port_cell: str
    transport: str


with LIST.open(encoding="utf-8", newline="") as file:
    LINES = [Line._make(cells) for cells in csv.reader(file)][1:]


def read(date: str) -> list[Record]:
    rows = traps.read(sample(date).read_bytes().decode())
    return [row for row in rows if isinstance(row, Record)]


@pytest.fixture(scope="module")
def before() -> list[Record]:
    return read("2024-04-30")


@pytest.fixture(scope="module")
def after() -> list[Record]:
    return read("2026-07-23")


def raw(kind: str) -> list[Line]:
    return sorted(line for line in LINES if line[:2] == ("raw", kind))


def lines(kind: str, keys: Iterable[Key]) -> list[Line]:
    return sorted(Line("raw", kind, key[0], "", key[1], key[2]) for key in keys)


def test_the_records_that_differ_are_those_of_the_list(
    before: list[Record], after: list[Record]
) -> None:
    old = {record.key: record for record in before}
    new = {record.key: record for record in after}
    difference = compare(old, new)
    assert lines("added", difference.added) == raw("added")
    assert lines("removed", difference.removed) == raw("removed")
    really = [key for key in difference.modified if changed_cells(old[key], new[key])]
    assert lines("modified", really) == raw("modified")
    assert [len(raw(kind)) for kind in ("added", "removed", "modified")] == [126, 44, 79]
    assert len(difference.modified) - len(really) == 186


def test_the_changes_told_are_those_of_the_list_in_its_order(
    before: list[Record], after: list[Record]
) -> None:
    changes = told_changes(before, after)
    told = [Line("told", change.kind, *change[1:4], change.transport) for change in changes]
    assert told == [line for line in LINES if line.level == "told"]


def test_every_record_of_the_list_is_carried_and_no_other(
    before: list[Record], after: list[Record]
) -> None:
    changes = told_changes(before, after)
    old = {record.key for change in changes for record in change.before}
    new = {record.key for change in changes for record in change.after}
    modified = raw("modified")
    assert lines("removed", old - new) == raw("removed")
    assert lines("added", new - old) == raw("added")
    assert lines("modified", old & new) == modified
