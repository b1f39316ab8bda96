"""The key of the day: shared by all processes, and written to no disk."""

import subprocess
import sys
from datetime import date, timedelta
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from feedback.models import Vote
from ports.clients import day_key
from tests.browser.site import ROOT
from tests.feedback.voters import cast, page
from tests.own_redis import own_redis

TODAY = date(2026, 7, 23)
SAY = "from datetime import date; from ports.clients.day_key import key_of; k = key_of(date({}))"
PRINT = "; print(k.day, k.secret.hex())"


def key_in_another_process(state_dir: Path, day: date = TODAY, **environment: str) -> str:
    """What another process of the same site takes for the key of the day."""
    code = SAY.format(f"{day.year}, {day.month}, {day.day}") + PRINT
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
        cwd=ROOT,
        env={"STATE_DIR": str(state_dir), "PATH": "", **environment},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def said(key: day_key.Key) -> str:
    return f"{key.day} {key.secret.hex()}"


@pytest.mark.any_database
class TestInMemory:
    """Without a Redis."""

    def test_all_processes_of_a_site_have_the_same_key(self, tmp_path: Path) -> None:
        key = day_key.key_of(TODAY)
        assert key_in_another_process(tmp_path) == said(key)

    def test_a_process_that_begins_the_next_day_leaves_nothing_of_the_key_before(
        self, tmp_path: Path
    ) -> None:
        key = day_key.key_of(TODAY)
        tomorrow = key_in_another_process(tmp_path, TODAY + timedelta(days=1))
        assert key.secret.hex() not in tomorrow
        memory = SharedMemory(day_key.memory_name())
        assert key.secret not in bytes(memory.buf or b"")
        memory.close()
        assert said(day_key.key_of(TODAY + timedelta(days=1))) == tomorrow

    def test_another_site_on_the_machine_has_another_key(self, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        key = day_key.key_of(TODAY)
        assert key.secret.hex() not in key_in_another_process(other)

    def test_nobody_else_may_read_it(self) -> None:
        day_key.key_of(TODAY)
        memory = Path("/dev/shm") / day_key.memory_name()  # noqa: S108 - that is where it lies
        assert memory.stat().st_mode & 0o077 == 0


@pytest.mark.any_database
class TestInRedis:
    """On several machines."""

    @pytest.fixture(autouse=True)
    def in_redis(self, redis_url: str, settings: Any) -> None:
        settings.VOTER_KEY_URL = redis_url

    def test_all_machines_have_the_same_key(self, redis_url: str, tmp_path: Path) -> None:
        other = tmp_path / "another machine"
        other.mkdir()
        day = date.today() + timedelta(days=3)  # noqa: DTZ011 - no other test has this one
        key = day_key.key_of(day)
        assert key_in_another_process(other, day, VOTER_KEY_URL=redis_url) == said(key)

    def test_a_redis_that_is_away_stops_no_vote(
        self, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.VOTER_KEY_URL = "redis://127.0.0.1:9/0"
        assert day_key.key_of(TODAY) == day_key.key_of(TODAY)
        assert "cannot be had now" in caplog.text

    def test_a_redis_that_writes_to_its_disk_is_not_given_the_key(
        self, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with own_redis(tmp_path, save="60 1") as (_server, client, address):
            settings.VOTER_KEY_URL = address
            day_key.key_of(TODAY)
            assert client.dbsize() == 0
        assert "on its disk" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_what_lies_on_the_disk_does_not_tell_who_voted(tmp_path: Path) -> None:
    """With the database and all files of the site nobody finds the word of a known address."""
    cast(page(), address="192.0.2.1")
    vote = Vote.objects.get()
    key = day_key.key_of(TODAY)
    assert vote.voter == day_key.word(key, "voter", "192.0.2.1", 3440, "en", "", 0, 1)
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    rows = repr([list(_rows(table)) for table in connection.introspection.table_names()])
    for secret in (key.secret.hex(), key.secret.decode("latin-1"), repr(key.secret)):
        assert secret not in rows
    assert key.secret not in files
    assert "192.0.2.1" not in rows


def _rows(table: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 1000")  # noqa: S608 - one of ours
        return cursor.fetchall()
