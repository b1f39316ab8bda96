"""Who votes too often is stopped behind a proxy too, whatever they write into their requests.

A tenth of the drill. What is left of it all names nobody.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import redis

from feedback.voting import PER_HOUR
from tests import machine
from tests.own_postgresql import own_postgresql
from tests.portsite.processes import Program, environment, free_port, until
from tests.votes_at_once import Voter, prepare, references, stored, web_server

pytestmark = pytest.mark.any_database

# What nothing may keep: an agent, and the addresses that were made up or true.
AGENT = "CanaryBrowser/47.11"
CANARIES = (AGENT, "203.0.113.", "127.0.0.2", "127.0.0.3", "127.0.0.4", "2001:db8:47:11")
PAGES = range(200, 240)
SPELLINGS = ("X-Forwarded-For", "x-forwarded-for", "X_Forwarded_For", "X-FORWARDED-FOR",
             "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP",
             "X-Test-Client")  # fmt: skip
# As a proxy whose own clients have IPv6 addresses hands them on: believed of 127.0.0.4 alone.
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
  set_real_ip_from 127.0.0.4; real_ip_header X-Test-Client;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_set_header Host localhost;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    """nginx before the web server at `upstream`; its port."""
    folder.mkdir()
    folder.chmod(0o755)
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
    command = [machine.require("nginx"), "-c", str(configuration), "-p", str(folder)]
    with Program(command, env=environment(folder), log=folder / "output") as program:
        until((folder / "nginx.pid").exists, 20, "nginx")
        yield port
        program.process.terminate()
        program.wait(20)


def made_up(number: int) -> str:
    """An address that nobody has."""
    return random.Random(number).choice((  # noqa: S311 - no secret
        f"203.0.113.{number % 256}",
        f"203.0.113.{number % 256}, 127.0.0.1",
        f"203.0.113.{number % 256}, 203.0.113.{number % 7}",
        f"2001:db8:47:11::{number:x}",
        "unknown",
        "127.0.0.1",
    ))  # fmt: skip


def attack(port: int, pages: dict[int, str], count: int, source: str) -> Counter[int]:
    """Vote so often from one address, each time with other headers; the statuses."""
    voter, numbers = Voter(port, source), list(pages)

    def vote(number: int) -> int:
        name = SPELLINGS[number % len(SPELLINGS)]
        headers = {name: made_up(number), "User-Agent": AGENT}
        return voter.vote(pages[numbers[number % len(numbers)]], "sad", **headers).status

    with ThreadPoolExecutor(20) as pool:
        found = Counter(pool.map(vote, range(count)))
    voter.close()
    return found


def attack_by_ipv6(port: int, pages: dict[int, str], count: int) -> Counter[int]:
    """Vote so often from the addresses of one /64; the statuses."""
    voter, numbers = Voter(port, "127.0.0.4"), list(pages)

    def vote(number: int) -> int:
        address = f"2001:db8:47:11:{number:x}::{number % 9:x}"
        headers = {"X-Test-Client": address, "User-Agent": AGENT}
        return voter.vote(pages[numbers[number % len(numbers)]], "sad", **headers).status

    with ThreadPoolExecutor(20) as pool:
        found = Counter(pool.map(vote, range(count)))
    voter.close()
    return found


def be_honest(port: int, pages: dict[int, str]) -> list[tuple[int, float]]:
    """Vote once on each page from an address of one's own: statuses, and seconds."""
    voter, answers = Voter(port, "127.0.0.3"), []
    for reference in pages.values():
        began = time.monotonic()
        told = voter.vote(reference, "happy", **{"User-Agent": AGENT})
        answers.append((told.status, time.monotonic() - began))
        time.sleep(0.05)
    voter.close()
    return answers


def _seconds_since(began: datetime) -> int:
    return int((datetime.now(UTC) - began).total_seconds())


def run(folder: Path, requests: int) -> None:
    """Attack with so many requests, and look for what is left."""
    redis_url = machine.require("redis")
    with own_postgresql() as database:
        variables = {
            "DATABASE_URL": database.url,
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "VOTER_KEY_URL": redis_url,
            "REDIS_URL": redis_url,
        }
        state_dir = folder / "site"
        state_dir.mkdir()
        prepare(state_dir, **variables)
        with (
            web_server(state_dir, **variables) as (_server, upstream),
            nginx(folder / "nginx", upstream) as port,
        ):
            pages = references(upstream, PAGES)
            began = datetime.now(UTC)
            with ThreadPoolExecutor(1) as pool:
                honest = pool.submit(be_honest, port, pages)
                by_one = attack(port, pages, requests // 2, "127.0.0.2")
                by_many = attack_by_ipv6(port, pages, requests // 2)
                answers = honest.result()
        assert {status for status, _seconds in answers} == {303}, answers
        assert max(seconds for _status, seconds in answers) < 5
        for answered in (by_one, by_many):
            assert answered.keys() == {303, 429}
            assert answered.total() == requests // 2
            # Another hour has another allowance.
            hours = {(began + timedelta(seconds=s)).hour for s in range(_seconds_since(began) + 1)}
            assert PER_HOUR <= answered[303] <= PER_HOUR * len(hours)
        found = stored(state_dir, **variables)
        assert len(found.votes) == by_one[303] + by_many[303] + len(PAGES)
        with psycopg.connect(database.url) as connection:
            tables = connection.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            rows = [list(connection.execute(f"SELECT * FROM {table}")) for (table,) in tables]  # type: ignore[call-overload]  # noqa: S608
        kept = [("the database", repr(rows))]
    kept += [
        (str(path), path.read_bytes().decode("latin-1"))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "nginx.conf"
    ]
    with redis.Redis.from_url(redis_url) as client:
        kept += [(name.decode(), repr(client.dump(name))) for name in client.keys("*")]
    assert len(kept) > 5
    assert len(kept[0][1]) > 10_000, "there are rows"
    for where, what in kept:
        for canary in CANARIES:
            assert canary not in what, f"{where} keeps {canary}"


def test_no_spelling_of_an_address_is_worth_another_vote_and_nothing_tells_who_voted(
    tmp_path: Path,
) -> None:
    run(tmp_path, requests=1_000)
