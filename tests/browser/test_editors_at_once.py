"""A tenth of the drill of the same name: editors of one port at the same time."""

import json
from pathlib import Path

import pytest

from tests.browser.site import Site
from tests.editors_at_once import (
    COLUMNS,
    check,
    edit_at_once,
    report_script,
    save_in_pairs,
    site_on_postgresql,
)

pytestmark = pytest.mark.any_database


def test_editors_at_the_same_time_lose_no_text(site: Site) -> None:
    names = [f"at-once-{language}" for language in COLUMNS]
    credentials = [(name, site.add_superuser(name)) for name in names]
    ledger = edit_at_once(site.url, credentials, number=7000, rounds=4)
    printed = site.manage("shell", "--verbosity", "0", "-c", report_script(7000))
    check(ledger, json.loads(printed.splitlines()[-1]))


def test_twenty_pairs_of_saves_on_postgresql_lose_no_text(tmp_path: Path) -> None:
    with site_on_postgresql(tmp_path) as site:
        credentials = [(name, site.add_superuser(name)) for name in ("anna", "ben")]
        told = save_in_pairs(site.url, credentials, number=7000, pairs=20)
        printed = site.manage("shell", "--verbosity", "0", "-c", report_script(7000))
    check(told, json.loads(printed.splitlines()[-1]))
    assert (sum(map(len, told.saved.values())), told.refused) == (30, 10)
