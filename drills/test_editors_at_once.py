"""Six editors of one port at the same time, against real web processes on both databases."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import machine
from tests.browser.site import Site, running_site
from tests.editors_at_once import COLUMNS, check, edit_at_once, report_script

PORTS = [7001, 7002, 7003, 7004]
ROUNDS = 10


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The whole site on a database of its own."""
    if request.param == "sqlite":
        with running_site(tmp_path) as running:
            yield running
        return
    server = machine.require("postgresql")
    name = f"portsite_editors_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        with running_site(tmp_path, DATABASE_URL=f"{server.rpartition('/')[0]}/{name}") as running:
            yield running
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_editors_at_the_same_time_lose_no_text(site: Site) -> None:
    credentials = [(name, site.add_superuser(name)) for name in COLUMNS]
    for number in PORTS:
        ledger = edit_at_once(site.url, credentials, number=number, rounds=ROUNDS)
        printed = site.manage("shell", "--verbosity", "0", "-c", report_script(number))
        check(ledger, json.loads(printed.splitlines()[-1]))
        print(f"port {number}: {sum(map(len, ledger.saved.values()))} saves, none lost")
