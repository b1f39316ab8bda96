"""`make bench`: print every ratio, with its times. Nothing is asserted here."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import machine

STATE = tempfile.mkdtemp(prefix="portsite-bench-")
ON_POSTGRESQL = "--on-postgresql"
os.environ.update(
    STATE_DIR=STATE,
    DJANGO_SETTINGS_MODULE="portsite.settings",
    API_REQUESTS_PER_MINUTE="1000000",  # requests are counted, and none is refused
)
if ON_POSTGRESQL not in sys.argv:
    os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402 - only after the environment is set

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import api, memory, pages, registry, starting, votes  # noqa: E402
from benchmarks.timing import Measured  # noqa: E402
from ports.registry.bundled import load_bundled, unpacked  # noqa: E402
from portsite.preparation import prepare  # noqa: E402


def show(title: str, measured: Measured, *, per: int = 1, rate: bool = False) -> None:
    ratio = 1 / measured.ratio if rate else measured.ratio
    print(
        f"  {title:<46}{ratio:>8.3f}   "
        f"{measured.seconds / per * 1000:>10.2f} ms, floor {measured.floor / per * 1000:>8.2f} ms",
        flush=True,
    )


def main() -> None:
    prepare(lambda step: print(f"{step} ..."))
    print("\nPages: rate, as a share of a bare Django view's")
    for title, measured in pages.run():
        show(title, measured, per=pages.PAGES, rate=True)
    print("\nStarting: seconds")
    for title, seconds in starting.run():
        print(f"  {title:<46}{seconds:>8.2f}")
    measure_api("SQLite")
    measure_votes("SQLite")
    measure_registry("SQLite: time, in multiples of csv.reader plus one executemany")
    with on_postgresql() as environment:
        if environment:
            command = [sys.executable, "-m", "benchmarks", ON_POSTGRESQL]
            subprocess.run(command, env=environment, check=True)


def measure_api(database: str) -> None:
    print(f"\nAPI on {database}: rate, as a share of the floor's")
    for title, measured in api.run():
        show(title, measured, per=api.REQUESTS, rate=True)


def measure_votes(database: str, **variables: str) -> None:
    print(f"\nVotes by {votes.CLIENTS} clients on {database}: rate, as a share of a bare view's")
    if votes.available():
        with unpacked() as bundled:
            older, newer = registry.files(Path(os.environ.get("REGISTRY_SAMPLES", "")), bundled)
            found = votes.run(newer, older, **variables)
        show("cast", found.alone, rate=True)
        show("cast, while the registry is refreshed", found.beside_a_refresh, rate=True)
        print(f"  failures {found.failures}, acknowledged and not stored {found.lost}")
    else:
        print("  not measured: needs wrk")
    print(f"  Counting {votes.NEW} votes, beside so many counted before: ms")
    for size, seconds in votes.counting():
        print(f"  {size:<46,}{seconds * 1000:>8.1f}", flush=True)


def measure_registry(title: str) -> None:
    with unpacked() as bundled:
        older, newer = registry.files(Path(os.environ.get("REGISTRY_SAMPLES", "")), bundled)
        print(f"\nRegistry on {title} ({newer.name})", flush=True)
        for measure, measured in registry.run(older, newer):
            show(measure, measured)
        registry.empty()
        files = [("first load", older), *([("difference", newer)] if newer != older else [])]
        print("  Memory of a worker above the idle one, MiB", flush=True)
        for measure, mebibytes in memory.run(files):
            print(f"  {measure:<46}{mebibytes:>8.1f}", flush=True)


@contextmanager
def on_postgresql() -> Iterator[dict[str, str] | None]:
    """An environment with a PostgreSQL database of its own; None without a server."""
    server = machine.SERVICES["postgresql"].find()
    if server is None:
        print(f"\nOn PostgreSQL: not measured: {machine.missing('postgresql')}")
        yield None
        return
    name = f"portsite_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {**os.environ, "DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


try:
    if ON_POSTGRESQL in sys.argv:
        call_command("migrate", verbosity=0)
        load_bundled()
        (Path(STATE) / "static").mkdir()
        measure_api("PostgreSQL")
        registry.empty()
        measure_votes("PostgreSQL", DATABASE_URL=os.environ["DATABASE_URL"])
        measure_registry("PostgreSQL: time, in multiples of csv.reader plus one COPY")
    else:
        main()
finally:
    shutil.rmtree(STATE, ignore_errors=True)
