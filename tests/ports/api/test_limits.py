"""How often one address may ask: exactly so often, however many processes are asked at once."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ports.clients import counters
from tests.own_postgresql import own_postgresql
from tests.own_redis import own_redis
from tests.ports.api.answers import ROOT, get
from tests.portsite.processes import ROOT as FOLDER
from tests.votes_at_once import prepare, web_server

MOST = 60
AT_ONCE = 200
LIMIT = re.compile(r'"address";r=(\d+);t=(\d+)')


def made_up_address() -> str:
    """An address that no other test has."""
    return f"198.18.{random.randrange(256)}.{random.randrange(256)}"  # noqa: S311 - no secret


@pytest.fixture
def limited(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A limit of three requests, on a site of its own."""
    settings.STATE_DIR = tmp_path
    settings.API_REQUESTS_PER_MINUTE = 3
    own = counters._InFile()
    monkeypatch.setattr(counters, "_file", own)
    yield settings
    own.close()


def times(name: str) -> int:
    """Count once more."""
    found = counters.count(name, seconds=60)
    assert found is not None
    return found.times


def damage(path: Path) -> None:
    """Do to a file what a machine may that goes down, while others have it open."""
    Path(f"{path}-wal").write_bytes(b"")
    path.write_bytes(b"no database at all" * 1000)


_COUNTS = """
import sys
from django.conf import settings
settings.configure(STATE_DIR=sys.argv[1], VOTER_KEY_URL="")
from ports.clients import counters
for _line in sys.stdin:
    print(counters.count("a", seconds=60).times, flush=True)
"""


@contextmanager
def another_process(state_dir: Path) -> Iterator[Callable[[], int]]:
    """A process that counts in the same file each time it is told to."""
    command = [sys.executable, "-c", _COUNTS, str(state_dir)]
    with subprocess.Popen(
        command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        told, said = process.stdin, process.stdout

        def count() -> int:
            told.write("once more\n")
            told.flush()
            return int(said.readline())

        yield count
        told.close()


_HOLDS = """
import fcntl, sqlite3, sys
if sys.argv[2] == "file":
    file = sqlite3.connect(sys.argv[1], isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
else:
    file = open(sys.argv[1] + ".lock", "a")
    fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(path: Path, held: str) -> Iterator[None]:
    """Have another process hold the file, or the lock under which it is opened."""
    command = [sys.executable, "-c", _HOLDS, str(path), held]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield
        process.stdin.close()


def asked_at_once(ports: list[int], address: str) -> Counter[int]:
    """The statuses of many requests at the same time, from one address behind a proxy."""

    def ask(number: int) -> int:
        connection = HTTPConnection("127.0.0.1", ports[number % len(ports)], timeout=60)
        headers = {"Host": "localhost", "X-Forwarded-For": f"203.0.113.{number}, {address}"}
        connection.request("GET", f"{ROOT}ranges/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    with ThreadPoolExecutor(50) as pool:
        return Counter(pool.map(ask, range(AT_ONCE)))


@pytest.mark.any_database
@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_four_processes_admit_exactly_as_many_as_they_should(tmp_path: Path, database: str) -> None:
    variables = {"API_REQUESTS_PER_MINUTE": str(MOST)}
    with ExitStack() as stack:
        if database == "PostgreSQL":
            variables["DATABASE_URL"] = stack.enter_context(own_postgresql()).url
        prepare(tmp_path, **variables)
        _server, port = stack.enter_context(web_server(tmp_path, workers=4, **variables))
        for address in ("198.51.100.7", "2001:db8:1:2:3:4:5:6"):
            assert asked_at_once([port], address) == {200: MOST, 429: AT_ONCE - MOST}
        files = b"".join(each.read_bytes() for each in tmp_path.glob(f"{counters.FILE}*"))
        assert b"198.51.100.7" not in files
        assert b"2001:db8" not in files


@pytest.mark.any_database
def test_two_machines_with_one_redis_admit_no_more_than_one(tmp_path: Path, redis_url: str) -> None:
    variables = {"API_REQUESTS_PER_MINUTE": str(MOST), "VOTER_KEY_URL": redis_url}
    with ExitStack() as stack:
        ports = []
        for name in ("one", "other"):
            folder = tmp_path / name
            folder.mkdir()
            prepare(folder, **variables)
            _server, port = stack.enter_context(web_server(folder, workers=2, **variables))
            ports.append(port)
        found = asked_at_once(ports, made_up_address())
    assert found == {200: MOST, 429: AT_ONCE - MOST}


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
class TestAnswers:
    """What is said of the limit."""

    def test_each_answer_says_how_often_one_may_ask_on(self, reader: Client) -> None:
        for left in (2, 1, 0):
            answer = get(reader, "ranges/")
            assert answer.headers["RateLimit-Policy"] == '"address";q=3;w=60'
            said = LIMIT.fullmatch(answer.headers["RateLimit"])
            assert said is not None
            assert int(said[1]) == left
            assert 1 <= int(said[2]) <= 60
        refused = get(reader, "ranges/", status=429)
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert '"address";r=0;' in refused.headers["RateLimit"]

    def test_what_is_not_there_says_it_too(self, reader: Client) -> None:
        assert "RateLimit" in get(reader, "services/no-such-service/", status=404).headers

    def test_whoever_has_the_answer_already_asks_for_nothing(self, reader: Client) -> None:
        for address in ("ports/3440/", "ports/3440/feedback/"):
            etag = get(reader, address).headers["ETag"]
            for _ in range(5):
                get(reader, address, status=304, if_none_match=etag)
        assert '"address";r=0;' in get(reader, "ranges/").headers["RateLimit"]

    def test_what_costs_much_counts_for_more(self, reader: Client, limited: Any) -> None:
        limited.API_REQUESTS_PER_MINUTE = 11
        assert '"address";r=6;' in get(reader, "suggest/?limit=1").headers["RateLimit"]
        sent = {"ports": [{"port": 80}]}
        told = reader.post(f"{ROOT}lookup/", sent, content_type="application/json")
        assert '"address";r=1;' in told.headers["RateLimit"]
        get(reader, "suggest/?limit=1", status=429)

    def test_somebody_else_may_still_ask(self, reader: Client) -> None:
        for _ in range(4):
            reader.get(f"{ROOT}ranges/")
        get(reader, "ranges/", status=429)
        other = reader.get(f"{ROOT}ranges/", headers={"x-forwarded-for": "198.51.100.9"})
        assert other.status_code == 200

    def test_without_a_limit_none_is_spoken_of(self, reader: Client, limited: Any) -> None:
        limited.API_REQUESTS_PER_MINUTE = 0
        for _ in range(5):
            assert "RateLimit" not in get(reader, "ranges/").headers


@pytest.mark.any_database
@pytest.mark.usefixtures("limited")
class TestCounters:
    """Counting, when something goes wrong too."""

    def test_the_time_begins_with_the_first_use_and_starts_anew(self) -> None:
        first = counters.count("a", seconds=1)
        second = counters.count("a", seconds=1)
        assert first is not None
        assert second is not None
        assert (first.times, second.times) == (1, 2)
        assert 0 < second.seconds_left <= first.seconds_left <= 1
        time.sleep(1.05)
        third = counters.count("a", seconds=1)
        assert third is not None
        assert third.times == 1

    def test_a_file_that_was_damaged_is_made_anew(
        self, limited: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert times("a") == 1
        path = limited.STATE_DIR / counters.FILE
        counters._file.close()
        damage(path)
        assert [times("a"), times("a")] == [1, 2]
        assert "made anew" in caplog.text
        assert path.read_bytes().startswith(b"SQLite format 3")

    @pytest.mark.parametrize("damaged", [False, True])
    def test_two_processes_count_in_one_file_after_the_loss_of_another(
        self, limited: Any, damaged: bool
    ) -> None:
        path = limited.STATE_DIR / counters.FILE
        lock = Path(f"{path}.lock")
        with another_process(limited.STATE_DIR) as count:
            assert [times("a"), count(), times("a"), count()] == [1, 2, 3, 4]
            waited_for = lock.stat().st_ino
            if damaged:
                counters._file.close()
                damage(path)
            else:
                path.unlink()
            assert [times("a"), count(), times("a"), count()] == [1, 2, 3, 4]
            assert lock.stat().st_ino == waited_for

    def test_a_clock_that_was_put_back_locks_nobody_out(self, limited: Any) -> None:
        assert [times("a"), times("a"), times("b")] == [1, 2, 1]
        with closing(sqlite3.connect(limited.STATE_DIR / counters.FILE)) as file:
            file.execute("UPDATE counters SET ends_at = ends_at + 3600 WHERE name = 'a'")
            file.execute("UPDATE counters SET ends_at = ends_at + 360000 WHERE name = 'b'")
            file.commit()
            found = counters.count("a", seconds=60)
            assert found is not None
            assert found.times == 1
            assert 59 < found.seconds_left <= 60
            assert times("a") == 2
            counters._file._forgets_at = 0
            assert times("a") == 3
            assert file.execute("SELECT name, used FROM counters").fetchall() == [("a", 3)]

    @pytest.mark.parametrize("held", ["file", "lock"])
    def test_who_holds_the_file_holds_up_all_requests_for_a_second_together(
        self, limited: Any, caplog: pytest.LogCaptureFixture, held: str
    ) -> None:
        path = limited.STATE_DIR / counters.FILE
        if held == "file":
            assert times("a") == 1
        with holding(path, held):
            started = time.monotonic()
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(lambda _n: counters.count("a", seconds=60), range(32)))
            assert time.monotonic() - started < 2.5
            assert found == [None] * 32
            started = time.monotonic()
            assert counters.count("a", seconds=60) is None
            assert time.monotonic() - started < 0.2
        assert len(caplog.records) == 1
        assert "not counted for a while" in caplog.text
        assert counters.count("a", seconds=60) is None, "it is not asked again yet"
        counters._file._asks_again_at = 0
        assert times("a") == (2 if held == "file" else 1)

    def test_a_frozen_redis_holds_up_one_request_for_a_second(
        self, limited: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counters, "_redis", counters._InRedis())
        with own_redis(tmp_path) as (server, client, address):
            limited.VOTER_KEY_URL = address
            assert [counters.count("a", seconds=60).times for _ in range(2)] == [1, 2]  # type: ignore[union-attr]
            assert client.ttl("portsite:counter:a") in {59, 60}
            os.kill(server.process.pid, signal.SIGSTOP)
            started = time.monotonic()
            assert [counters.count("a", seconds=60).times for _ in range(3)] == [1, 2, 3]  # type: ignore[union-attr]
            assert time.monotonic() - started < 2
            os.kill(server.process.pid, signal.SIGCONT)
