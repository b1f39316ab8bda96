"""A registry where none was: every record as published, and what follows from the records."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from ports.models import Assignment, Port, RegistryChange, Snapshot
from ports.registry import archive
from ports.registry.reasons import RegistryRefusedError
from ports.registry.refresh import READING_RULES, Dates, Origin, Outcome, Result, Step
from ports.registry.status import derive_statuses
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

type Load = Callable[..., Outcome]

BAD = traps.made("bad", "70000", "tcp")


def test_every_record_of_the_file_is_stored_and_given_back_cell_by_cell(load: Load) -> None:
    load()
    stored = [row.record for row in Assignment.objects.order_by("id")]
    assert stored == traps.RECORDS
    differ = {}
    for record, row in zip(stored, traps.ROWS, strict=True):
        for column, cell in enumerate(traps.cells_of(record)):
            if cell != row[column]:
                differ[(*record.key[:3], column)] = (row[column], cell)
    notes = traps.row("nxedit", "126")[11]
    without = notes.replace("\n<feil&kronos.nisd.cam.unisys.com>", "")
    reference = "[Ari√´n Huisken <xadmin&huisken-systems.nl> 15 June 2009]"
    assert differ == {
        ("nxedit", "126", "tcp", 11): (notes, without),
        ("nxedit", "126", "udp", 11): (notes, without),
        ("xadmin", "9105", "tcp", 8): (reference, "[Ari√´n Huisken 15 June 2009]"),
        ("xadmin", "9105", "udp", 8): (reference, "[Ari√´n Huisken 15 June 2009]"),
    }


def test_the_first_load_says_what_it_did(load: Load) -> None:
    steps: list[Step] = []
    outcome = load(progress=steps.append)
    assert outcome.result is Result.APPLIED
    assert (outcome.record_count, outcome.rejected, outcome.row_count) == (120, [], 120)
    assert outcome.difference == ([record.key for record in traps.RECORDS], [], [])
    assert outcome.statuses_changed == 271
    assert outcome.changes_told == 0
    assert steps == [Step.WRITING]


def test_the_statuses_of_all_ports_follow_from_the_records(load: Load) -> None:
    load()
    expected = derive_statuses(traps.RECORDS)
    assert {number: row[1:] for number, row in traps.tables()["Port"].items()} == {
        number: tuple(map(str, expected[number])) for number in range(65536)
    }
    ollama = Port.objects.get(number=11434)
    assert (ollama.tcp_status, ollama.udp_status) == ("assigned", "reserved")


def test_the_snapshot_says_where_it_came_from_and_what_it_held(load: Load, tmp_path: Path) -> None:
    assert Snapshot.objects.current() is None
    before = timezone.now()
    text = traps.write_table([*traps.ROWS, BAD])
    load(text)
    snapshot = Snapshot.objects.get()
    assert snapshot == Snapshot.objects.current()
    assert snapshot.origin == "authoritative"
    assert not snapshot.is_compiled
    assert (snapshot.sha256, snapshot.source) == traps.body(text, tmp_path)[1:3]
    assert snapshot.reading_rules == READING_RULES
    # The newest date in the file, that of `epp` 700/udp.
    assert (snapshot.names_as_of, snapshot.registrants_as_of) == ("2026-07-23", "2026-07-23")
    assert (snapshot.record_count, snapshot.rejected_count) == (120, 1)
    assert snapshot.statistics["services"] == len({row[0].lower() for row in traps.ROWS if row[0]})
    assert before <= snapshot.accepted_at <= timezone.now()
    assert snapshot.checked_at == snapshot.accepted_at
    assert (snapshot.etag, snapshot.last_modified) == ("", "")
    assert snapshot.file is not None
    assert snapshot.file.sha256 == snapshot.sha256
    assert b"\r\nbad,70000,tcp," in archive.content_of(snapshot.file)


def test_a_compiled_snapshot_has_the_dates_it_is_given(load: Load) -> None:
    load(origin=Origin.COMPILED, dates=Dates("2026-07", "2015"))
    snapshot = Snapshot.objects.get()
    assert snapshot.is_compiled
    assert (snapshot.names_as_of, snapshot.registrants_as_of) == ("2026-07", "2015")
    assert snapshot.file is None


def test_an_authoritative_snapshot_replaces_a_compiled_one(load: Load) -> None:
    rows = [list(row) for row in traps.ROWS]
    rows[0][4] = "[Somebody_else]"
    load(traps.write_table(rows), origin=Origin.COMPILED, dates=Dates("2026-07", "2015"))
    outcome = load()
    assert outcome.result is Result.APPLIED
    assert outcome.difference == ([], [], [traps.RECORDS[0].key])
    assert outcome.changes_told == RegistryChange.objects.count() == 0
    assert [row.is_compiled for row in Snapshot.objects.order_by("id")] == [True, False]
    assert Assignment.objects.get(port_cell="0", transport="tcp").assignee == ""


def test_a_newer_compiled_snapshot_replaces_an_older_one(load: Load) -> None:
    dates = Dates("2026-07", "2015")
    load(origin=Origin.COMPILED, dates=dates)
    text = traps.write_table([*traps.ROWS, traps.made("new", "40000", "udp")])
    assert load(text, origin=Origin.COMPILED, dates=dates).result is Result.APPLIED


def test_a_dry_run_of_a_first_load_leaves_no_trace(load: Load) -> None:
    before = traps.tables()
    preview = load(dry_run=True)
    assert traps.tables() == before
    assert preview.result is Result.PREVIEWED
    outcome = load()
    assert outcome == preview._replace(result=Result.APPLIED, snapshot=outcome.snapshot)


def test_a_first_load_is_refused_when_too_many_rows_are_rejected(load: Load) -> None:
    before = traps.tables()
    with pytest.raises(RegistryRefusedError):
        load(traps.write_table([*traps.ROWS, *[BAD] * 21]))
    assert traps.tables() == before
