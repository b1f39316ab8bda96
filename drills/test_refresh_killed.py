"""A refresh whose worker is killed leaves exactly the old or exactly the new registry, and ends."""

import random
from pathlib import Path

import pytest

from tests.refresh_kills import installation_on, kill_workers

KILLS = 30


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_thirty_killed_workers_leave_all_or_nothing(database: str, tmp_path: Path) -> None:
    with installation_on(database, tmp_path / "state") as site:
        seen = kill_workers(site, tmp_path, kills=KILLS, chosen=random.Random(9))
    print(f"{KILLS} kills on {database}: {seen}")
    assert seen.old, "no kill came before the end: the drill proved nothing"
    assert seen.taken_up_again, "no kill came while a worker held the run"
