"""The downloads that are SQLite databases, with an index for full-text search in each."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from ports.api import shapes
from ports.api.views.ports import Ports
from ports.dumps.licences import CC0, CC_BY, Licence
from ports.dumps.packing import Packing, lines_of
from ports.languages import SOURCE
from ports.models import Assignment, RegistryChange, Snapshot
from ports.registry.records import Transport

_OWN_COLUMNS: Final = (*shapes.COLUMNS[:2], "port_cell", *shapes.COLUMNS[2:])

_REGISTRY: Final = """
CREATE TABLE licence (spdx TEXT NOT NULL, url TEXT NOT NULL, statement TEXT NOT NULL);
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY, is_current INTEGER NOT NULL, origin TEXT NOT NULL,
    names_as_of TEXT NOT NULL, registrants_as_of TEXT NOT NULL);
CREATE TABLE assignments (
    id INTEGER PRIMARY KEY, service_name TEXT, port_number TEXT, first_port INTEGER,
    last_port INTEGER, protocol TEXT, description TEXT, assignee TEXT, contact TEXT,
    registration_date TEXT, modification_date TEXT, reference TEXT, service_code TEXT,
    unauthorized_use TEXT, notes TEXT, status TEXT NOT NULL, alias_of TEXT);
CREATE TABLE ports (
    number INTEGER PRIMARY KEY, range TEXT NOT NULL, tcp TEXT NOT NULL, udp TEXT NOT NULL,
    sctp TEXT NOT NULL, dccp TEXT NOT NULL, service_names TEXT NOT NULL,
    has_article INTEGER NOT NULL);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL,
    snapshot INTEGER NOT NULL REFERENCES snapshot(id), service_name TEXT, former_name TEXT,
    first_port INTEGER, last_port INTEGER, protocol TEXT, before TEXT NOT NULL,
    after TEXT NOT NULL);
"""
_REGISTRY_INDEXES: Final = """
CREATE INDEX assignments_of_ports ON assignments (first_port, last_port);
CREATE INDEX assignments_of_service ON assignments (service_name COLLATE NOCASE);
CREATE VIRTUAL TABLE search USING fts5(
    service_name, description, content='assignments', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2");
INSERT INTO search (search) VALUES ('rebuild');
"""
_ARTICLES: Final = """
CREATE TABLE licence (spdx TEXT NOT NULL, url TEXT NOT NULL, statement TEXT NOT NULL);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, kind TEXT NOT NULL, port INTEGER,
    lang TEXT NOT NULL, revision INTEGER NOT NULL, page TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(id),
    lang TEXT NOT NULL, part TEXT NOT NULL, part_number INTEGER NOT NULL, field TEXT NOT NULL,
    markdown TEXT NOT NULL, html TEXT NOT NULL);
"""
# Three characters each: it finds pieces of words, in scripts that write no blanks between them too.
_ARTICLES_INDEXES: Final = """
CREATE INDEX documents_of_port ON documents (port, lang);
CREATE INDEX texts_of_document ON texts (document);
CREATE VIRTUAL TABLE search USING fts5(
    markdown, content='texts', content_rowid='id', tokenize='trigram');
INSERT INTO search (search) VALUES ('rebuild');
"""


def write_registry(out: Packing, folder: Path) -> int:
    """The registry's facts; return how many records it has. The folder is for what is unpacked."""
    with _packed(out, folder / "registry.sqlite") as database:
        database.executescript(_REGISTRY)
        _licence(database, CC0)
        _insert(database, "snapshot", 5, _snapshots())
        count = _insert(database, "assignments", 17, _assignments())
        _insert(database, "ports", 8, _ports())
        _insert(database, "changes", 10, _changes())
        database.executescript(_REGISTRY_INDEXES)
    return count


def write_articles(out: Packing, folder: Path, lines: Path) -> int:
    """What stands in the JSON Lines; return how many documents, each in one language."""
    with _packed(out, folder / "articles.sqlite") as database:
        database.executescript(_ARTICLES)
        _licence(database, CC_BY)
        count = 0
        for count, record in enumerate(lines_of(lines), start=1):
            _insert(database, "documents", 8, [_document(count, record)])
            _insert(database, "texts", 8, _texts(count, record))
        database.executescript(_ARTICLES_INDEXES)
    return count


@contextmanager
def _packed(out: Packing, path: Path) -> Iterator[sqlite3.Connection]:
    """A database that is packed after the block, and then gone."""
    try:
        with closing(sqlite3.connect(path)) as database:
            # Nobody else has it, and nobody goes on with one that was not finished.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            yield database
            database.commit()
        with path.open("rb") as file:
            shutil.copyfileobj(file, out, 1024 * 1024)
    finally:
        path.unlink(missing_ok=True)


def _insert(
    database: sqlite3.Connection, table: str, columns: int, rows: Iterable[Sequence[Any]]
) -> int:
    """Insert rows, what is empty as NULL where it may be; return how many."""
    marks = ", ".join("?" * columns)
    done = database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    return max(done.rowcount, 0)


def _licence(database: sqlite3.Connection, licence: Licence) -> None:
    _insert(database, "licence", 3, [licence])


def _snapshots() -> Iterator[Sequence[Any]]:
    """The current snapshot, and those in which a change was first seen."""
    current = Snapshot.objects.current()
    told = set(RegistryChange.objects.order_by().values_list("snapshot", flat=True).distinct())
    shown = Snapshot.objects.filter(pk__in=told | ({current.pk} if current else set()))
    columns = ("id", "origin", "names_as_of", "registrants_as_of")
    for pk, *more in shown.order_by("id").values_list(*columns):
        yield pk, current is not None and pk == current.pk, *more


def _assignments() -> Iterator[Sequence[Any]]:
    rows = Assignment.objects.order_by("id").values_list(*_OWN_COLUMNS)
    for row in rows.iterator():
        yield [None if cell == "" else cell for cell in row]


def _ports() -> Iterator[Sequence[Any]]:
    for port in Ports.whole(SOURCE):
        yield (
            port["number"],
            port["range"],
            *(port["status"][transport.value] for transport in Transport),
            _json(port["service_names"]),
            port["has_article"],
        )


def _changes() -> Iterator[Sequence[Any]]:
    for found in RegistryChange.objects.with_snapshots().order_by("id").iterator():
        change = shapes.change(found)
        before, after = change.pop("before"), change.pop("after")
        yield (
            *(change | {"snapshot": found.snapshot_id}).values(),
            _json(before),
            _json(after),
        )


def _document(number: int, record: dict[str, Any]) -> Sequence[Any]:
    plain = (record[name] for name in ("document", "kind", "port", "lang", "revision", "page"))
    return number, *plain, _json(record)


def _texts(document: int, record: dict[str, Any]) -> Iterator[Sequence[Any]]:
    """The texts of a record that are in its own language: the others stand in the English one."""
    for name, member in record.items():
        parts = member if isinstance(member, list) else [member]
        for number, part in enumerate(parts, start=1):
            for field, text in part.items() if isinstance(part, dict) else ():
                if isinstance(text, dict) and text.get("is_fallback") is False:
                    lang, markdown, html = text["lang"], text["markdown"], text["html"]
                    yield None, document, lang, name, number, field, markdown, html


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
