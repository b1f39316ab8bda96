"""A state folder as a first start leaves it, made once and copied for each test that needs one."""

import fcntl
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.portsite.processes import Program, environment, free_port, until

FIRST_START_SECONDS = 120


class FirstStart(NamedTuple):
    """A prepared state folder, and what the two starts that made it printed."""

    state_dir: Path
    interrupted: str
    completed: str


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """The state folder of a first start, killed with -9 half way, and the start after it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the same for every worker: one makes it, the others wait
    made = FirstStart(folder / "prepared", *(f"{folder}/start-{number}.log" for number in (1, 2)))
    with (folder / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not Path(made.completed).exists():
            made.state_dir.mkdir()
            _serve_until("Comparing and writing", made.state_dir, Path(made.interrupted))
            _serve_until("Starting web server", made.state_dir, Path(made.completed))
    return FirstStart(
        made.state_dir, Path(made.interrupted).read_text(), Path(made.completed).read_text()
    )


def _serve_until(step: str, state_dir: Path, log: Path) -> None:
    """Start the site, and kill it as soon as it says that it begins with a step."""
    draft = log.with_suffix(".draft")
    with Program(
        [sys.executable, "manage.py", "serve"],
        env=environment(state_dir, PORT=str(free_port())),
        log=draft,
    ) as starting:
        until(lambda: step in starting.output or starting.has_ended, FIRST_START_SECONDS, step)
        starting.tell(signal.SIGKILL)
        starting.wait(5)
    assert step in draft.read_text(), draft.read_text()
    draft.rename(log)


@pytest.fixture
def prepared_state_dir(first_start: FirstStart, tmp_path: Path) -> Path:
    """A state folder of the test's own, in which the site has been prepared."""
    return copy_of(first_start.state_dir, tmp_path / "state")


def copy_of(prepared: Path, folder: Path) -> Path:
    """Copy a prepared state folder."""
    return Path(shutil.copytree(prepared, folder))
