"""Eight refreshes in processes of their own, started at the same moment: one applies the file."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.data import traps
from tests.portsite.processes import Program
from tests.refresh_kills import installation_on, manage

SECONDS = 120
STATE = """
from ports.models import Assignment, RefreshRun, Snapshot
from django.db.models import Count
print(Snapshot.objects.count(), Assignment.objects.count(),
      dict(RefreshRun.objects.order_by().values_list("state").annotate(Count("id"))))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own, with no registry loaded."""
    with installation_on(request.param, tmp_path / "state") as made:
        yield made


@pytest.mark.any_database
def test_of_eight_refreshes_at_once_one_applies_the_file_and_seven_say_so(
    site: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "manage.py", "refresh_registry", "--from", str(traps.TRAPS)]
    with ExitStack() as running:
        programs = [
            running.enter_context(Program(command, env=site, log=tmp_path / f"{number}.log"))
            for number in range(8)
        ]
        codes = [program.wait(SECONDS) for program in programs]
        said = [program.output.strip().splitlines()[-1] for program in programs]
    applied = [line for line in said if line.startswith("120 rows: 120 records, 0 rejected.")]
    unchanged = [line for line in said if line.startswith("Unchanged: this is the stored registry")]
    busy = [line for line in said if "Another refresh is going on" in line]
    assert len(applied) == 1, said
    assert len(unchanged) + len(busy) == 7, said
    assert sorted(codes) == [0] * (1 + len(unchanged)) + [1] * len(busy)
    states = {"applied": 1} | ({"unchanged": len(unchanged)} if unchanged else {})
    assert manage(site, "shell", "--verbosity", "0", "-c", STATE).strip() == f"1 120 {states}"
