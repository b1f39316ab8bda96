"""A tenth of the drill of the same name: six editors of one port at the same time."""

import json

import pytest

from tests.browser.site import Site
from tests.editors_at_once import COLUMNS, check, edit_at_once, report_script

pytestmark = pytest.mark.any_database


def test_editors_at_the_same_time_lose_no_text(site: Site) -> None:
    names = [f"at-once-{language}" for language in COLUMNS]
    credentials = [(name, site.add_superuser(name)) for name in names]
    ledger = edit_at_once(site.url, credentials, number=7000, rounds=4)
    printed = site.manage("shell", "--verbosity", "0", "-c", report_script(7000))
    check(ledger, json.loads(printed.splitlines()[-1]))
