"""The background work on real workers, with each of the brokers, and the daily schedule."""

import gzip
import json
import shelve
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
import redis
from kombu import Connection

from ports.registry.bundled import SNAPSHOT
from ports.tasks import ask_for_refresh
from portsite import supervisor
from portsite.celery import app
from tests.portsite.conftest import FirstStart
from tests.portsite.processes import ROOT, Program, environment, until

pytestmark = pytest.mark.any_database

START_SECONDS = 60
REFRESH_SECONDS = 30
DESCRIPTION, CHANGED_DESCRIPTION = "World Wide Web HTTP", "World Wide Web HTTP, seen anew"


class Installation(NamedTuple):
    """A database with the bundled registry in it, and the environment of what works on it."""

    state_dir: Path
    env: dict[str, str]
    name: str
    """Of its worker, and of its queue on a server that others use too."""

    def worker(self) -> Program:
        """A Celery worker."""
        return Program(
            [
                *(sys.executable, "-m", "celery", "-A", "portsite", "worker"),
                *("--pool", "prefork", "--concurrency", "1", "--hostname", f"{self.name}@%h"),
                *("--loglevel", "INFO"),
            ],
            env=self.env,
            log=self.state_dir / "worker.log",
        )

    def ask_for_refresh(self) -> None:
        """Ask for a refresh in a process of its own, and tell a worker."""
        script = """
import portsite.celery, django
django.setup()
from ports.models import RefreshRun
from ports.registry import runs
from ports.tasks import take_up_runs
runs.request(door=RefreshRun.Door.ADMIN)
take_up_runs.delay()
"""
        asked = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=self.env,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert asked.returncode == 0, asked.stderr

    def rows(self, query: str) -> list[tuple[object, ...]]:
        database = f"file:{self.state_dir / 'portsite.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    @property
    def snapshots(self) -> list[tuple[object, ...]]:
        """Origin and source of the accepted snapshots, oldest first."""
        return self.rows("SELECT origin, source FROM ports_snapshot ORDER BY id")

    @property
    def descriptions(self) -> set[object]:
        """What the registry says that http is."""
        query = "SELECT description FROM ports_assignment WHERE service_name = 'http' AND "
        return {row[0] for row in self.rows(query + "transport = 'tcp'")}


class Registry:
    """A web server with a registry of its own; `status` may be changed while it runs."""

    def __init__(self, content: bytes) -> None:
        self.status = 200
        self.asked = 0
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.asked += 1
                self.send_response(registry.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/registry.csv"


@pytest.fixture
def registry() -> Iterator[Registry]:
    """The bundled registry with another description, as IANA might publish it next."""
    content = gzip.decompress(SNAPSHOT.read_bytes())
    changed = content.replace(
        f",80,tcp,{DESCRIPTION},".encode(), f',80,tcp,"{CHANGED_DESCRIPTION}",'.encode()
    )
    assert changed != content
    running = Registry(changed)
    with running.server:
        thread = Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.server.shutdown()
        thread.join()


@pytest.fixture
def installation(first_start: FirstStart, registry: Registry, tmp_path: Path) -> Installation:
    """An installation without a broker, where messages lie as files in the state folder."""
    state_dir = tmp_path / "state"
    state_dir.mkdir()
    for path in first_start.state_dir.glob("portsite.sqlite3*"):
        shutil.copy(path, state_dir)
    name = f"portsite-test-{uuid.uuid4().hex}"
    # Only the messages tell the workers: they look by themselves when they start, and not again.
    env = environment(state_dir, REGISTRY_URL=registry.url, REGISTRY_LOOK="3600")
    return Installation(state_dir, env, name)


def on_server(installation: Installation, url: str, *settings: str) -> Installation:
    """The installation with a broker that others use too, and with settings that keep it apart."""
    module = installation.name.replace("-", "_")
    lines = ["from portsite.settings import *", *settings]
    (installation.state_dir / f"{module}.py").write_text("\n".join(lines))
    env = {
        **installation.env,
        "CELERY_BROKER_URL": url,
        "PYTHONPATH": str(installation.state_dir),
        "DJANGO_SETTINGS_MODULE": module,
    }
    return installation._replace(env=env)


@pytest.fixture
def on_redis(installation: Installation, redis_url: str) -> Iterator[Installation]:
    """An installation with Redis, where every key of it carries its name."""
    options = {"global_keyprefix": f"{installation.name}."}
    yield on_server(installation, redis_url, f"CELERY_BROKER_TRANSPORT_OPTIONS = {options}")
    with redis.Redis.from_url(redis_url) as server:
        for key in server.scan_iter(f"{installation.name}.*"):
            server.delete(key)


@pytest.fixture
def on_rabbitmq(installation: Installation, rabbitmq_url: str) -> Iterator[Installation]:
    """An installation with RabbitMQ, where its queue carries its name."""
    yield on_server(
        installation, rabbitmq_url, f"CELERY_TASK_DEFAULT_QUEUE = {installation.name!r}"
    )
    with Connection(rabbitmq_url) as connection, connection.channel() as channel:
        channel.queue_delete(installation.name)
        channel.exchange_delete(installation.name)


@pytest.fixture(
    params=["installation", "on_redis", "on_rabbitmq"], ids=["files", "redis", "rabbitmq"]
)
def with_each_broker(request: pytest.FixtureRequest) -> Installation:
    installation: Installation = request.getfixturevalue(request.param)
    return installation


def test_a_refresh_asked_for_by_one_process_is_done_by_a_worker(
    with_each_broker: Installation, registry: Registry
) -> None:
    assert with_each_broker.snapshots == [("compiled", "bundled")]
    assert with_each_broker.descriptions == {DESCRIPTION}
    with with_each_broker.worker() as worker:
        until(lambda: "ready" in worker.output, START_SECONDS, "a worker")
        with_each_broker.ask_for_refresh()
        until(lambda: len(with_each_broker.snapshots) > 1, REFRESH_SECONDS, "another snapshot")
    assert with_each_broker.snapshots[1:] == [("authoritative", registry.url)]
    assert with_each_broker.descriptions == {CHANGED_DESCRIPTION}
    assert registry.asked == 1
    in_files = "CELERY_BROKER_URL" not in with_each_broker.env
    assert (with_each_broker.state_dir / "queue").exists() == in_files


def test_a_failed_refresh_changes_nothing_and_the_worker_goes_on(
    installation: Installation, registry: Registry
) -> None:
    registry.status = 500
    with installation.worker() as worker:
        until(lambda: "ready" in worker.output, START_SECONDS, "a worker")
        installation.ask_for_refresh()
        until(lambda: "answered 500" in worker.output, REFRESH_SECONDS, "a warning")
        assert (
            "WARNING ports.registry.runs: The registry was not refreshed: "
            f"{registry.url} answered 500"
        ) in worker.output
        assert installation.snapshots == [("compiled", "bundled")]
        assert installation.descriptions == {DESCRIPTION}
        assert list(installation.state_dir.glob("download-*")) == []
        registry.status = 200
        installation.ask_for_refresh()
        until(lambda: len(installation.snapshots) > 1, REFRESH_SECONDS, "another snapshot")
        assert not worker.has_ended
        assert "Traceback" not in worker.output


def test_the_schedule_holds_one_refresh_a_day() -> None:
    entries = app.conf.beat_schedule.values()
    (schedule,) = (each["schedule"] for each in entries if each["task"] == ask_for_refresh.name)
    assert (schedule.hour, schedule.minute) == ({3}, {47})
    assert schedule.day_of_week == set(range(7))
    assert schedule.day_of_month == set(range(1, 32))
    assert schedule.month_of_year == set(range(1, 13))
    assert app.conf.timezone == "UTC"


def test_beat_makes_up_for_a_refresh_that_was_due_while_it_did_not_run(
    installation: Installation,
) -> None:
    (command,) = (
        service.command
        for service in supervisor.commands(8000, installation.state_dir)
        if service.name == "beat"
    )
    stored = installation.state_dir / "beat-schedule"
    messages = installation.state_dir / "queue" / "messages"
    with Program(command, env=installation.env, log=installation.state_dir / "beat.log") as beat:
        until(stored.exists, START_SECONDS, "a stored schedule")
        with pytest.raises(subprocess.TimeoutExpired):
            beat.process.wait(2)  # it stays up
        assert list(messages.iterdir()) == []  # a new installation has nothing to make up for
        beat.tell(signal.SIGTERM)
        assert beat.wait(15) == 0
    with shelve.open(str(stored), writeback=True) as schedule:  # noqa: S301 - beat's own file
        for entry in schedule["entries"].values():
            if entry.task == ask_for_refresh.name:
                entry.last_run_at -= timedelta(days=2)
    with Program(command, env=installation.env, log=installation.state_dir / "beat.log") as beat:
        (message,) = until(lambda: list(messages.glob("*.msg")), START_SECONDS, "a message")
        until(lambda: message.read_text().endswith("}"), 5, "the whole message")
        assert not beat.has_ended
    assert json.loads(message.read_text())["headers"]["task"] == "ports.tasks.ask_for_refresh"
