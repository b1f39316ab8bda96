"""A tenth of the drill of the same name: six editors of one port at the same time."""

import json
import secrets

import pytest

from tests.browser.site import Site
from tests.editors_at_once import COLUMNS, check, edit_at_once, report_script

pytestmark = pytest.mark.any_database


def test_editors_at_the_same_time_lose_no_text(site: Site) -> None:
    credentials = []
    for language in COLUMNS:
        password = secrets.token_urlsafe(16)
        site.manage(
            "createsuperuser",
            "--noinput",
            DJANGO_SUPERUSER_USERNAME=f"at-once-{language}",
            DJANGO_SUPERUSER_EMAIL="editor@example.org",
            DJANGO_SUPERUSER_PASSWORD=password,
        )
        credentials.append((f"at-once-{language}", password))
    ledger = edit_at_once(site.url, credentials, number=7000, rounds=4)
    printed = site.manage("shell", "--verbosity", "0", "-c", report_script(7000))
    check(ledger, json.loads(printed.splitlines()[-1]))
