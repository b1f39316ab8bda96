"""Editors of one port at the same time, against real web processes on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.site import Site, running_site
from tests.editors_at_once import (
    COLUMNS,
    check,
    edit_at_once,
    report_script,
    save_in_pairs,
    site_on_postgresql,
)

PORTS = [7001, 7002, 7003, 7004]
ROUNDS = 10
PAIRS = 200


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The whole site on a database of its own."""
    start = running_site if request.param == "sqlite" else site_on_postgresql
    with start(Path(tmp_path_factory.mktemp("editors"))) as running:
        yield running


def test_editors_at_the_same_time_lose_no_text(site: Site) -> None:
    credentials = [(name, site.add_superuser(name)) for name in COLUMNS]
    for number in PORTS:
        ledger = edit_at_once(site.url, credentials, number=number, rounds=ROUNDS)
        printed = site.manage("shell", "--verbosity", "0", "-c", report_script(number))
        check(ledger, json.loads(printed.splitlines()[-1]))
        print(f"port {number}: {sum(map(len, ledger.saved.values()))} saves, none lost")


def test_two_hundred_pairs_of_saves_lose_no_text(site: Site) -> None:
    credentials = [(name, site.add_superuser(name)) for name in ("anna", "ben")]
    told = save_in_pairs(site.url, credentials, number=7005, pairs=PAIRS)
    printed = site.manage("shell", "--verbosity", "0", "-c", report_script(7005))
    check(told, json.loads(printed.splitlines()[-1]))
    saved = sum(map(len, told.saved.values()))
    print(f"{PAIRS} pairs: {saved} saved, {told.refused} shown back, none lost")
    assert (saved, told.refused) == (PAIRS * 3 // 2, PAIRS // 2)
