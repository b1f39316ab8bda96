"""Counting readings: which are counted, what is written down, and what is forgotten."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client

from ports import reads
from ports.models import Document, PageReads
from tests.ports.web.pages import get
from tests.ports.writing import document, language
from tests.portsite.processes import ROOT

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have read is no matter of these."""
    monkeypatch.setattr(reads, "_counts", reads._Counts())


def written() -> dict[tuple[int, str], int]:
    rows = PageReads.objects.values_list("port", "language", "count")
    return {(port, code): count for port, code, count in rows}


def test_readings_of_a_page_add_up_by_port_and_language(reader: Client) -> None:
    for address in ("/tr/ports/3440/", "/tr/ports/3440/", "/en/ports/3440/", "/en/ports/0/"):
        get(reader, address)
    assert written() == {}
    assert reads.flush()
    get(reader, "/tr/ports/3440/")
    assert reads.flush()
    assert reads.flush()
    assert written() == {(3440, "tr"): 3, (3440, "en"): 1, (0, "en"): 1}


def test_a_reader_who_has_the_page_already_counts(reader: Client) -> None:
    etag = get(reader, "/en/ports/22/").headers["ETag"]
    again = reader.get("/en/ports/22/", headers={"if-none-match": etag})
    assert again.status_code == 304
    reads.flush()
    assert written() == {(22, "en"): 2}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
    ],
)
def test_a_page_that_is_only_fetched_ahead_is_not_read(
    reader: Client, headers: dict[str, str]
) -> None:
    assert reader.get("/en/ports/22/", headers=headers).status_code == 200
    reads.flush()
    assert written() == {}


def test_head_and_pages_that_are_not_there_are_not_read(reader: Client) -> None:
    assert reader.head("/en/ports/22/").status_code == 200
    assert reader.get("/en/ports/65536/").status_code == 404
    assert reader.get("/en/ports/022/").status_code in {301, 302, 308}
    reads.flush()
    assert written() == {}


def test_counting_asks_nothing_of_the_database_and_takes_microseconds(
    django_assert_num_queries: object,
) -> None:
    turkish = language("tr")
    with django_assert_num_queries(0):  # type: ignore[operator]
        started = perf_counter()
        for port in range(1000):
            reads.count(port, turkish)
        assert (perf_counter() - started) / 1000 < 0.0005


def test_a_thousand_pages_are_written_down_in_a_few_statements(
    django_assert_max_num_queries: object,
) -> None:
    for port in range(1200):
        reads.count(port, language("tr"))
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        reads.flush()
    assert PageReads.objects.count() == 1200


def test_threads_that_count_at_once_lose_nothing() -> None:
    def read() -> None:
        for number in range(2000):
            reads.count(number % 3, language("en"))

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reads.flush()
    assert sum(written().values()) == 8000


def test_no_thread_writes_down_unless_the_process_asks_for_it() -> None:
    reads.count(22, language("en"))
    assert reads._counts.thread is None


def test_memory_is_bounded_and_what_is_read_most_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "MANY_KEYS", 10)
    monkeypatch.setattr(reads, "MOST_KEYS", 20)
    for _ in range(5):
        reads.count(443, language("en"))
    for port in range(1000, 1300):
        reads.count(port, language("en"))
    reads.flush()
    counted = written()
    assert counted[443, "en"] == 5
    assert len(counted) < 20


def test_a_day_is_utcs() -> None:
    reads.count(22, language("en"))
    reads.flush()
    with connection.cursor() as cursor:
        cursor.execute("SELECT day FROM ports_pagereads")
        (day,) = cursor.fetchone()
    utc = subprocess.run(["date", "-u", "+%F"], capture_output=True, text=True, check=True)
    assert str(day) == utc.stdout.strip()


def read_on(day: date, port: int, count: int, code: str = "en") -> None:
    PageReads.objects.create(port_id=port, language=code, day=day, count=count)


def test_documents_are_ordered_by_how_often_they_were_read_lately() -> None:
    for port in (22, 80, 443):
        document(port)
    read_on(TODAY, 22, 3)
    read_on(TODAY - timedelta(days=27), 22, 4, "tr")
    read_on(TODAY - timedelta(days=28), 22, 1000)
    read_on(TODAY, 443, 5)
    found = Document.objects.filter(kind="port", port__in=[22, 80, 443])
    of_all = found.annotate(reads=reads.lately(today=TODAY)).order_by("-reads")
    assert [(each.port_id, each.reads) for each in of_all] == [(22, 7), (443, 5), (80, 0)]


def test_readings_of_one_language_can_be_asked_for() -> None:
    owner = document(22)
    for code in ("en", "tr", "nl"):
        owner.editions.create(language=code)
    read_on(TODAY, 22, 3)
    read_on(TODAY, 22, 4, "tr")
    editions = owner.editions.annotate(
        reads=reads.lately("document__port", "language", today=TODAY)
    )
    assert {each.language: each.reads for each in editions} == {"en": 3, "tr": 4, "nl": 0}


def test_what_is_older_than_400_days_is_forgotten() -> None:
    read_on(TODAY - timedelta(days=400), 22, 1)
    read_on(TODAY - timedelta(days=401), 80, 1)
    assert reads.forget_old(TODAY) == 1
    assert written() == {(22, "en"): 1}


COUNTING = """
import sys
from ports import reads
from ports.languages import by_code
from django.db import connection
connection.ensure_connection()
connection.connection.execute("PRAGMA busy_timeout = 200")
for _ in range(7):
    reads.count(3440, by_code("tr"))
print(reads.flush(), flush=True)
reads.count(3440, by_code("tr"))
sys.stdin.readline()
print(reads.flush(), flush=True)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A SQLite database with the table alone."""
    path = tmp_path / "portsite.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE ports_pagereads (id INTEGER PRIMARY KEY, port_id, language, day, "
            '"count", UNIQUE (port_id, language, day))'
        )
        connection.commit()
    return path


def test_a_locked_database_keeps_what_was_counted_for_later(database: Path) -> None:
    script = f"import django; django.setup()\n{COUNTING}"
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {"STATE_DIR": str(database.parent), "DJANGO_SETTINGS_MODULE": "portsite.settings"}
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("BEGIN IMMEDIATE")
        with subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            assert process.stdout.readline() == "False\n"
            writer.execute("COMMIT")
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == "True\n", process.communicate()[1]
        rows = writer.execute('SELECT port_id, language, "count" FROM ports_pagereads').fetchall()
    assert rows == [(3440, "tr", 8)]
