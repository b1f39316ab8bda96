"""A broker that is frozen or gone holds up no editor, and loses no refresh that was asked for."""

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from portsite import supervisor
from tests import machine
from tests.portsite.conftest import FirstStart
from tests.portsite.processes import ROOT, Program, ask, environment, free_port, until
from tests.portsite.test_celery import Registry, registry

__all__ = ["registry"]  # the fixture
pytestmark = pytest.mark.any_database

PASSWORD = "a-long-enough-one"  # noqa: S105 - of a site that lives as long as the test
ANSWER_SECONDS = 2
DONE_SECONDS = 30


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[tuple[Program, int]]:
    """A Redis of its own, which may be frozen, and its port."""
    port = free_port()
    command = [machine.require("redis-server"), "--port", str(port), "--save", "", "--dir", "."]
    folder = tmp_path / "redis"
    folder.mkdir()
    log = folder / "redis.log"
    with Program(command, env=environment(folder), log=log, cwd=folder) as server:
        until(lambda: "Ready to accept connections" in server.output, 20, "Redis")
        yield server, port
        # Redis writes its title over its environment, by which others are found to be ended.
        server.process.kill()


def signed_in(url: str) -> httpx.Client:
    """A superuser's browser, as far as HTTP goes."""
    client = httpx.Client(base_url=url, timeout=20, trust_env=False)
    form = client.get("/admin/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    answer = client.post(
        "/admin/login/?next=/admin/",
        data={"username": "editor", "password": PASSWORD, "csrfmiddlewaretoken": token[1]},
    )
    assert answer.status_code == 302, answer.text
    return client


def press_refresh(client: httpx.Client) -> tuple[str, float]:
    """Press "Refresh now": the address of the run, and how many seconds the answer took."""
    page = client.get("/admin/ports/refreshrun/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    started = time.monotonic()
    answer = client.post("/admin/ports/refreshrun/refresh/", data={"csrfmiddlewaretoken": token[1]})
    seconds = time.monotonic() - started
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"], seconds


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL], ids=["frozen", "gone"])
def test_an_editor_is_answered_at_once_and_the_refresh_is_done(
    fault: signal.Signals,
    redis_port: tuple[Program, int],
    first_start: FirstStart,
    registry: Registry,
    tmp_path: Path,
) -> None:
    broker, broker_port = redis_port
    state_dir = tmp_path / "state"
    shutil.copytree(first_start.state_dir, state_dir)
    port = free_port()
    env = environment(
        state_dir,
        PORT=str(port),
        REGISTRY_URL=registry.url,
        CELERY_BROKER_URL=f"redis://127.0.0.1:{broker_port}/0",
    )
    subprocess.run(
        [sys.executable, "manage.py", "createsuperuser", "--noinput"],
        cwd=ROOT,
        env={
            **env,
            "DJANGO_SUPERUSER_USERNAME": "editor",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "DJANGO_SUPERUSER_EMAIL": "editor@example.org",
        },
        check=True,
        capture_output=True,
    )
    web, worker = (
        Program(service.command, env=env, log=state_dir / f"{service.name}.log")
        for service in supervisor.commands(port, state_dir)[:2]
    )
    with web, worker:
        until(lambda: ask(port, "/healthz"), 60, "the site")
        client = signed_in(f"http://localhost:{port}")
        broker.tell(fault)
        address, seconds = press_refresh(client)
        assert seconds < ANSWER_SECONDS
        # Whoever presses again while the broker is away does not wait either.
        _address, seconds = press_refresh(client)
        assert seconds < ANSWER_SECONDS
        time.sleep(3)
        broker.tell(signal.SIGCONT)
        pk = re.search(r"/(\d+)/", address)
        assert pk

        def state() -> str:
            database = f"file:{state_dir / 'portsite.sqlite3'}?mode=ro"
            with closing(sqlite3.connect(database, uri=True, timeout=20)) as connection:
                query = f"SELECT state FROM ports_refreshrun WHERE id = {pk[1]}"  # noqa: S608
                return str(connection.execute(query).fetchone()[0])

        until(lambda: state() == "applied", DONE_SECONDS, "the refresh")
        client.close()
    assert registry.asked >= 1
