"""Following `changes` from one published registry to the next gives the next one."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ports.registry.fetch import Body, digest
from ports.registry.records import COLUMNS
from ports.registry.refresh import refresh
from tests.data import traps
from tests.data.samples import sample
from tests.ports.api.answers import body, results

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_registry")]

type Row = tuple[str, ...]


def published(path: Path) -> Counter[Row]:
    """The rows of a published file, as they are read."""
    records = traps.read(path.read_bytes().decode())
    return Counter(plain(traps.cells_of(each)) for each in records)  # type: ignore[arg-type]


def plain(cells: Iterable[str]) -> Row:
    """Cells without what is no difference: white space."""
    return tuple(" ".join(cell.split()) for cell in cells)


def named(record: Any) -> tuple[str, str, str]:
    """What the registry calls a record, as its file writes it."""
    first, last = record["first_port"], record["last_port"]
    ports = "" if first is None else str(first) if first == last else f"{first}-{last}"
    return record["service_name"] or "", ports, record["protocol"] or ""


def test_two_years_of_changes_rebuild_the_registry_of_today(reader: Client) -> None:
    older, newer = sample("2024-04-30"), sample("2026-07-23")
    refresh(Body(older, digest(older), "2024"))
    assert body(reader, "registry/")["snapshot"]["sha256"] == digest(older)
    mine = published(older)
    since = body(reader, "registry/")["last_change"] or 0

    refresh(Body(newer, digest(newer), "2026"))
    changes = results(reader, f"changes/?since={since}&limit=50")
    assert {each["kind"] for each in changes} == {"added", "removed", "modified", "renamed"}
    # Two names that were given to ports of one span both tell what became of the span.
    gone = {plain(row.values()) for each in changes for row in each["before"]}
    come = {plain(row.values()) for each in changes for row in each["after"]}
    assert gone <= mine.keys()
    for row in gone:
        del mine[row]
    mine.update(come)
    assert mine == published(newer)
    assert list(changes[0]["after"][0]) == list(COLUMNS)

    updated = results(reader, f"assignments/?updated_since={since}&limit=1000")
    assert {named(each) for each in updated} == {
        (row[0], row[1], row[2]) for row in come if row in mine
    }
    last = body(reader, "registry/")["last_change"]
    numbers = {each["number"] for each in results(reader, f"ports/?updated_since={since}")}
    assert numbers == {
        number
        for each in changes
        if each["first_port"] is not None
        for number in range(each["first_port"], each["last_port"] + 1)
    }
    names = {each["name"] for each in results(reader, f"services/?updated_since={since}")}
    assert names <= {each["service_name"] for each in changes}
    assert {each["service_name"] for each in changes if each["kind"] == "added"} <= names
    for path in ("assignments", "ports", "services"):
        assert results(reader, f"{path}/?updated_since={last}") == []
    assert results(reader, f"changes/?since={body(reader, 'registry/')['last_change']}") == []
