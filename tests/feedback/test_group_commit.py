"""What threads write at the same time is committed together, and each is told of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from feedback import group_commit
from feedback.models import Allowance
from tests.portsite.processes import until

# PostgreSQL groups its commits itself.
pytestmark = [pytest.mark.any_database, pytest.mark.django_db(transaction=True)]
LATER = datetime(2026, 7, 24, tzinfo=UTC)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def write(key: str, used: int = 1) -> str:
    Allowance.objects.create(key=key, used=used, ends_at=LATER)
    return f"{key} is stored"


def in_a_thread(work: Callable[[], Any], statements: list[str]) -> Any:
    """Do it with a connection of the thread's own; `statements` are those sent by it."""
    try:
        with CaptureQueriesContext(connections[DEFAULT_DB_ALIAS]) as asked:
            try:
                return group_commit.run(work)
            finally:
                connection.ensure_connection()
                statements += [query["sql"].split()[0] for query in asked.captured_queries]
    finally:
        # SQLite's own leaves a database in memory open.
        BaseDatabaseWrapper.close(connections[DEFAULT_DB_ALIAS])


def at_once(
    pool: ThreadPoolExecutor, *works: Callable[[], Any]
) -> tuple[list[Future[Any]], list[str]]:
    """Let threads come while another is at its commit; what became of each, and the statements."""
    statements: list[str] = []
    with group_commit._turn:
        futures = [pool.submit(in_a_thread, work, statements) for work in works]
        until(lambda: len(group_commit._coming) == len(works), 10, "all of them")
    for future in futures:
        future.exception(10)
    return futures, statements


def stored() -> set[str]:
    return set(Allowance.objects.values_list("key", flat=True))


def test_those_who_come_together_share_a_commit(threads: ThreadPoolExecutor) -> None:
    names = [f"key {number}" for number in range(8)]
    futures, statements = at_once(threads, *[lambda name=name: write(name) for name in names])
    assert [future.result() for future in futures] == [f"{name} is stored" for name in names]
    assert stored() == set(names)
    assert statements.count("COMMIT") == 1


def test_one_that_fails_takes_back_its_own_and_nothing_else(threads: ThreadPoolExecutor) -> None:
    def fail() -> None:
        write("begun")
        write("impossible", used=0)

    (first, failed, last), _statements = at_once(
        threads, lambda: write("first"), fail, lambda: write("last")
    )
    assert isinstance(failed.exception(), IntegrityError)
    assert first.result()
    assert last.result()
    assert stored() == {"first", "last"}


def test_if_the_commit_fails_nobody_is_told_that_it_is_stored(threads: ThreadPoolExecutor) -> None:
    def refer_to_nothing() -> None:
        # Foreign keys are checked at the commit.
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO feedback_followup (vote_id, reason, comment, state, written_on) "
                "VALUES (0, 'wrong', '', 'new', '2026-07-23')"
            )

    futures, _statements = at_once(threads, lambda: write("one"), refer_to_nothing)
    assert [type(future.exception()) for future in futures] == [IntegrityError] * 2
    assert stored() == set()


def test_without_a_lock_nothing_is_stored_behind_anybodys_back(
    threads: ThreadPoolExecutor, settings: Settings, tmp_path: Path
) -> None:
    settings.STATE_DIR = tmp_path / "not there"
    futures, _statements = at_once(threads, lambda: write("one"), lambda: write("two"))
    assert [type(future.exception()) for future in futures] == [FileNotFoundError] * 2
    settings.STATE_DIR = tmp_path
    assert threads.submit(in_a_thread, lambda: write("three"), []).result()
    assert stored() == {"three"}


def test_alone_it_is_one_transaction(threads: ThreadPoolExecutor) -> None:
    statements: list[str] = []
    assert threads.submit(in_a_thread, lambda: write("alone"), statements).result()
    assert statements == ["BEGIN", "INSERT", "COMMIT"]
