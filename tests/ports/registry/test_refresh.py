"""The stored registry becomes the one in the file, as a whole or not at all."""

import codecs
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from ports.models import Assignment, Port, RegistryChange, RegistryFile, Snapshot
from ports.registry import archive
from ports.registry.diff import Difference
from ports.registry.fetch import Validators
from ports.registry.reasons import RegistryRefusedError
from ports.registry.records import Key, Status
from ports.registry.refresh import READING_RULES, Dates, Origin, Outcome, Result, refresh
from ports.registry.status import record_status
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]

type Load = Callable[..., Outcome]

SSH = Key("ssh", "22", "tcp", 0)
NAMED = sum(1 for row in traps.ROWS if row[0])
BAD = traps.made("bad", "70000", "tcp")


def edited(**changes: dict[int, str]) -> list[traps.Cells]:
    """The rows of the traps file, with other cells (by column) in the first row of a service."""
    rows = [list(row) for row in traps.ROWS]
    for name, cells in changes.items():
        first = next(row for row in rows if row[0] == name)
        for column, text in cells.items():
            first[column] = text
    return rows


STATE = 1
"""The row that says to readers' caches that something has changed."""


@contextmanager
def rows_written() -> Iterator[Callable[[], int]]:
    """How many rows were inserted, updated and deleted since the block began, in all tables.

    Counted by the database itself: rows that a driver writes past Django are in no log of
    statements, and one that is written as it was is no difference between tables.
    """

    def so_far() -> int:
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            return int(connection.connection.total_changes)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            )
            return int(cursor.fetchone()[0])

    before = so_far()
    yield lambda: so_far() - before


class Rows(NamedTuple):
    """The primary keys of a table's rows that were added, removed, and given other cells."""

    added: set[int]
    removed: set[int]
    changed: set[int]


def differing(before: traps.Tables, after: traps.Tables) -> dict[str, Rows]:
    """The rows that differ, by table; without the tables that do not."""
    found = {}
    for table, rows in before.items():
        now = after[table]
        stay = rows.keys() & now.keys()
        differ = Rows(
            now.keys() - rows.keys(),
            rows.keys() - now.keys(),
            {pk for pk in stay if now[pk] != rows[pk]},
        )
        if any(differ):
            found[table] = differ
    return found


def kept_and_told(outcome: Outcome) -> dict[str, Rows]:
    """The rows that are written of a change beside the records and ports: one in each table."""
    rows = (outcome.snapshot, outcome.snapshot.file, RegistryChange.objects.get())
    return {type(row).__name__: Rows({row.pk}, set(), set()) for row in rows if row}


def but_for_the_check(tables: traps.Tables) -> traps.Tables:
    """The tables without what a snapshot remembers of its source: ETag, Last-Modified and when."""
    left_out = {"checked_at", "etag", "last_modified"}
    kept = [
        number
        for number, field in enumerate(Snapshot._meta.concrete_fields)
        if field.column not in left_out
    ]
    snapshots = {
        pk: tuple(row[number] for number in kept) for pk, row in tables["Snapshot"].items()
    }
    return tables | {"Snapshot": snapshots}


def test_the_same_file_again_writes_only_that_it_was_seen_and_says_unchanged(load: Load) -> None:
    before = traps.tables()
    with rows_written() as written:
        outcome = load()
    assert written() == 1
    after = traps.tables()
    assert but_for_the_check(after) == but_for_the_check(before)
    assert after["Snapshot"] != before["Snapshot"]
    assert outcome.result is Result.UNCHANGED
    assert (outcome.record_count, outcome.rejected, outcome.statuses_changed) == (120, [], 0)
    assert not outcome.difference


def test_a_dry_run_with_the_same_file_does_not_even_write_that_it_was_seen(load: Load) -> None:
    before = traps.tables()
    assert load(dry_run=True).result is Result.UNCHANGED
    assert traps.tables() == before


SAME = {
    "LF": traps.TEXT.replace("\r\n", "\n"),
    "more quotes": traps.TEXT.replace("\r\nssh,22,tcp,", '\r\n"ssh",22,"tcp",'),
    "another order": traps.write_table([*reversed(traps.ROWS[:90]), *traps.ROWS[90:]]),
    "an address in a cell": traps.write_table(edited(ssh={9: "jane@example.com"})),
}


def test_the_same_rows_in_other_bytes_are_unchanged_and_only_seen_to_be(
    load: Load, subtests: pytest.Subtests
) -> None:
    before = traps.tables()
    for name, text in SAME.items():
        with subtests.test(name):
            assert text != traps.TEXT
            with rows_written() as written:
                outcome = load(text)
            assert written() == 1
            assert outcome.result is Result.UNCHANGED
            assert outcome.snapshot.checked_at > outcome.snapshot.accepted_at  # type: ignore[operator]
            assert (outcome.record_count, outcome.difference) == (120, Difference([], [], []))
            assert but_for_the_check(traps.tables()) == but_for_the_check(before)


def test_what_a_server_gave_with_the_same_rows_is_remembered_for_the_next_request(
    tmp_path: Path,
) -> None:
    Snapshot.objects.update(source="https://iana.example/a.csv", etag="a", last_modified="Monday")
    body = traps.body(traps.TEXT, tmp_path)._replace(validators=Validators("b", "Tuesday"))
    refresh(body._replace(source="https://iana.example/a.csv"))
    current = Snapshot.objects.get()
    assert (current.etag, current.last_modified) == ("b", "Tuesday")
    refresh(body._replace(source="https://mirror.example/", validators=Validators("c", "Sunday")))
    current.refresh_from_db()
    assert (current.source, current.etag) == ("https://iana.example/a.csv", "b")


def test_the_same_rows_in_another_order_write_only_the_repetitions(load: Load) -> None:
    outcome = load(traps.write_table(reversed(traps.ROWS)))
    assert outcome.difference.added == outcome.difference.removed == []
    assert set(outcome.difference.modified) == {Key("rdp", "", "", 0), Key("rdp", "", "", 1)}


def test_repetitions_alone_in_another_order_are_modified_too(load: Load) -> None:
    rows = edited()
    first, second = [number for number, row in enumerate(rows) if row[0] == "rdp"]
    rows[first], rows[second] = rows[second], rows[first]
    outcome = load(traps.write_table(rows))
    assert set(outcome.difference.modified) == {Key("rdp", "", "", 0), Key("rdp", "", "", 1)}


def test_a_modified_row_writes_that_record_and_no_other(load: Load) -> None:
    before = traps.tables()
    ssh = Assignment.objects.get(service_name="ssh", transport="tcp")
    with rows_written() as written:
        outcome = load(traps.write_table(edited(ssh={3: "Another description"})))
    # The record is deleted and inserted again.
    assert written() == 2 + 3 + STATE
    assert outcome.difference == Difference([], [], [SSH])
    assert outcome.statuses_changed == 0
    assert differing(before, traps.tables()) == {
        "Assignment": Rows(set(), set(), {ssh.pk})
    } | kept_and_told(outcome)
    assert Assignment.objects.get(pk=ssh.pk).record == ssh.record._replace(
        description="Another description"
    )


def test_an_added_row_writes_that_record_and_its_port_and_no_other(load: Load) -> None:
    before = traps.tables()
    row = traps.made("new", "40000", "udp", "A new service")
    with rows_written() as written:
        outcome = load(traps.write_table([*traps.ROWS[:50], row, *traps.ROWS[50:]]))
    assert written() == 1 + 1 + 3 + STATE
    assert outcome.difference == Difference([Key("new", "40000", "udp", 0)], [], [])
    assert outcome.statuses_changed == 1
    new = Assignment.objects.get(service_name="new")
    assert differing(before, traps.tables()) == {
        "Assignment": Rows({new.pk}, set(), set()),
        "Port": Rows(set(), set(), {40000}),
    } | kept_and_told(outcome)


def test_a_removed_row_deletes_that_record_and_keeps_the_ids_of_the_others(load: Load) -> None:
    before = traps.tables()
    gone = Assignment.objects.get(service_name="z39.50")
    with rows_written() as written:
        outcome = load(traps.write_table(row for row in traps.ROWS if row[0] != "z39.50"))
    assert written() == 1 + 1 + 3 + STATE
    assert outcome.difference == Difference([], [Key("z39.50", "210", "tcp", 0)], [])
    assert differing(before, traps.tables()) == {
        "Assignment": Rows(set(), {gone.pk}, set()),
        "Port": Rows(set(), set(), {210}),
    } | kept_and_told(outcome)
    assert Port.objects.get(number=210).tcp_status == Status.UNASSIGNED


def test_a_name_that_is_registered_for_a_reserved_port_takes_its_place(load: Load) -> None:
    rows = edited()
    reserved = next(row for row in rows if row[:3] == ["", "11434", "udp"])
    reserved[0], reserved[3] = "ollama", "Ollama"
    outcome = load(traps.write_table(rows))
    assert outcome.difference == (
        [Key("ollama", "11434", "udp", 0)],
        [Key("", "11434", "udp", 0)],
        [],
    )
    assert Port.objects.get(number=11434).udp_status == Status.ASSIGNED


def test_going_back_to_an_earlier_file_restores_it(load: Load) -> None:
    load(traps.write_table(edited(ssh={3: "Another"}, rdp={3: "Another"})))
    assert load().result is Result.APPLIED
    assert [row.record for row in Assignment.objects.order_by("id")] == traps.RECORDS
    assert Snapshot.objects.count() == 3


@pytest.mark.parametrize("column", [6, 7])
def test_the_newest_date_may_be_a_registration_or_a_modification(load: Load, column: int) -> None:
    load(traps.write_table(edited(ssh={column: "2026-08"})))
    current = Snapshot.objects.current()
    assert current is not None
    assert (current.names_as_of, current.registrants_as_of) == ("2026-08", "2026-08")


@pytest.mark.parametrize("row_end", ["\r\n", "\n"], ids=["by rows", "by records"])
@pytest.mark.parametrize("column", [6, 7])
@pytest.mark.parametrize(
    "slip", [timedelta(days=2), timedelta(days=365), None], ids=["2 days", "a year", "9999"]
)
def test_a_date_after_tomorrow_is_stored_as_published_and_not_the_newest(
    load: Load, row_end: str, column: int, slip: timedelta | None
) -> None:
    date = str(timezone.now().date() + slip) if slip else "9999-12"
    slipped = traps.write_table(edited(ssh={column: date})).replace("\r\n", row_end)
    snapshot = load(slipped).snapshot
    assert (snapshot.names_as_of, snapshot.registrants_as_of) == ("2026-07-23", "2026-07-23")
    assert (
        traps.cells_of(Assignment.objects.get(port_cell="22", transport="tcp").record)
        == (edited(ssh={column: date})[traps.ROWS.index(traps.row("ssh", "22"))])
    )
    # Nor is the file older in which the slip was put right.
    assert load(traps.TEXT.replace("\r\n", row_end)).result is Result.APPLIED


@pytest.mark.parametrize("row_end", ["\r\n", "\n"], ids=["by rows", "by records"])
@pytest.mark.parametrize("days", [0, 1])
def test_the_newest_date_may_be_today_and_tomorrow_for_a_day_begins_elsewhere_earlier(
    load: Load, row_end: str, days: int
) -> None:
    date = str(timezone.now().date() + timedelta(days=days))
    text = traps.write_table(edited(ssh={7: date})).replace("\r\n", row_end)
    assert load(text).snapshot.names_as_of == date
    with pytest.raises(RegistryRefusedError, match=f"older than that .* registry: {date}$"):
        load(traps.TEXT)


def test_rejected_rows_come_back_with_their_lines_and_the_others_are_stored(load: Load) -> None:
    outcome = load(traps.write_table([BAD, *traps.ROWS, BAD]))
    assert [(row.line, row.cells[0]) for row in outcome.rejected] == [(2, "bad"), (179, "bad")]
    assert (outcome.record_count, outcome.row_count) == (120, 122)
    assert outcome.result is Result.APPLIED
    assert not outcome.difference


def test_a_rejected_row_that_is_gone_again_is_not_counted_any_more(load: Load) -> None:
    load(traps.write_table([*traps.ROWS, BAD]))
    outcome = load(traps.write_table(edited()))
    assert (outcome.result, outcome.row_count) == (Result.APPLIED, 120)
    assert [row.rejected_count for row in Snapshot.objects.order_by("id")] == [0, 1, 0]


def test_the_same_file_again_still_accounts_for_its_rejected_rows(load: Load) -> None:
    text = traps.write_table([BAD, *traps.ROWS])
    load(text)
    assert load(text).row_count == 121


def test_a_dry_run_says_what_would_happen_and_leaves_every_table_as_it_is(load: Load) -> None:
    before = traps.tables()
    text = traps.write_table(
        [traps.made("new", "40000", "udp"), *edited(ssh={3: "Other"}, tarantella={2: "sctp"})]
    )
    preview = load(text, dry_run=True)
    assert preview.result is Result.PREVIEWED
    assert [len(keys) for keys in preview.difference] == [2, 1, 1]
    assert traps.tables() == before
    outcome = load(text)
    assert outcome == preview._replace(result=Result.APPLIED, snapshot=outcome.snapshot)


def test_other_writes_of_the_same_transaction_survive_a_dry_run(load: Load) -> None:
    Port.objects.filter(number=65535).update(tcp_status=Status.RESERVED)
    load(traps.write_table(edited(ssh={3: "Other"})), dry_run=True)
    assert Port.objects.get(number=65535).tcp_status == Status.RESERVED


SECOND_NEWEST = sorted({date for row in traps.ROWS for date in row[6:8]})[-2]
REFUSED = {
    "another table": ("Name,Port\r\nssh,22\r\n", "it is not the registry: expected the columns"),
    "a page": ("<!DOCTYPE html>\n<title>503</title>\n", "found <!DOCTYPE html>"),
    "nothing": ("", "its last line has no end, as when a file is cut short"),
    "a line end alone": ("\r\n", "it is not the registry: expected the columns"),
    "a last line without its end": (traps.TEXT.removesuffix("\r\n"), "its last line has no end"),
    "a last line without the end of its end": (traps.TEXT[:-1], "its last line has no end"),
    "a page without a last line end": ("<title>503</title>", "its last line has no end"),
    "a header alone": (traps.write_table([]), "it holds no record with a service name"),
    "UTF-16": (
        codecs.BOM_UTF16_BE + traps.TEXT.encode("utf-16-be"),
        "it is not UTF-8 text: invalid start byte",
    ),
    "UTF-16 without a mark": (traps.TEXT.encode("utf-16-be"), "it is not the registry: expected"),
    # Its last byte is the NUL after the line feed.
    "little-endian UTF-16": (traps.TEXT.encode("utf-16-le"), "its last line has no end"),
    "UTF-8 with a mark": (traps.TEXT.encode("utf-8-sig"), "it is not the registry: expected"),
    "Latin-1": (traps.TEXT.encode("latin-1", "replace"), "it is not UTF-8 text"),
    "gzip": (b"\x1f\x8b\x08\0\n", "it is not UTF-8 text"),
    "Latin-1 in a row with an address": (
        traps.TEXT.encode() + b"caf\xe9,40000,tcp,,caf\xe9@example.com,,,,,,,\r\n",
        "it is not UTF-8 text: invalid continuation byte",
    ),
    "a cut character": (
        f"{traps.TEXT}É".encode()[:-1] + b"\r\n",
        "it is not UTF-8 text: unexpected end",
    ),
    "21 rejected rows": (
        traps.write_table([*traps.ROWS, *[BAD] * 21]),
        "read: 21; the limit is 20; the first stands on line 178: port number '70000' is not",
    ),
    "only nameless rows": (
        traps.write_table(row for row in traps.ROWS if not row[0]),
        "it holds no record with a service name",
    ),
    "a loss of more than 2%": (
        traps.write_table(row for row in traps.ROWS if row[0] not in ("z39.50", "nas")),
        f"records with a service name that would be lost: 2 of {NAMED}; the limit is 1",
    ),
    "the last row gone": (
        traps.write_table(traps.ROWS[:-1]),
        "it ends early: the last record of the stored registry, usp-agt-coap udp, is not in it",
    ),
    "a sentinel gone": (
        traps.write_table(row for row in traps.ROWS if row[1] != "49151"),
        "it lacks what must be in it: 49151",
    ),
    "many rows with other cells": (
        traps.write_table(
            [[*row[:3], "Other", *row[4:]] for row in traps.ROWS[:7]] + traps.ROWS[7:]
        ),
        "records that would change: 7 of 120; the limit is 6",
    ),
    "many new rows": (
        traps.write_table(
            [*(traps.made(f"new-{port}", str(port)) for port in range(40000, 40007)), *traps.ROWS]
        ),
        "records that would be added: 7 to 120; the limit is 6",
    ),
    "an older state": (
        traps.write_table(edited(epp={7: "2024-01-01"})),
        f"its newest date is {SECOND_NEWEST}, older than that of the stored registry: 2026-07-23",
    ),
    "too many lines": (
        traps.TEXT + "\r\n" * 40_000,
        "it is not the registry: it has more than 40000 lines",
    ),
    "too many lines, the last without its end": (
        traps.TEXT + "\r\n" * 40_000 + "x",
        "its last line has no end",
    ),
    "a line too long": (
        traps.TEXT.replace("SSH", "SSH" * 50_000, 1),
        "it is not the registry: a line has more than 131072 bytes",
    ),
    "a column that holds something else": (
        traps.write_table(
            [
                *(
                    traps.made(f"new-{port}", str(port))[:4] + ["Some text"] * 2 + [""] * 6
                    for port in range(40000, 40020)
                ),
                *traps.ROWS,
            ]
        ),
        "it is not the registry: 20 cells of the column assignee look otherwise",
    ),
}


def test_a_refused_file_says_why_and_leaves_every_table_as_it_is(
    load: Load, subtests: pytest.Subtests
) -> None:
    before = traps.tables()
    for name, (content, reason) in REFUSED.items():
        with subtests.test(name):
            with pytest.raises(RegistryRefusedError, match=re.escape(reason)):
                load(content)
            assert traps.tables() == before


def test_twenty_rejected_rows_are_not_refused(load: Load) -> None:
    assert len(load(traps.write_table([*traps.ROWS, *[BAD] * 20])).rejected) == 20


def test_a_failure_at_the_last_step_takes_back_records_and_statuses(load: Load) -> None:
    before = traps.tables()
    rows = edited(ssh={3: "Other"}, tarantella={2: "sctp"})
    with pytest.raises(IntegrityError, match="snapshot_origin_known"):
        load(traps.write_table(rows), origin="invented")
    assert traps.tables() == before


def test_a_compiled_snapshot_never_replaces_an_authoritative_one(load: Load) -> None:
    before = traps.tables()
    text = traps.write_table(edited(ssh={3: "Other"}))
    with pytest.raises(RegistryRefusedError, match="never replaces IANA’s own registry"):
        load(text, origin=Origin.COMPILED, dates=Dates("2099", "2099"))
    assert traps.tables() == before


def test_new_reading_rules_apply_the_same_file_anew(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    Port.objects.filter(number=22).update(tcp_status=Status.RESERVED)
    assert load().result is Result.UNCHANGED
    monkeypatch.setattr("ports.registry.refresh.READING_RULES", READING_RULES + 1)
    outcome = load()
    assert (outcome.result, outcome.statuses_changed) == (Result.APPLIED, 1)
    assert not outcome.difference
    assert [row.reading_rules for row in Snapshot.objects.order_by("id")] == [
        READING_RULES,
        READING_RULES + 1,
    ]
    assert load().result is Result.UNCHANGED


def test_new_reading_rules_give_the_stored_records_their_new_statuses(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = Assignment.objects.filter(service_name="sua")
    stale.update(status=Status.RESERVED)
    before = traps.tables()
    monkeypatch.setattr("ports.registry.refresh.READING_RULES", READING_RULES + 1)
    with rows_written() as written:
        outcome = load()
    assert written() == 3 + 2 + STATE
    assert not outcome.difference
    file = outcome.snapshot.file
    assert file is not None
    assert differing(before, traps.tables()) == {
        "Assignment": Rows(set(), set(), {row.pk for row in stale}),
        "Snapshot": Rows({outcome.snapshot.pk}, set(), set()),
        "RegistryFile": Rows(set(), set(), {file.pk}),
    }
    for stored in Assignment.objects.all():
        assert stored.status == record_status(stored.record), stored


def test_a_file_accepted_against_its_figures_is_applied(load: Load) -> None:
    rows = edited(epp={7: "2024-01-01"}, ssh={3: "Other"})
    assert load(traps.write_table(rows[:-1]), accepting=True).result is Result.APPLIED
    current = Snapshot.objects.current()
    assert current is not None
    assert (current.names_as_of, current.record_count) == (SECOND_NEWEST, 119)


def test_what_is_not_the_registry_is_refused_whoever_accepts_it(
    load: Load, subtests: pytest.Subtests
) -> None:
    before = traps.tables()
    for name in ("another table", "nothing", "a line end alone", "a last line without its end",
                 "a header alone", "UTF-16", "only nameless rows",
                 "a column that holds something else", "too many lines"):  # fmt: skip
        with subtests.test(name):
            content, reason = REFUSED[name]
            with pytest.raises(RegistryRefusedError, match=re.escape(reason)):
                load(content, accepting=True)
            assert traps.tables() == before


def test_an_accepted_file_is_kept_and_its_changes_are_told(load: Load) -> None:
    text = traps.write_table(edited(ssh={3: "Other"}))
    outcome = load(text)
    snapshot = outcome.snapshot
    assert snapshot.file is not None
    assert snapshot.file.sha256 == snapshot.sha256
    assert archive.content_of(snapshot.file).count(b"\r\n") == 121
    (change,) = RegistryChange.objects.all()
    assert (change.snapshot, change.kind, change.service_name) == (snapshot, "modified", "ssh")
    assert change.before[0]["description"] == "The Secure Shell (SSH) Protocol"
    assert change.after[0]["description"] == "Other"
    assert outcome.changes_told == 1


def test_whitespace_is_written_and_not_told(load: Load) -> None:
    outcome = load(traps.write_table(edited(ssh={3: "The  Secure Shell (SSH)\nProtocol"})))
    assert (outcome.difference.modified, outcome.changes_told) == ([SSH], 0)
    assert not RegistryChange.objects.exists()


def test_what_is_done_last_takes_everything_back_when_it_fails(load: Load) -> None:
    before = traps.tables()
    seen: list[Outcome] = []

    def seal(outcome: Outcome) -> None:
        seen.append(outcome)
        assert Snapshot.objects.count() == 2
        raise LookupError

    with pytest.raises(LookupError):
        load(traps.write_table(edited(ssh={3: "Other"}, tarantella={2: "sctp"})), seal=seal)
    assert [outcome.result for outcome in seen] == [Result.APPLIED]
    assert traps.tables() == before
    assert RegistryFile.objects.count() == 1


def test_the_garbage_collector_goes_on_after_a_refresh_and_after_a_refusal(load: Load) -> None:
    assert gc.isenabled()
    load(traps.write_table(edited(ssh={3: "Other"})))
    assert gc.isenabled()
    with pytest.raises(RegistryRefusedError):
        load(traps.write_table([]))
    assert gc.isenabled()
