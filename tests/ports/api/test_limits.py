"""How often one address may ask: exactly so often, however many processes are asked at once."""

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import redis
from django.test import Client

from ports.clients import counters
from tests.own_postgresql import own_postgresql
from tests.ports.api.answers import ROOT, get
from tests.portsite.processes import Program, free_port, until
from tests.votes_at_once import prepare, web_server

MOST = 60
AT_ONCE = 200
LIMIT = re.compile(r'"address";r=(\d+);t=(\d+)')


def made_up_address() -> str:
    """An address that no other test has."""
    return f"198.18.{random.randrange(256)}.{random.randrange(256)}"  # noqa: S311 - no secret


@pytest.fixture
def limited(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A limit of three requests, on a site of its own."""
    settings.STATE_DIR = tmp_path
    settings.API_REQUESTS_PER_MINUTE = 3
    yield settings
    counters._file.close()


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
        assert counters.count("a", seconds=60)
        counters._file.close()
        path = limited.STATE_DIR / counters.FILE
        path.write_bytes(b"no database at all" * 1000)
        Path(f"{path}-wal").unlink(missing_ok=True)
        assert counters.count("a", seconds=60) is None
        assert "not counted" in caplog.text
        again = counters.count("a", seconds=60)
        assert again is not None
        assert again.times == 1

    def test_a_frozen_redis_holds_up_one_request_for_a_second(
        self, limited: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counters, "_redis", counters._InRedis())
        port = free_port()
        command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
        env = {"PATH": "/usr/bin:/bin"}
        with Program(command, env=env, log=tmp_path / "redis.log") as server:
            client = redis.Redis(port=port)

            def answers() -> bool:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    return False

            until(answers, 10, "Redis")
            limited.VOTER_KEY_URL = f"redis://127.0.0.1:{port}/0"
            assert [counters.count("a", seconds=60).times for _ in range(2)] == [1, 2]  # type: ignore[union-attr]
            assert client.ttl("portsite:counter:a") in {59, 60}
            os.kill(server.process.pid, signal.SIGSTOP)
            started = time.monotonic()
            assert [counters.count("a", seconds=60).times for _ in range(3)] == [1, 2, 3]  # type: ignore[union-attr]
            assert time.monotonic() - started < 2
            os.kill(server.process.pid, signal.SIGCONT)
            client.close()
            server.process.kill()  # Redis writes its title over the mark by which it is found
