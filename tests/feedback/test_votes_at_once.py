"""Votes of many readers at once, against real processes on both databases: a tenth of the drill."""

import time
from pathlib import Path

import pytest

from tests.own_postgresql import own_postgresql
from tests.votes_at_once import (
    Ledger,
    check,
    kill_a_worker,
    prepare,
    references,
    stored,
    vote_at_once,
    web_server,
)

pytestmark = pytest.mark.any_database

PAGES = range(100, 140)


def test_with_a_killed_worker_and_a_restarted_database_no_vote_is_lost_or_counted_twice(
    tmp_path: Path,
) -> None:
    check_on_postgresql(tmp_path, voters=200, connections=50)


def test_on_sqlite_none_is_refused(tmp_path: Path) -> None:
    check_on_sqlite(tmp_path, voters=40)


def check_on_postgresql(state_dir: Path, *, voters: int, connections: int) -> Ledger:
    """Five votes of each voter; a worker is killed and the database restarted on the way."""
    with own_postgresql() as database:
        variables = {"DATABASE_URL": database.url}
        prepare(state_dir, **variables)
        with web_server(state_dir, **variables) as (server, port):

            def meanwhile(ledger: Ledger) -> None:
                while len(ledger.acknowledged) < voters:
                    time.sleep(0.01)
                kill_a_worker(server)
                while len(ledger.acknowledged) < 3 * voters:
                    time.sleep(0.01)
                database.stop()
                database.start()

            ledger = vote_at_once(
                port,
                voters=voters,
                each=5,
                connections=connections,
                pages=references(port, PAGES),
                meanwhile=meanwhile,
            )
        assert ledger.others[503] + ledger.others[0], "nobody noticed the faults"
        assert ledger.others[500] == 0
        check(ledger, stored(state_dir, **variables), wanted=voters * 5)
    return ledger


def check_on_sqlite(state_dir: Path, *, voters: int) -> Ledger:
    """Five votes of each voter, without a fault."""
    prepare(state_dir)
    with web_server(state_dir) as (_server, port):
        ledger = vote_at_once(
            port, voters=voters, each=5, connections=50, pages=references(port, PAGES)
        )
    assert not ledger.others
    check(ledger, stored(state_dir), wanted=voters * 5)
    return ledger
