"""Casting votes by 16 clients, against a bare Django view; and counting them.

Both web servers run on one core and the clients on others, so that a rate is what one core serves.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

from django.db import connection

from benchmarks.timing import Measured
from feedback import tallying
from feedback.models import Tally, Vote, VoteDelta
from tests.portsite.processes import Program, environment, free_port, until
from tests.votes_at_once import prepare, references, stored, web_server

CLIENTS = 16
# As many threads as clients, or else the web server is busy changing between connections.
WORKERS, THREADS = 2, 8
ROUNDS = 3
SECONDS = 4
SIZES = (10_000, 100_000, 1_000_000)
NEW = 1_000
PAGES = range(100, 200)

# Each request from another address, as a trusted proxy hands it on.
_SCRIPT = """
local bodies = {{{bodies}}}
local count = 0
local seed = {seed}
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
function request()
  count = count + 1
  wrk.headers["X-Forwarded-For"] = string.format("2001:db8:%x:%x::", seed, count)
  return wrk.format(nil, "/feedback/", nil, bodies[count % #bodies + 1])
end
"""


class Load(NamedTuple):
    """What the clients saw: answers in a second, all of them, and those that were no success."""

    rate: float
    answers: int
    failures: int


class Votes(NamedTuple):
    """Casting a vote as against a bare view; while the registry is refreshed; and the failures."""

    alone: Measured
    beside_a_refresh: Measured
    failures: int
    lost: int


def run(newer: Path, older: Path, **variables: str) -> Votes:
    """On the database that the variables name; SQLite without any."""
    with tempfile.TemporaryDirectory(prefix="portsite-votes-") as folder:
        state_dir = Path(folder)
        prepare(state_dir, **variables)
        with (
            _on_one_core(),
            _bare() as bare,
            web_server(state_dir, workers=WORKERS, threads=THREADS, **variables) as (_server, port),
        ):
            pages = references(port, PAGES)
            with _elsewhere():
                alone, before = _compared(bare, port, pages, 1)
                with _refreshing(state_dir, [older, newer], variables):
                    beside, after = _compared(bare, port, pages, 100)
        answered = sum(load.answers for load in (*before, *after))
        found = stored(state_dir, **variables)
        return Votes(
            alone,
            beside,
            sum(load.failures for load in (*before, *after)),
            max(0, answered - len(found.votes)),
        )


def counting() -> list[tuple[int, float]]:
    """How many seconds counting a thousand votes takes, beside so many counted before."""
    found, made = [], 0
    for size in SIZES:
        _fill(made, size)
        made = size
        _new_votes()
        started = time.perf_counter()
        tallying.count_all()
        found.append((size, time.perf_counter() - started))
    Tally.objects.all().delete()
    Vote.objects.all()._raw_delete("default")
    return found


def _compared(
    bare: int, port: int, pages: dict[int, str], seed: int
) -> tuple[Measured, list[Load]]:
    bodies = [f"face=happy&page={reference}" for reference in pages.values()]
    floors, loads = [], []
    for nth in range(ROUNDS + 1):
        floors.append(_load(bare, bodies, seed + nth))
        loads.append(_load(port, bodies, seed + nth))
    ratios = [floor.rate / load.rate for floor, load in zip(floors[1:], loads[1:], strict=True)]
    return (
        Measured(
            1 / median(floor.rate for floor in floors[1:]),
            1 / median(load.rate for load in loads[1:]),
            median(ratios),
        ),
        loads,
    )


def _load(port: int, bodies: list[str], seed: int) -> Load:
    """Let wrk send requests for some seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        quoted = ", ".join(f'"{body}"' for body in bodies)
        script.write(_SCRIPT.format(bodies=quoted, seed=seed))
        script.flush()
        printed = subprocess.run(
            [
                *("wrk", "--threads", "1", "--connections", str(CLIENTS)),
                *("--duration", f"{SECONDS}s", "--timeout", "60s", "--script", script.name),
                f"http://127.0.0.1:{port}/feedback/",
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", printed)
    (answers,) = re.findall(r"(\d+) requests in", printed)
    failures = re.findall(r"Non-2xx or 3xx responses: (\d+)", printed)
    broken = re.findall(r"\d+", "".join(re.findall(r"Socket errors: (.*)", printed)))
    return Load(float(rate), int(answers), sum(map(int, [*failures, *broken])))


@contextmanager
def _bare() -> Iterator[int]:
    """The bare view behind the same web server; its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portsite-bare-") as folder:
        command = [
            *(sys.executable, "-m", "gunicorn", "benchmarks.bare:application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)),
            *("--threads", str(THREADS)),
            *("--worker-class", "gthread", "--log-level", "error", "--no-control-socket"),
        ]
        env = environment(Path(folder))
        with Program(command, env=env, log=Path(folder) / "log"):
            until(lambda: _answers(port), 30, "an answer")
            yield port


@contextmanager
def _on_one_core() -> Iterator[None]:
    """Let what is started here run on one core, which it shares with nobody of `_elsewhere`."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Let what is started here, those who load a server, run on other cores where there are any."""
    core = os.sched_getaffinity(0)
    others = set(range(os.cpu_count() or 1)) - core
    os.sched_setaffinity(0, others or core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, core)


def _answers(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/feedback/"
    return subprocess.run(["curl", "--silent", address], check=False).returncode == 0


@contextmanager
def _refreshing(state_dir: Path, files: list[Path], variables: dict[str, str]) -> Iterator[None]:
    """Refresh the registry again and again, from one file and from the other."""
    refresh = f"{sys.executable} manage.py refresh_registry --from"
    loop = "while true; do " + "; ".join(f"{refresh} {file}" for file in files) + "; done"
    with Program(
        ["sh", "-c", loop], env=environment(state_dir, **variables), log=state_dir / "refresh.log"
    ):
        yield


def available() -> bool:
    """Whether there is something to load the server with."""
    return subprocess.run(["which", "wrk"], check=False, capture_output=True).returncode == 0


def _fill(made: int, size: int) -> None:
    """Have so many votes that were counted before, spread over ports and days."""
    is_postgresql = connection.vendor == "postgresql"
    numbers = (
        "SELECT n FROM generate_series(%s::int, %s::int) AS n"
        if is_postgresql
        else "WITH RECURSIVE numbers(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM numbers "
        "WHERE n < %s) SELECT n FROM numbers"
    )
    day = "DATE '2026-01-01'" if is_postgresql else "'2026-01-01'"
    statements = (
        (
            "INSERT INTO feedback_vote (port_id, language, text_language, revision_number, face, "  # noqa: S608 - no text of others
            f"cast_on, voter) SELECT n %% 65536, 'en', '', 0, 'happy', {day}, "
            f"CAST(n AS varchar(32)) FROM ({numbers}) AS made"
        ),
        (
            "INSERT INTO feedback_tally (port_id, language, text_language, revision_number, "  # noqa: S608 - no text of others
            f"since_revision, first_vote_on, sad, doubtful, happy) SELECT port_id, 'en', '', 0, 0, "
            f"{day}, 0, 0, count(*) FROM feedback_vote GROUP BY port_id ON CONFLICT DO NOTHING"
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(statements[0], [made + 1, size])
        cursor.execute(statements[1])


def _new_votes() -> None:
    VoteDelta.objects.bulk_create(
        VoteDelta(
            port_id=number * 7,
            language="en",
            text_language="",
            revision_number=0,
            day=date(2026, 7, 23),
            face="happy",
            difference=1,
        )
        for number in range(NEW)
    )
