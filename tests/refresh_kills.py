"""Workers that are killed while they refresh the registry, and what they leave behind."""

import csv
import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psycopg

from ports.registry.bundled import unpacked
from tests import machine
from tests.portsite.processes import ROOT, Program, environment, until

LEASE_SECONDS = 5

_HASH = """
import hashlib, json
from ports.models import Assignment, Port, RegistryChange, Snapshot
tables = [
    [*Assignment.objects.order_by("id").values_list()],
    [*Port.objects.order_by("number").values_list()],
    [*Snapshot.objects.order_by("id").values_list("sha256", "record_count", "statistics", "file")],
    [*RegistryChange.objects.order_by("id").values_list("snapshot", "kind", "before", "after")],
]
# Ids leave gaps where a transaction was taken back; the order of rows stays.
facts = [[row[1:] if len(row) > 5 else row for row in table] for table in tables[:2]]
print("hash", hashlib.sha256(repr(facts + [len(t) for t in tables[2:]]).encode()).hexdigest())
"""
_ASK = """
from datetime import UTC, datetime
from ports.models import RefreshRun
from ports.registry import runs
due_at = datetime.fromtimestamp({due}, UTC)
print("run", runs.request(door=RefreshRun.Door.COMMAND, source={source!r}, due_at=due_at).pk)
"""
_RUN = """
from ports.models import RefreshRun
print("state", RefreshRun.objects.get(pk={pk}).state, RefreshRun.objects.get(pk={pk}).attempts)
"""


class Killed(NamedTuple):
    """How many kills left the old registry and the new, and how many runs began anew."""

    old: int
    new: int
    taken_up_again: int


@contextmanager
def installation_on(database: str, state_dir: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own on "sqlite" or "postgresql", with no registry in it."""
    own = environment(state_dir, REGISTRY_LEASE=str(LEASE_SECONDS), REGISTRY_LOOK="1")
    name = f"portsite_own_{os.getpid()}"
    server = machine.require("postgresql") if database == "postgresql" else ""
    if server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        own["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{name}"
    try:
        manage(own, "migrate", "--verbosity", "0")
        yield own
    finally:
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def shell(site: dict[str, str], script: str) -> str:
    """The last line that a script of the site prints, without its first word."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", script],
        cwd=ROOT,
        env=site,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1].partition(" ")[2]


def manage(site: dict[str, str], *arguments: str) -> str:
    """What a management command prints."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=site,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _attempts_of_applied(site: dict[str, str], pk: str) -> int:
    """How often a run was taken up until it was applied; 0 while it is not."""
    state, attempts = shell(site, _RUN.format(pk=pk)).split()
    return int(attempts) if state == "applied" else 0


def marked_file(folder: Path, mark: int) -> Path:
    """The bundled registry in which one record of thirty says that it carries this mark."""
    with unpacked() as bundled:
        rows = list(csv.reader(io.StringIO(bundled.read_bytes().decode(), newline="")))
    for row in rows[30::30]:
        row[3] = f"{row[3]} {mark}".strip()
    path = folder / f"registry-{mark}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def worker(site: dict[str, str], log: Path) -> Program:
    """A Celery worker that looks for runs every second."""
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "portsite", "worker"]
    return Program([*command, "--concurrency", "1", "--loglevel", "INFO"], env=site, log=log)


def kill_workers(
    site: dict[str, str], folder: Path, *, kills: int, chosen: random.Random
) -> Killed:
    """Kill a real worker at a random moment of each of so many refreshes.

    Fails unless each leaves exactly the old or exactly the new registry, and unless the run then
    ends by itself, with the new one, once its lease has run out.
    """
    manage(site, "load_bundled_registry")
    manage(site, "refresh_registry", "--from", str(marked_file(folder, 0)))
    before = shell(site, _HASH)
    seen = {"old": 0, "new": 0, "again": 0}
    log = folder / "worker.log"
    for mark in range(1, kills + 1):
        path = marked_file(folder, mark)
        log.unlink(missing_ok=True)
        with worker(site, log) as killed:
            until(lambda: "ready" in log.read_text(), 60, "a worker")
            due = time.time() + 6
            pk = shell(site, _ASK.format(source=str(path), due=due))
            # It is taken up within a second of that, and takes about half a second.
            time.sleep(max(0, due + chosen.uniform(0.2, 1.6) - time.time()))
            killed.kill_everything()
        after = shell(site, _HASH)
        with worker(site, log):
            attempts = until(
                partial(_attempts_of_applied, site, pk),
                LEASE_SECONDS + 60,
                "a run that ends by itself",
            )
        right = shell(site, _HASH)
        assert right != before, f"kill {mark}: the run applied nothing"
        assert after in {before, right}, f"kill {mark} left something between"
        seen["old" if after == before else "new"] += 1
        seen["again"] += attempts > 1
        before = right
    return Killed(seen["old"], seen["new"], seen["again"])
