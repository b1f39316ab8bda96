"""A refresh whose worker is killed leaves exactly the old or exactly the new registry, and ends.

Three kills on each database; `make drill` has thirty.
"""

import random
from pathlib import Path

import pytest

from tests.refresh_kills import installation_on, kill_workers

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_killed_worker_leaves_all_or_nothing_and_another_ends_its_run(
    database: str, tmp_path: Path
) -> None:
    with installation_on(database, tmp_path / "state") as site:
        seen = kill_workers(site, tmp_path, kills=3, chosen=random.Random(4))  # noqa: S311 - moments, no secrets
    assert seen.old + seen.new == 3
