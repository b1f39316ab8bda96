"""The whole registry as IANA published it, where REGISTRY_SAMPLES names a folder that has it."""

import os
import re
from pathlib import Path

import pytest

from ports.models import Assignment, Port, Snapshot
from ports.registry import store
from ports.registry.fetch import Body, digest
from ports.registry.records import PortRange, Status
from ports.registry.refresh import Result, refresh
from ports.registry.statistics import statistics
from ports.registry.status import derive_statuses
from tests.data import traps
from tests.ports.registry.test_refresh import rows_written

EMAIL = re.compile(r"<\S+[@&]\S+\.\S+>|\S+@\S+\.\S+")


def sample(date: str) -> Path:
    name = f"iana-service-names-port-numbers-{date}.csv"
    folder = os.environ.get("REGISTRY_SAMPLES", "")
    path = Path(folder, name)
    if not folder or not path.is_file():
        pytest.skip(f"REGISTRY_SAMPLES names no folder with {name}")
    return path


@pytest.fixture
def body() -> Body:
    path = sample("2026-07-23")
    return Body(path, digest(path), str(path))


def differences(text: str) -> list[tuple[str, str]]:
    """The cells of a file that are not as published once they were read, before and after."""
    found = traps.read(text)
    assert [row for row in found if not isinstance(row, traps.Record)] == []
    return [
        (before, after)
        for row, cells in zip(found, traps.read_table(text), strict=True)
        for before, after in zip(cells, traps.cells_of(row), strict=True)  # type: ignore[arg-type]
        if before != after
    ]


@pytest.mark.any_database
@pytest.mark.parametrize(("date", "rows"), [("2026-07-23", 14_529), ("2024-04-30", 14_447)])
def test_every_row_is_a_record_with_its_cells_as_published(date: str, rows: int) -> None:
    text = sample(date).read_bytes().decode()
    assert len(traps.read(text)) == rows
    changed = differences(text)
    assert 0 < len(changed) <= 10
    for before, after in changed:
        assert EMAIL.search(before)
        assert not EMAIL.search(after)
        assert len(before) - len(after) < 45


@pytest.mark.any_database
def test_the_traps_file_holds_rows_of_the_whole_one_byte_for_byte_and_in_its_order() -> None:
    whole = iter(re.split(r"(?<=\r\n)", sample("2026-07-23").read_bytes().decode()))
    for record in re.split(r"(?<=\r\n)", traps.TEXT):
        assert record in whole


@pytest.mark.django_db
@pytest.mark.usefixtures("without_registry", "db")
def test_the_whole_registry_is_stored_and_given_back(body: Body) -> None:
    outcome = refresh(body)
    assert (outcome.result, outcome.row_count, outcome.rejected) == (Result.APPLIED, 14_529, [])
    assert [row.record for row in Assignment.objects.order_by("id")] == traps.read(
        body.path.read_bytes().decode()
    )

    named: set[int] = set()
    for first, last in (
        Assignment.objects.named().exclude(first_port=None).values_list("first_port", "last_port")
    ):
        named.update(range(first, last + 1))
    counted = {part: len([n for n in named if part.first <= n <= part.last]) for part in PortRange}
    assert counted == {PortRange.SYSTEM: 686, PortRange.USER: 5_664, PortRange.DYNAMIC: 0}
    snapshot = Snapshot.objects.get()
    assert snapshot.statistics["named_ports"] == counted
    assert (snapshot.names_as_of, snapshot.record_count) == ("2026-07-23", 14_529)

    ollama = Port.objects.get(number=11434)
    assert (ollama.tcp_status, ollama.udp_status) == (Status.ASSIGNED, Status.RESERVED)
    on_11434 = Assignment.objects.covering(11434).values_list("service_name", "transport")
    assert set(on_11434) == {("ollama", "tcp"), ("", "udp")}
    on_6010 = Assignment.objects.covering(6010)
    assert {row.service_name for row in on_6010} == {"x11"}
    # Ports 0-49151 are all covered by some record; 49152-65535 by none.
    assert Port.objects.with_status(Status.DYNAMIC).count() == 16_384

    before = traps.tables()
    with rows_written() as written:
        again = refresh(body)
    assert (again.result, again.row_count) == (Result.UNCHANGED, 14_529)
    assert {**traps.tables(), "Snapshot": {}} == {**before, "Snapshot": {}}
    assert written() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("without_registry", "db")
def test_two_years_of_changes_are_applied_as_what_differs(body: Body) -> None:
    older = sample("2024-04-30")
    refresh(Body(older, digest(older), str(older)))
    ids = {row.key: row.pk for row in Assignment.objects.all()}
    with traps.statements() as executed, rows_written() as written:
        outcome = refresh(body)
    assert not traps.compared_all(executed)
    # 186 of the modified ones differ in blanks only; the registry is kept as published.
    assert [len(keys) for keys in outcome.difference] == [126, 44, 265]
    # A modified record is deleted and inserted again; the last two are the snapshot and its file.
    # The snapshot, its file, and that readers see something new.
    assert written() == 126 + 44 + 2 * 265 + outcome.statuses_changed + outcome.changes_told + 3
    kept = {row.key: row.pk for row in Assignment.objects.all() if row.key in ids}
    assert len(kept) == 14_447 - 44
    assert kept.items() <= ids.items()

    stored = {row.key: row.record for row in Assignment.objects.all()}
    records = traps.read(body.path.read_bytes().decode())
    assert stored == {record.key: record for record in records if isinstance(record, traps.Record)}
    statuses = derive_statuses(stored.values())
    assert store.stored_statuses() == statuses
    assert outcome.snapshot.statistics == statistics(stored.values(), statuses)
