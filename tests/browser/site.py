"""The whole site in a folder of its own, started as `make run` starts it."""

import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
STOP_SECONDS = 30

# What ends up in the log when something inside goes wrong, even if the pages look right.
_FAULTS = ("Traceback", " ERROR ", " CRITICAL ", " ended with code ")


class Vote(NamedTuple):
    """A stored vote."""

    port: int
    language: str
    face: str


class Site(NamedTuple):
    """A running site: where it answers, and where it keeps what it knows."""

    url: str
    state_dir: Path
    environment: dict[str, str]

    def votes(self) -> list[Vote]:
        """Every stored vote in the order they were cast, read past Django."""
        # Playwright runs an event loop in this thread, under which Django refuses to query.
        database = f"file:{self.state_dir / 'portsite.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True)) as connection:
            rows = connection.execute(
                "SELECT port_id, language, face FROM feedback_vote ORDER BY id"
            )
            return [Vote(*row) for row in rows]

    def comments(self) -> list[tuple[str, str, str]]:
        """What readers wrote: reason, comment and state, in the order in which they voted."""
        database = f"file:{self.state_dir / 'portsite.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True)) as connection:
            rows = connection.execute(
                "SELECT reason, comment, state FROM feedback_followup ORDER BY vote_id"
            )
            return [tuple(row) for row in rows]

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a management command beside the running site; return what it prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def add_superuser(self, name: str) -> str:
        """Make a superuser as an administrator does; return the password."""
        password = secrets.token_urlsafe(16)
        self.manage(
            "createsuperuser",
            "--noinput",
            DJANGO_SUPERUSER_USERNAME=name,
            DJANGO_SUPERUSER_EMAIL=f"{name}@example.org",
            DJANGO_SUPERUSER_PASSWORD=password,
        )
        return password


@contextmanager
def running_site(state_dir: Path, **settings: str) -> Iterator[Site]:
    """Run the site until the block ends; raise AssertionError if its log tells of a fault.

    `settings` are further environment variables, such as DATABASE_URL.
    """
    port = _free_port()
    environment = {
        # Nothing else: a DATABASE_URL for the rest of the suite must not reach this site.
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "STATE_DIR": str(state_dir),
        "PORT": str(port),
        "REGISTRY_URL": "http://127.0.0.1:9/",  # tests at 3:47 download nothing either
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    site = Site(f"http://localhost:{port}", state_dir, environment)
    log = state_dir / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, log)
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    faults = [line for line in _lines(log) if any(fault in line for fault in _FAULTS)]
    assert faults == [], "\n".join(_lines(log))


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not any(line.startswith("Portsite is running at ") for line in _lines(log)):
        ended = process.poll() is not None
        if ended or time.monotonic() > deadline:
            raise RuntimeError(
                f"the site {'ended' if ended else 'was not ready in time'}:\n"
                + "\n".join(_lines(log))
            )
        time.sleep(0.1)


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
