"""How much more memory a worker needs for a refresh than while it is idle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from ports.models import RefreshRun
from ports.registry import runs

_SETTLED = 8
"""Seconds until a worker has looked once and is idle."""


def run(files: list[tuple[str, Path]]) -> Iterator[tuple[str, float]]:
    """MiB above the idle worker, at the highest, for a refresh from each file in turn."""
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "portsite", "worker"]
    for title, path in files:
        worker = subprocess.Popen(
            [*command, "--concurrency", "1", "--loglevel", "ERROR"],
            env={**os.environ, "REGISTRY_LOOK": "1"},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            time.sleep(_SETTLED)
            idle = _highest(worker.pid, since_now=True)
            refresh = runs.request(
                door=RefreshRun.Door.COMMAND, source=str(path), due_at=timezone.now()
            )
            while not refresh.has_ended:
                time.sleep(0.2)
                refresh.refresh_from_db()
            assert refresh.state == RefreshRun.State.APPLIED, refresh.reason  # noqa: S101
            highest = _highest(worker.pid)
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        yield title, max(highest[pid] - idle[pid] for pid in highest) / 1024


def _highest(session: int, *, since_now: bool = False) -> dict[int, int]:
    """The most memory that each process of a session has held, in KiB; or holds `since_now`."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) != session:
                continue
            if since_now:
                (folder / "clear_refs").write_text("5")
            (line,) = [x for x in (folder / "status").read_text().splitlines() if "VmHWM" in x]
            found[int(folder.name)] = int(line.split()[1])
        except OSError:
            continue
    return found
