"""Runs are asked for, taken up and ended by their rows, whoever dies or comes late."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from ports.models import Assignment, RefreshRun, RegistryFile, Snapshot, User
from ports.registry import archive, runs
from ports.registry.reasons import FIGURE_REASONS, FetchError, Reason, RegistryRefusedError
from ports.registry.reasons import sentence as sentence_of
from ports.registry.refresh import READING_RULES, Outcome, Result
from ports.registry.runs import MOST_ATTEMPTS, BusyError, LeaseLostError, NotAcceptableError
from ports.tasks import ask_for_refresh
from tests.data import traps
from tests.ports.registry.http_server import Serve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]

type File = Callable[[str], str]

State = RefreshRun.State
Door = RefreshRun.Door
Step = RefreshRun.Step

FEWER = traps.write_table(row for row in traps.ROWS if row[0] not in ("z39.50", "nas"))
"""A file that is refused by its figures."""
NONE = "<!DOCTYPE html>\n<title>503</title>\n"
"""A file that is none of the registry."""


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Write a file, and return its path."""

    def written(text: str) -> str:
        path = tmp_path / f"{uuid4()}.csv"
        path.write_bytes(text.encode())
        return str(path)

    return written


@pytest.fixture
def editor() -> User:
    return User.objects.create(username="editor")


def changed(description: str = "Other") -> str:
    return traps.TEXT.replace("Net Steward Mgmt Console", description)


def soon(seconds: float = 0) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def waiting(source: str = "x", **fields: object) -> RefreshRun:
    good = {"door": Door.ADMIN, "asked_at": soon(), "due_at": soon(), "source": source}
    return RefreshRun.objects.create(**good | fields)


def taken_up() -> RefreshRun:
    run = runs.take_up(soon())
    assert run is not None
    return run


def carried_out(source: str) -> Outcome | None:
    run = waiting(source)
    assert taken_up() == run
    return runs.carry_out(run := RefreshRun.objects.get(pk=run.pk))


def refused(source: str) -> RefreshRun:
    """The run that was refused with the file at `source`."""
    run = waiting(source)
    assert taken_up() == run
    run.refresh_from_db()
    with pytest.raises(RegistryRefusedError):
        runs.carry_out(run)
    run.refresh_from_db()
    assert run.state == State.REFUSED
    return run


def expire(run: RefreshRun) -> None:
    """Let the time of its lease pass."""
    RefreshRun.objects.filter(pk=run.pk).update(lease_until=soon(-1))


def registry() -> traps.Tables:
    """The registry's tables, without the files that are kept beside it."""
    return {**traps.tables(), "RegistryFile": {}}


# Asking.


def test_asking_again_gives_back_the_run_that_waits(editor: User) -> None:
    first = runs.request(door=Door.SCHEDULE, source="x")
    assert runs.request(door=Door.ADMIN, by=editor, source="x") == first
    assert RefreshRun.objects.get() == first
    assert (first.state, first.door, first.asked_by, first.attempts) == (
        State.QUEUED, Door.SCHEDULE, None, 0,
    )  # fmt: skip


def test_asking_while_it_is_carried_out_gives_back_the_run_that_is_held() -> None:
    first = runs.request(door=Door.ADMIN, source="x")
    assert taken_up() == first
    assert runs.request(door=Door.ADMIN, source="x") == first


def test_who_asks_for_what_and_when_is_remembered(editor: User, settings: LazySettings) -> None:
    settings.REGISTRY_URL = "https://registry.example/ports.csv"
    later = soon(3600)
    run = runs.request(door=Door.ADMIN, by=editor, due_at=later)
    run.refresh_from_db()
    assert (run.door, run.asked_by, run.due_at) == (Door.ADMIN, editor, later)
    assert run.source == "https://registry.example/ports.csv"
    assert soon(-60) < run.asked_at <= soon()


def test_another_source_is_another_run() -> None:
    assert runs.request(door=Door.ADMIN, source="x") != runs.request(door=Door.ADMIN, source="y")


def test_who_wants_it_now_does_not_wait_for_the_run_of_tonight() -> None:
    tonight = runs.request(door=Door.SCHEDULE, source="x", due_at=soon(3600))
    now = runs.request(door=Door.ADMIN, source="x")
    assert now != tonight
    assert runs.request(door=Door.SCHEDULE, source="x", due_at=soon(7200)) in (now, tonight)
    assert RefreshRun.objects.count() == 2


def test_a_run_that_has_ended_or_whose_worker_died_is_not_given_back(file: File) -> None:
    source = file(changed())
    carried_out(source)
    second = runs.request(door=Door.ADMIN, source=source)
    assert second.state == State.QUEUED
    assert taken_up() == second
    expire(second)
    assert runs.request(door=Door.ADMIN, source=source) != second


def test_a_run_that_accepts_a_file_is_not_given_back(file: File, editor: User) -> None:
    run = refused(file(FEWER))
    accepting = runs.accept(run, by=editor, why="x")
    assert runs.request(door=Door.ADMIN, source=run.source) != accepting


# Accepting.


@pytest.fixture
def kept() -> RegistryFile:
    return RegistryFile.objects.create(sha256="0" * 64, content=b"", kept_at=soon())


def ended(state: State, file: RegistryFile, **fields: object) -> RefreshRun:
    reason = Reason.OLDER if state in (State.REFUSED, State.FAILED) else ""
    good = {"state": state, "ended_at": soon(), "reason": reason, "file": file}
    return waiting(**good | {"snapshot": Snapshot.objects.current()} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", State)
def test_only_what_was_refused_is_acceptable(state: State, kept: RegistryFile) -> None:
    if state == State.QUEUED:
        run = waiting(file=kept)
    elif state == State.RUNNING:
        run = waiting(file=kept, state=state, lease_until=soon(60))
    else:
        run = ended(state, kept)
    assert runs.is_acceptable(run) is (state == State.REFUSED)


@pytest.mark.parametrize("reason", Reason)
def test_only_odd_figures_are_acceptable(reason: Reason, kept: RegistryFile) -> None:
    run = ended(State.REFUSED, kept, reason=reason)
    assert runs.is_acceptable(run) is (reason in FIGURE_REASONS)


def test_what_is_not_kept_any_more_is_not_acceptable(kept: RegistryFile) -> None:
    run = ended(State.REFUSED, kept)
    kept.delete()
    run.refresh_from_db()
    assert not runs.is_acceptable(run)


@pytest.mark.parametrize("state", State)
def test_what_was_accepted_is_acceptable_again_only_when_that_came_to_nothing(
    state: State, kept: RegistryFile, editor: User
) -> None:
    run = ended(State.REFUSED, kept)
    accepting = runs.accept(run, by=editor, why="I looked")
    fields = {
        State.QUEUED: {},
        State.RUNNING: {"lease_until": soon(60)},
        State.REFUSED: {"ended_at": soon(), "reason": Reason.SHAPE},
        State.FAILED: {"ended_at": soon(), "reason": Reason.ERROR},
    }.get(state, {"ended_at": soon(), "snapshot": Snapshot.objects.current()})
    RefreshRun.objects.filter(pk=accepting.pk).update(state=state, **fields)
    again = state in (State.REFUSED, State.FAILED)
    assert runs.is_acceptable(run) is again
    if not again:
        with pytest.raises(NotAcceptableError):
            runs.accept(run, by=editor, why="I looked")
        assert RefreshRun.objects.count() == 2


def test_who_accepts_what_and_why_is_remembered(kept: RegistryFile, editor: User) -> None:
    run = runs.accept(ended(State.REFUSED, kept, source="y"), by=editor, why="I looked")
    run.refresh_from_db()
    assert (run.state, run.door, run.asked_by) == (State.QUEUED, Door.ADMIN, editor)
    assert (run.source, run.acceptance) == ("y", "I looked")
    assert run.due_at <= soon()


def test_what_was_accepted_meanwhile_is_not_accepted_once_more(
    kept: RegistryFile, editor: User
) -> None:
    seen = ended(State.REFUSED, kept)
    RefreshRun.objects.update(file=None)
    with pytest.raises(NotAcceptableError):
        runs.accept(seen, by=editor, why="x")


def test_an_accepted_file_is_applied_against_its_figures(file: File, editor: User) -> None:
    run = refused(file(FEWER))
    assert run.file is not None
    accepting = runs.accept(run, by=editor, why="I looked")
    taken = taken_up()
    assert taken == accepting
    outcome = runs.carry_out(taken)
    assert outcome is not None
    assert outcome.result is Result.APPLIED
    assert outcome.snapshot.sha256 == run.file.sha256
    assert not Assignment.objects.filter(service_name="nas").exists()
    accepting.refresh_from_db()
    assert (accepting.state, accepting.snapshot) == (State.APPLIED, outcome.snapshot)
    run.refresh_from_db()
    assert (run.state, run.reason) == (State.REFUSED, Reason.NAMES_GONE)
    assert not runs.is_acceptable(run)
    # The same file from its source is now the stored one.
    again = carried_out(run.source)
    assert again is not None
    assert again.result is Result.UNCHANGED


def test_an_accepted_file_with_other_line_ends_can_be_followed_by_the_next(
    file: File, editor: User
) -> None:
    runs.accept(refused(file(FEWER.replace("\r\n", "\n"))), by=editor, why="I looked")
    runs.carry_out(taken_up())
    outcome = carried_out(file(FEWER.replace("Net Steward Mgmt Console", "Other")))
    assert outcome is not None
    assert (outcome.result, len(outcome.difference.modified)) == (Result.APPLIED, 2)


def test_an_accepted_file_that_was_forgotten_fails(file: File, editor: User) -> None:
    run = refused(file(FEWER))
    accepting = runs.accept(run, by=editor, why="I looked")
    assert run.file is not None
    run.file.delete()
    with pytest.raises(FetchError, match="the refused file is not kept any more"):
        runs.carry_out(taken_up())
    accepting.refresh_from_db()
    assert (accepting.state, accepting.reason) == (State.FAILED, Reason.FILE_GONE)


# In the foreground.


def test_a_run_in_the_foreground_is_held_from_its_beginning() -> None:
    run = runs.begin(source="x")
    run.refresh_from_db()
    assert (run.state, run.door, run.attempts) == (State.RUNNING, Door.COMMAND, 1)
    assert run.started_at is not None
    assert run.lease_until is not None
    assert run.lease_until > soon()


def test_nothing_is_begun_while_another_run_is_held(file: File) -> None:
    first = runs.begin(source="x")
    with pytest.raises(BusyError) as caught:
        runs.begin(source="y")
    assert caught.value.run == first
    waiting()
    assert runs.take_up(soon()) is None
    assert RefreshRun.objects.filter(state=State.RUNNING).count() == 1


def test_a_run_whose_worker_died_does_not_keep_another_from_beginning() -> None:
    first = runs.begin(source="x")
    expire(first)
    second = runs.begin(source="y")
    first.refresh_from_db()
    assert (first.state, second.state) == (State.QUEUED, State.RUNNING)


# Taking up.


def test_runs_are_taken_up_in_the_order_in_which_they_became_due() -> None:
    last = waiting("a", due_at=soon(-1))
    first = waiting("b", due_at=soon(-3))
    second = waiting("c", due_at=first.due_at)
    order = []
    while run := runs.take_up(soon()):
        order.append(run)
        RefreshRun.objects.filter(pk=run.pk).update(
            state=State.UNCHANGED, lease_until=None, ended_at=soon()
        )
    assert order == [first, second, last]


def test_a_run_that_is_not_due_waits() -> None:
    waiting(due_at=soon(60))
    assert runs.take_up(soon()) is None
    assert runs.take_up(soon(61)) is not None


def test_a_run_that_is_taken_up_is_held_for_the_time_of_its_lease(settings: LazySettings) -> None:
    settings.REGISTRY_LEASE_SECONDS = 7
    waiting()
    now = soon()
    run = runs.take_up(now)
    assert run is not None
    assert (run.state, run.attempts, run.started_at) == (State.RUNNING, 1, now)
    assert run.lease_until == now + timedelta(seconds=7)
    assert runs.take_up(now + timedelta(seconds=7)) is None
    again = runs.take_up(now + timedelta(seconds=7, microseconds=1))
    assert again == run
    assert again is not None
    assert (again.attempts, again.started_at) == (2, now)


def test_a_run_that_kills_its_workers_is_given_up() -> None:
    run = waiting()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert taken_up().attempts == attempt
        expire(run)
    assert runs.take_up(soon()) is None
    run.refresh_from_db()
    assert (run.state, run.reason, run.figures) == (
        State.FAILED, Reason.WORKER_DIED, {"count": MOST_ATTEMPTS},
    )  # fmt: skip
    assert sentence_of(run.reason, run.figures) == (
        "the program that worked on it ended without a word, 3 times"
    )
    assert run.has_ended
    assert run.lease_until is None


def test_all_that_waits_is_carried_out_and_what_is_refused_stops_nothing(
    file: File, caplog: pytest.LogCaptureFixture
) -> None:
    sources = [file(FEWER), "/nowhere/registry.csv", file(changed())]
    for source in sources:
        waiting(source)
    with caplog.at_level(logging.WARNING):
        runs.take_up_all()
    assert [run.state for run in RefreshRun.objects.order_by("id")] == [
        State.REFUSED, State.FAILED, State.APPLIED,
    ]  # fmt: skip
    told = [record.getMessage() for record in caplog.records]
    assert [message.partition(": ")[0] for message in told] == [
        "The registry was not refreshed"
    ] * 2
    assert "/nowhere/registry.csv cannot be read: No such file or directory" in told[1]


# Carrying out.


def test_a_run_says_how_far_it_is_and_what_it_did(file: File) -> None:
    waiting(file(changed()))
    run = taken_up()
    steps = []
    received = []

    def step(step: Step) -> None:
        steps.append((step, RefreshRun.objects.get(pk=run.pk).step))

    def bytes_came(so_far: int, in_all: int | None) -> None:
        received.append((so_far, in_all))

    runs.carry_out(run, progress=step, received=bytes_came)
    size = len(changed().encode())
    assert steps == [(Step.GETTING, ""), (Step.WRITING, "getting")]
    assert received == [(size, size)]
    run.refresh_from_db()
    assert (run.state, run.step, run.lease_until) == (State.APPLIED, "", None)
    assert (run.bytes_received, run.bytes_expected) == (size, size)
    assert (run.record_count, run.rejected_count, run.modified_count) == (120, 0, 2)
    assert (run.added_count, run.removed_count, run.statuses_changed) == (0, 0, 0)
    assert run.changes_told == 2
    assert run.snapshot == Snapshot.objects.current()
    assert (run.reason, run.figures, run.file) == ("", {}, None)


def test_progress_renews_the_lease(file: File) -> None:
    waiting(file(changed()))
    run = taken_up()
    leases = []

    def step(_step: Step) -> None:
        leases.append(RefreshRun.objects.get(pk=run.pk).lease_until)
        RefreshRun.objects.filter(pk=run.pk).update(lease_until=soon(1))

    runs.carry_out(run, progress=step)
    assert all(lease and lease > soon(60) for lease in leases[1:])
    assert len(leases) == 2


def test_the_same_rows_end_as_unchanged(file: File) -> None:
    outcome = carried_out(file(traps.TEXT.replace("\r\n", "\n")))
    run = RefreshRun.objects.get()
    assert outcome is not None
    assert (run.state, run.snapshot) == (State.UNCHANGED, outcome.snapshot)
    assert (run.record_count, run.modified_count, run.changes_told) == (120, 0, 0)


def test_a_file_refused_by_its_figures_is_kept_as_a_whole_and_may_be_accepted(file: File) -> None:
    before = registry()
    run = refused(file(FEWER))
    assert registry() == before
    assert (run.reason, run.figures) == (
        Reason.NAMES_GONE,
        {"count": 2, "before": len([row for row in traps.ROWS if row[0]]), "most": 1},
    )
    assert run.file is not None
    kept = traps.read_table(archive.content_of(run.file).decode())
    assert len(kept) == len(traps.read_table(FEWER))
    assert runs.is_acceptable(run)
    assert run.has_ended
    assert run.lease_until is None


def test_what_is_no_registry_is_kept_for_a_look_and_may_not_be_accepted(file: File) -> None:
    before = registry()
    run = refused(file(NONE + "x" * 100_000 + "\n"))
    assert registry() == before
    assert run.reason == Reason.HEADER
    assert run.file is not None
    assert archive.content_of(run.file).decode().startswith(NONE)
    assert len(archive.content_of(run.file)) == archive.EXCERPT_BYTES
    assert not runs.is_acceptable(run)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_registry_in_another_encoding_is_refused_with_a_reason_that_can_be_stored(
    encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "registry.csv"
    # Without the last NULs of a little-endian one, so that its last line has an end.
    path.write_bytes(traps.TEXT.replace("É", "E").encode(encoding).rstrip(b"\0"))
    run = refused(str(path))
    assert run.reason in (Reason.HEADER, Reason.NOT_TEXT)
    assert "\0" not in str(run.figures)


def test_no_address_stands_in_what_is_stored_of_a_refused_file(file: File) -> None:
    run = refused(file("Jane <jane@example.com>,joe@example.com\r\n"))
    assert run.figures["found"] == "Jane, "
    assert run.file is not None
    assert b"@" not in archive.content_of(run.file)


def test_what_cannot_be_had_fails_and_keeps_no_file() -> None:
    waiting("/nowhere/registry.csv")
    before = traps.tables()
    with pytest.raises(FetchError):
        runs.carry_out(taken_up())
    run = RefreshRun.objects.get()
    assert (run.state, run.reason, run.file) == (State.FAILED, Reason.NOT_READABLE, None)
    assert traps.tables() == before


def test_what_is_larger_than_allowed_is_refused_and_not_kept(
    file: File, settings: LazySettings
) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = 1000
    run = refused(file(changed()))
    assert (run.reason, run.file) == (Reason.TOO_LARGE, None)
    assert not runs.is_acceptable(run)


def test_an_error_of_the_program_ends_the_run_with_its_words(
    file: File, editor: User, caplog: pytest.LogCaptureFixture
) -> None:
    run = refused(file(FEWER))
    runs.accept(run, by=editor, why="I looked")
    RegistryFile.objects.filter(pk=run.file_id).update(content=b"damaged")
    with pytest.raises(FetchError, match="an error of this program: IsalError: incomplete"):
        runs.carry_out(taken_up())
    failed = RefreshRun.objects.get(accepts=run)
    assert (failed.state, failed.reason) == (State.FAILED, Reason.ERROR)
    assert f"Run {failed.pk} failed" in caplog.text


# A lease that is lost.


@contextmanager
def lost_at(run: RefreshRun, statement: str) -> Iterator[list[str]]:
    """Another worker takes the run up just before the first such statement; which is noted."""
    noted: list[str] = []

    def watch(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith(statement) and not noted:
            noted.append(sql)
            expire(run)
            assert runs.take_up(soon()) == run
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield noted


@pytest.mark.parametrize("step", Step)
def test_who_lost_the_lease_cannot_go_on(file: File, step: Step) -> None:
    waiting(file(changed()))
    run = taken_up()
    before = traps.tables()

    def lose(current: Step) -> None:
        if current == step:
            expire(run)
            assert runs.take_up(soon()) == run

    with pytest.raises(LeaseLostError):
        runs.carry_out(run, progress=lose)
    assert traps.tables() == before
    now = RefreshRun.objects.get()
    assert (now.state, now.attempts, now.ended_at) == (State.RUNNING, 2, None)


def test_who_lost_the_lease_while_bytes_came_cannot_go_on(file: File) -> None:
    waiting(file(changed()))
    run = taken_up()

    def lose(_so_far: int, _in_all: int | None) -> None:
        expire(run)
        assert runs.take_up(soon()) == run

    with pytest.raises(LeaseLostError):
        runs.carry_out(run, received=lose)
    assert RefreshRun.objects.get().attempts == 2


@pytest.mark.parametrize(
    "statement",
    [
        'DELETE FROM "ports_assignment"',
        'UPDATE "ports_port"',
        'INSERT INTO "ports_registryfile"',
        'INSERT INTO "ports_snapshot"',
        # The run's own end, when everything is written and the changes are told.
        'UPDATE "ports_refreshrun" SET "state"',
    ],
)
def test_who_lost_the_lease_while_writing_takes_everything_back(file: File, statement: str) -> None:
    waiting(file(changed() + traps.write_table([], header=traps.made("new", "40000", "udp"))))
    run = taken_up()
    before = traps.tables()
    with lost_at(run, statement) as noted, pytest.raises(LeaseLostError):
        runs.carry_out(run)
    assert noted
    assert traps.tables() == before
    assert RefreshRun.objects.get().ended_at is None


def test_who_lost_the_lease_cannot_end_the_run_as_refused(file: File) -> None:
    waiting(file(FEWER))
    run = taken_up()
    with lost_at(run, 'INSERT INTO "ports_registryfile"') as noted, pytest.raises(LeaseLostError):
        runs.carry_out(run)
    assert noted
    now = RefreshRun.objects.get()
    assert (now.state, now.attempts, now.reason) == (State.RUNNING, 2, "")


def test_who_lost_the_lease_goes_on_with_what_waits_and_says_so(
    file: File, caplog: pytest.LogCaptureFixture
) -> None:
    run = waiting(file(changed()))
    with lost_at(run, 'INSERT INTO "ports_snapshot"') as noted:
        runs.take_up_all()
    assert noted
    assert f"Run {run.pk} was taken up by another worker meanwhile" in caplog.text


def test_a_lease_that_ran_out_is_not_lost_as_long_as_nobody_took_the_run_up(file: File) -> None:
    waiting(file(changed()))
    run = taken_up()
    expire(run)
    assert runs.carry_out(run) is not None
    assert RefreshRun.objects.get().state == State.APPLIED


def test_who_comes_after_does_what_the_first_did_not(file: File) -> None:
    waiting(file(changed()))
    first = taken_up()
    expire(first)
    second = taken_up()
    assert runs.carry_out(second) is not None
    after = traps.tables()
    with pytest.raises(LeaseLostError):
        runs.carry_out(first)
    assert traps.tables() == after
    assert RefreshRun.objects.get().state == State.APPLIED


# A source that holds nothing new.


class Source:
    """A server with a file that has an ETag, which knows what it was asked."""

    def __init__(self, text: str, etag: str = '"v1"') -> None:
        self.text = text
        self.etag = etag
        self.asked: list[tuple[str | None, str | None]] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        known = request.headers["If-None-Match"], request.headers["If-Modified-Since"]
        self.asked.append(known)
        is_known = known[0] == self.etag
        content = b"" if is_known else self.text.encode()
        request.send_response(304 if is_known else 200)
        request.send_header("ETag", self.etag)
        if not is_known:
            request.send_header("Last-Modified", "Thu, 23 Jul 2026 10:00:00 GMT")
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


@pytest.fixture
def source(serve: Serve, settings: LazySettings) -> tuple[str, Source]:
    """A server with a changed file that was applied from it once."""
    server = Source(changed())
    address = serve(server)
    settings.REGISTRY_PRIVATE_HOSTS = ["127.0.0.1"]
    assert carried_out(address) is not None
    current = Snapshot.objects.current()
    assert current is not None
    assert (current.etag, current.last_modified) == ('"v1"', "Thu, 23 Jul 2026 10:00:00 GMT")
    return address, server


NAMED_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|JOIN)\s+"?(\w+)')


def test_what_has_not_changed_touches_only_the_rows_of_the_run_and_the_snapshot(
    source: tuple[str, Source],
) -> None:
    address, server = source
    waiting(address)
    run = taken_up()
    before = traps.tables()
    with traps.statements() as executed:
        assert runs.carry_out(run) is None
    assert server.asked == [(None, None), ('"v1"', "Thu, 23 Jul 2026 10:00:00 GMT")]
    named = [set(NAMED_TABLE.findall(sql)) for sql in executed]
    assert set().union(*named) == {"ports_refreshrun", "ports_snapshot"}
    for sql, tables in zip(executed, named, strict=True):
        assert tables or sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")), sql
    assert sum(sql.startswith('UPDATE "ports_snapshot"') for sql in executed) == 1
    assert not any(sql.startswith(("INSERT", "DELETE")) for sql in executed)
    assert not any('"statistics"' in sql for sql in executed)
    after = traps.tables()
    assert {**after, "Snapshot": {}} == {**before, "Snapshot": {}}
    run.refresh_from_db()
    current = Snapshot.objects.current()
    assert current is not None
    assert (run.state, run.snapshot, run.ended_at is None) == (State.UNCHANGED, current, False)
    assert current.checked_at is not None
    assert current.checked_at > current.accepted_at


def test_a_file_that_has_changed_is_applied_and_its_etag_remembered(
    source: tuple[str, Source],
) -> None:
    address, server = source
    server.text, server.etag = changed("Yet another"), '"v2"'
    outcome = carried_out(address)
    assert outcome is not None
    assert outcome.result is Result.APPLIED
    current = Snapshot.objects.current()
    assert current is not None
    assert current.etag == '"v2"'


def test_the_same_file_with_another_etag_is_unchanged_and_known_by_that_one(
    source: tuple[str, Source],
) -> None:
    address, server = source
    server.etag = '"v2"'
    outcome = carried_out(address)
    assert outcome is not None
    assert outcome.result is Result.UNCHANGED
    assert carried_out(address) is None
    assert server.asked[-1][0] == '"v2"'


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "https://mirror.example/"},
        {"origin": "compiled"},
        {"reading_rules": READING_RULES - 1},
        {"etag": "", "last_modified": ""},
    ],
    ids=", ".join,
)
def test_what_another_source_or_older_rules_left_is_not_asked_for_conditionally(
    source: tuple[str, Source], fields: dict[str, object]
) -> None:
    address, server = source
    current = Snapshot.objects.current()
    assert current is not None
    Snapshot.objects.filter(pk=current.pk).update(**fields)
    assert carried_out(address) is not None
    assert server.asked == [(None, None)] * 2


# Forgetting.


def test_the_daily_task_asks_for_a_refresh_and_forgets_old_refused_files(
    file: File, settings: LazySettings
) -> None:
    settings.REGISTRY_URL = "https://registry.example/ports.csv"
    settings.REGISTRY_REFRESH_JITTER_SECONDS = 600
    old, new = refused(file(FEWER)), refused(file(FEWER + "bad\r\n"))
    assert settings.REGISTRY_REFUSED_DAYS == 30
    for run, days in ((old, 31), (new, 29)):
        RegistryFile.objects.filter(pk=run.file_id).update(kept_at=soon(-days * 86_400))
    RegistryFile.objects.filter(snapshots__isnull=False).update(kept_at=soon(-900 * 86_400))
    ask_for_refresh()
    for run in (old, new):
        run.refresh_from_db()
    assert (old.state, old.file, runs.is_acceptable(old)) == (State.REFUSED, None, False)
    assert runs.is_acceptable(new)
    assert RegistryFile.objects.filter(snapshots__isnull=False).count() == 1
    asked = RefreshRun.objects.latest("id")
    assert (asked.door, asked.source) == (Door.SCHEDULE, "https://registry.example/ports.csv")
    assert soon(-60) <= asked.due_at <= soon(600)
