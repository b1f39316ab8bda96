"""A refresh that is killed at any moment leaves exactly the old or exactly the new registry."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ports.registry.bundled import unpacked
from tests import machine

ROOT = Path(__file__).resolve().parent.parent
KILLS = 30


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own, with the bundled registry loaded."""
    environment = {**os.environ, "STATE_DIR": str(tmp_path / "state")}
    environment.pop("DATABASE_URL", None)
    if request.param == "postgresql":
        server = machine.require("postgresql")
        name = f"portsite_drill_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{name}"
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "load_bundled_registry")
    yield environment
    if request.param == "postgresql":
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def manage(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


HASH = """
import hashlib
from ports.models import Assignment, Port, Snapshot
rows = [
    *Assignment.objects.order_by("id").values_list(),
    *Port.objects.order_by("number").values_list(),
    *Snapshot.objects.order_by("id").values_list("sha256", "record_count", "statistics"),
]
facts = [row[1:] if len(row) > 5 else row for row in rows]
print(hashlib.sha256(repr(facts).encode()).hexdigest())
"""


def registry_hash(environment: dict[str, str]) -> str:
    """One value for everything the registry's tables hold."""
    return manage(environment, "shell", "--verbosity", "0", "-c", HASH).strip().splitlines()[-1]


def changed_file(tmp_path: Path, mark: int) -> Path:
    """The bundled registry with every "Protocol" in a description written otherwise."""
    with unpacked() as bundled:
        text = bundled.read_bytes().decode()
    path = tmp_path / f"registry-{mark}.csv"
    header, _end, rows = text.partition("\r\n")
    changed = rows.replace("Protocol,", f"Protocol {mark},")
    path.write_bytes(f"{header}\r\n{changed}".encode())
    return path


def test_a_refresh_killed_at_any_moment_changes_all_or_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    chosen = random.Random(9)
    started = time.monotonic()
    manage(environment, "refresh_registry", "--from", str(changed_file(tmp_path, 0)))
    whole = time.monotonic() - started
    seen = {"old": 0, "new": 0}
    before = registry_hash(environment)
    for mark in range(1, KILLS + 1):
        path = changed_file(tmp_path, mark)
        process = subprocess.Popen(
            [sys.executable, "manage.py", "refresh_registry", "--from", str(path)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(chosen.uniform(0.3, 1.1) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = registry_hash(environment)
        # Whatever happened, the same file now ends in the one right state.
        manage(environment, "refresh_registry", "--from", str(path))
        right = registry_hash(environment)
        assert after in {before, right}, f"kill {mark} left something between"
        seen["old" if after == before else "new"] += 1
        before = right
    print(f"{KILLS} kills: {seen['old']} left the old registry, {seen['new']} the new")
    assert seen["old"], "no kill came before the end: the drill proved nothing"
