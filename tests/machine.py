"""What the machine offers to the tests: servers and programs, or why a test cannot run."""

import os
import shutil
import socket
from collections.abc import Callable
from typing import NamedTuple

import psycopg
import pytest

REQUIRE_SERVICES = "REQUIRE_SERVICES"
"""Set in the environment, it turns every skip for want of a service into a failure."""


class Service(NamedTuple):
    """Something tests may need: how it is found (None: it is not there) and installed."""

    title: str
    find: Callable[[], str | None]
    install: str


def _postgresql() -> str | None:
    candidates = [
        os.environ.get("TEST_POSTGRESQL_URL", ""),
        "postgresql://%2Fvar%2Frun%2Fpostgresql/postgres",
        "postgresql://127.0.0.1/postgres",
    ]
    for url in filter(None, candidates):
        try:
            with psycopg.connect(url, connect_timeout=3) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return url
    return None


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


SERVICES = {
    "postgresql": Service(
        "a PostgreSQL server where this user may create databases",
        _postgresql,
        "sudo apt-get install postgresql, then sudo -u postgres createuser --createdb $USER; "
        "or name one in TEST_POSTGRESQL_URL",
    ),
    "redis": Service(
        "a Redis server on port 6379",
        lambda: "redis://127.0.0.1:6379/15" if _listens(6379) else None,
        "sudo apt-get install redis-server",
    ),
    "rabbitmq": Service(
        "a RabbitMQ server on port 5672",
        lambda: "amqp://guest:guest@127.0.0.1:5672//" if _listens(5672) else None,
        "sudo apt-get install rabbitmq-server",
    ),
    "chromium": Service(
        "Chromium",
        lambda: shutil.which("chromium") or shutil.which("chromium-browser"),
        "sudo apt-get install chromium",
    ),
    "openssl": Service(
        "the program openssl", lambda: shutil.which("openssl"), "sudo apt-get install openssl"
    ),
    "redis-server": Service(
        "a redis-server to start",
        lambda: shutil.which("redis-server"),
        "sudo apt-get install redis-server",
    ),
    "curl": Service("the program curl", lambda: shutil.which("curl"), "sudo apt-get install curl"),
    "nginx": Service("nginx", lambda: shutil.which("nginx"), "sudo apt-get install nginx"),
}


def missing(name: str) -> str:
    """Why tests that need a service cannot run, and what to do about it."""
    service = SERVICES[name]
    return f"needs {service.title}, which is not here; to have it: {service.install}"


def require(name: str) -> str:
    """Where a service is; skips the test without it, or fails it when services are required."""
    if found := SERVICES[name].find():
        return found
    if os.environ.get(REQUIRE_SERVICES):
        pytest.fail(missing(name))
    pytest.skip(missing(name))
