"""What is in the downloads: what the API says, all of it, and nothing that is not published."""

import csv
import gzip
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from ports.bundled_articles import load_articles
from ports.demo import load_demo
from ports.dumps.making import DUMPS, write_all
from ports.models import Assignment, Edition, RegistryChange
from ports.registry.records import COLUMNS
from tests.ports import registry_changes as made
from tests.ports.api.answers import body, results
from tests.ports.dumps import sets
from tests.ports.registry_changes import record
from tests.ports.web.test_no_draft_is_seen import SEEN, UNSEEN, canary
from tests.ports.writing import gloss, publish, usage, write_text
from tests.portsite.processes import ROOT

pytestmark = pytest.mark.django_db

DOCUMENTED = (ROOT / "docs/dumps.md").read_text(encoding="utf-8")
HOSTILE = ("=cmd|' /C calc'!A0", 'a,"b"\r\n;=1', "@x", "Größe 中 \u2028 \U0001f600")


class Written(NamedTuple):
    """A folder with all downloads, and what a manifest says of them."""

    folder: Path
    files: dict[str, dict[str, Any]]

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in sets.unpacked(self.folder / name).splitlines()]

    @contextmanager
    def database(self, name: str) -> Iterator[sqlite3.Connection]:
        path = self.folder / "unpacked.sqlite"
        path.write_bytes(sets.unpacked(self.folder / name))
        try:
            with closing(sqlite3.connect(path)) as database:
                yield database
        finally:
            path.unlink()


@pytest.fixture(scope="module")
def written(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Written]:
    """For all tests of a module: texts in every state, changes, and records that mean no good."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        load_articles()
        load_demo("a long password")
        row, _usage = usage(
            name="Something", kind="malware", first_port=8000, last_port=8100, transport="tcp",
            description_en="It was seen: {service 8080/tcp http-alt}.",
        )  # fmt: skip
        publish(row)
        meant, explained = gloss(service_name="cl/1", text_en="A door.", text_zh_hans="一扇门。")
        publish(meant, "en", "zh-hans")
        write_text(explained, "text", "en", "CANARY")
        seen = made.snapshot("2026-07-23")
        made.removed(seen, record("Gone-1", "777", "sctp"))
        made.added(seen, record("New-1", "778"), before=(made.unassigned("778"),))
        for number, text in enumerate(HOSTILE):
            Assignment.objects.create(
                service_name=f"hostile-{number}", port_cell="7", first_port=7, last_port=7,
                transport="dccp", status="assigned", description=text,
            )  # fmt: skip
        folder = tmp_path_factory.mktemp("written")
        files = write_all(folder, lambda _name: None)
    yield Written(folder, {each["name"]: each for each in files})
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def test_every_file_is_as_long_as_is_said_and_has_its_digest(written: Written) -> None:
    assert {path.name for path in written.folder.iterdir()} == {each.name for each in DUMPS}
    for name, said in written.files.items():
        data = (written.folder / name).read_bytes()
        assert (len(data), sets.digest(written.folder / name)) == (said["bytes"], said["sha256"])
        assert len(gzip.decompress(data)) == said["unpacked_bytes"]
        assert data[4:8] == b"\0\0\0\0", "no time in it"
        assert data[3] == 0, "no name in it"
        assert said["records"] > 0
        assert said["licence"]["spdx"] == ("CC-BY-4.0" if "articles" in name else "CC0-1.0")


def test_the_same_data_make_the_same_bytes(written: Written, tmp_path: Path) -> None:
    again = write_all(tmp_path, lambda _name: None)
    assert {each["name"]: each for each in again} == written.files


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("assignments.jsonl.gz", "assignments/?limit=1000"),
        ("ports.jsonl.gz", "ports/?limit=1000"),
        ("changes.jsonl.gz", "changes/?limit=1000"),
    ],
)
def test_lines_are_what_the_api_lists(
    reader: Client, written: Written, name: str, address: str
) -> None:
    lines = written.lines(name)
    assert lines == results(reader, address)
    assert len(lines) == written.files[name]["records"]


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("assignments.jsonl.gz", "Assignment"),
        ("ports.jsonl.gz", "Port"),
        ("changes.jsonl.gz", "Change"),
        ("articles.jsonl.gz", "Document"),
    ],
)
def test_every_line_is_as_the_api_describes_it(
    reader: Client, written: Written, name: str, component: str
) -> None:
    components = body(reader, "openapi.json")["components"]
    for schema in components["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
    described = {"$ref": f"#/components/schemas/{component}", "components": components}
    is_valid = jsonschema_rs.Draft202012Validator(described, validate_formats=True)
    for line in written.lines(name):
        is_valid.validate(line)


def test_the_csv_has_every_record_and_no_formula(written: Written) -> None:
    text = sets.unpacked(written.folder / "registry.csv.gz").decode()
    assert text.startswith(",".join(COLUMNS) + "\r\n")
    _header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert len(rows) == written.files["registry.csv.gz"]["records"] == Assignment.objects.count()
    said = {row[0]: row[3] for row in rows if row[0].startswith("hostile-")}
    assert said == {
        "hostile-0": "'=cmd|' /C calc'!A0",
        "hostile-1": 'a,"b"\r\n;\'=1',
        "hostile-2": "'@x",
        "hostile-3": HOSTILE[3],
    }
    assert not [cell for row in rows for cell in row if cell[:1] in {*"=+-@\t\r\n"} - {""}]
    firsts = [int(row[1].partition("-")[0]) if row[1] else 65536 for row in rows]
    assert firsts == sorted(firsts)


def test_the_database_has_the_same_facts_and_finds_words(written: Written) -> None:
    with written.database("registry.sqlite.gz") as database:
        ask = database.execute
        assert ask("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ask("PRAGMA foreign_key_check").fetchall() == []
        assert ask("SELECT spdx, url FROM licence").fetchall() == [
            ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
        ]
        for table, count in (
            ("assignments", Assignment.objects.count()),
            ("ports", 65536),
            ("changes", RegistryChange.objects.count()),
        ):
            assert ask(f"SELECT count(*) FROM {table}").fetchone() == (count,)  # noqa: S608
        assert ask("SELECT count(*) FROM snapshot WHERE is_current").fetchone() == (1,)
        found = ask(
            "SELECT a.service_name FROM search JOIN assignments a ON a.id = search.rowid "
            "WHERE search MATCH 'description: steward NOT \"no-such\"' AND a.protocol = 'tcp'"
        ).fetchall()
        assert ("ans-console",) in found
        assert ask("SELECT description FROM assignments WHERE service_name = 'hostile-0'").fetchone(
        ) == (HOSTILE[0],)  # fmt: skip
        row = ask("SELECT range, tcp, udp, service_names FROM ports WHERE number = 80").fetchone()
        assert row[:3] == ("system", "assigned", "assigned")
        assert "http" in json.loads(row[3])
        (before, after) = ask("SELECT before, after FROM changes WHERE kind = 'added'").fetchone()
        assert json.loads(before)[0]["Description"] == "Unassigned"
        assert json.loads(after)[0]["Service Name"] == "New-1"


def test_every_live_edition_is_there_and_no_other(written: Written) -> None:
    lines = written.lines("articles.jsonl.gz")
    live = Edition.objects.filter(live_revision__isnull=False)
    assert {(each["document"], each["lang"].lower()) for each in lines} == set(
        live.values_list("document", "language")
    )
    assert len(lines) == live.count() > 15
    assert written.files["articles.jsonl.gz"]["languages"] == [
        tag for tag in ("en", "id", "nl", "ru", "tr", "zh-Hans")
        if tag in {each["lang"] for each in lines}
    ]  # fmt: skip
    assert {each["kind"] for each in lines} == {"port", "usage", "gloss"}


def test_nothing_that_is_not_published_is_in_any_file(written: Written) -> None:
    everything = {
        name: sets.unpacked(written.folder / name).decode(errors="replace")
        for name in written.files
    }
    for text in everything.values():
        assert "CANARY" not in text
        for name in UNSEEN.values():
            assert not canary(name).search(text), name
    for name in SEEN.values():
        assert canary(name).search(everything["articles.jsonl.gz"]), name
        assert canary(name).search(everything["articles.sqlite.gz"]), name
    for name in everything.keys() - {"articles.jsonl.gz", "articles.sqlite.gz"}:
        assert "An example: live" not in everything[name]


def test_a_line_says_what_the_page_says_in_its_language(reader: Client, written: Written) -> None:
    lines = {(each["port"], each["lang"]): each for each in written.lines("articles.jsonl.gz")}
    for tag in ("en", "tr"):
        line, page = lines[3440, tag], body(reader, f"ports/3440/?lang={tag}")
        for member in ("article", "assessment", "histories", "faqs", "sources"):
            assert line[member] == page[member], member
        assert line["page"] == page["page"]
    texts = [each for each in lines.values() if each["lang"] == "zh-Hans"]
    assert [each["glosses"][0]["text"]["markdown"] for each in texts] == ["一扇门。"]
    assert texts[0]["page"].endswith("/zh-hans/services/cl/1/")
    (malware,) = [
        each
        for each in written.lines("articles.jsonl.gz")
        if each["usages"] and each["usages"][0]["name"] == "Something"
    ]
    assert malware["usages"][0]["description"]["markdown"] == "It was seen: http-alt."
    assert malware["page"].endswith("/en/ports/8000/")


def test_each_text_stands_once_in_the_database_of_articles_and_is_found(written: Written) -> None:
    lines = written.lines("articles.jsonl.gz")
    with written.database("articles.sqlite.gz") as database:
        ask = database.execute
        assert ask("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ask("PRAGMA foreign_key_check").fetchall() == []
        assert ask("SELECT spdx FROM licence").fetchall() == [("CC-BY-4.0",)]
        assert ask("SELECT count(*) FROM documents").fetchone() == (len(lines),)
        records = [json.loads(row) for (row,) in ask("SELECT record FROM documents ORDER BY id")]
        assert records == lines
        assert ask(
            "SELECT count(*) FROM texts t JOIN documents d ON d.id = t.document "
            "WHERE t.lang <> d.lang"
        ).fetchone() == (0,)
        rows = ask("SELECT d.document, t.lang, part, part_number, field FROM texts t "
                   "JOIN documents d ON d.id = t.document").fetchall()  # fmt: skip
        assert len(rows) == len(set(rows)) > 50
        find = "SELECT texts.lang FROM search JOIN texts ON texts.id = search.rowid WHERE search "
        assert ask(f"{find} MATCH '一扇门'").fetchall() == [("zh-Hans",)]
        assert ("en",) in ask(f"{find} MATCH 'tarantella'").fetchall()


def test_the_queries_that_are_documented_find_something(written: Written) -> None:
    queries = re.findall(r'sqlite3 (\w+)\.sqlite "(.+?)"', DOCUMENTED, re.DOTALL)
    assert [name for name, _query in queries] == ["registry", "articles"]
    for name, query in queries:
        with written.database(f"{name}.sqlite.gz") as database:
            assert database.execute(query).fetchall(), query


def test_every_file_is_documented(written: Written) -> None:
    said = dict(re.findall(r"^\| `(\S+)` \|.*\| (CC[^|]+) \|$", DOCUMENTED, re.MULTILINE))
    assert said == {
        name: "CC BY 4.0" if each["licence"]["spdx"] == "CC-BY-4.0" else "CC0 1.0"
        for name, each in written.files.items()
    }
