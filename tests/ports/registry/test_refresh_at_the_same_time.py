"""Two refreshes at the same time, on connections of their own."""

import time
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, transaction

from ports.models import Assignment, Snapshot
from ports.registry import store
from ports.registry.refresh import Result, refresh
from tests.data import traps


def wait_for_waiting(count: int) -> None:
    """Return once so many connections wait for an advisory lock."""
    deadline = time.monotonic() + 10
    waiting = -1
    while waiting != count:
        assert time.monotonic() < deadline, f"{waiting} wait for the lock"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
                "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
            )
            (waiting,) = cursor.fetchone()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite lets one transaction write at a time, and its test database has one connection",
)
def test_of_two_refreshes_at_the_same_time_one_applies_the_file_and_one_finds_it_unchanged(
    tmp_path: Path,
) -> None:
    body = traps.body(traps.TEXT, tmp_path)
    traps.empty()
    results: list[Result] = []

    def run() -> None:
        try:
            results.append(refresh(body).result)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    with transaction.atomic():
        store.lock()
        for thread in threads:
            thread.start()
        wait_for_waiting(2)
    for thread in threads:
        thread.join()
    assert sorted(results) == [Result.APPLIED, Result.UNCHANGED]
    assert Snapshot.objects.count() == 1
    assert [row.record for row in Assignment.objects.order_by("id")] == traps.RECORDS
