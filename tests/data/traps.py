"""The traps file, and tables like it, as tests take them apart and put them together."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from ports.models import Assignment, Port, RefreshRun, RegistryChange, RegistryFile, Snapshot
from ports.registry import store
from ports.registry.fetch import Body, digest
from ports.registry.parse import parse
from ports.registry.records import COLUMNS, Record, RejectedRow
from ports.registry.refresh import refresh
from ports.registry.status import derive_statuses

type Cells = list[str]

TRAPS = Path(__file__).with_name("registry-traps.csv")
TEXT = TRAPS.read_bytes().decode("utf-8")


def read_table(text: str) -> list[Cells]:
    """The rows of a CSV, its header left out."""
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def write_table(rows: Iterable[Sequence[str]], header: Sequence[str] = COLUMNS) -> str:
    """A CSV as IANA writes it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def read(text: str) -> list[Record | RejectedRow]:
    """What the parser says of a file's text."""
    return list(parse(io.StringIO(text, newline="")))


ROWS = read_table(TEXT)
RECORDS = [row for row in read(TEXT) if isinstance(row, Record)]


def row(name: str, port: str, transport: str = "tcp") -> Cells:
    """The cells of the only row of the traps file with this name, port and transport."""
    (found,) = [cells for cells in ROWS if cells[:3] == [name, port, transport]]
    return list(found)


def made(name: str = "", port: str = "", transport: str = "", description: str = "") -> Cells:
    """The cells of a row that no registry holds."""
    return [name, port, transport, description, *[""] * 8]


def cells_of(record: Record) -> Cells:
    """A record's cells in the order of the file."""
    return [*record[:2], *record[4:14]]


def body(content: str | bytes, folder: Path) -> Body:
    """A file with this content, as `fetch` hands it over."""
    path = folder / "registry.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Body(path, digest(path), str(path))


@pytest.fixture(scope="module")
def without_registry(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For all tests of a module, a database as `migrate` leaves it; put back after the last one.

    Each test asks for `db` too, which takes back what that test itself did.
    """
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        empty()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def traps_loaded(
    without_registry: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """For all tests of a module, a database that holds the registry of the traps file."""
    with django_db_blocker.unblock():
        refresh(body(TEXT, tmp_path_factory.mktemp("traps")))


def empty() -> None:
    """Take the stored registry away, and the runs that brought it: every port, and no record."""
    for model in (RegistryChange, RefreshRun, Snapshot, RegistryFile, Assignment):
        model.objects.all()._raw_delete("default")
    store.apply_statuses(store.stored_statuses(), derive_statuses([]))


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is executed in the block; without a limit, as Django's own log has one."""
    executed: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        executed.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield executed


def compared_all(executed: Iterable[str]) -> bool:
    """Whether a refresh asked for every stored record, instead of those that differ."""
    return any(
        sql.startswith("SELECT")
        and sql.endswith(' FROM "ports_assignment"')
        and '"ports_assignment"."assignment_notes"' in sql
        for sql in executed
    )


type Tables = dict[str, dict[int, tuple[object, ...]]]


def tables() -> Tables:
    """Every row of the registry's tables, by model and primary key."""
    found = {}
    with connection.cursor() as cursor:
        for model in (Assignment, Port, Snapshot, RegistryChange, RegistryFile):
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            cursor.execute(f"SELECT {columns} FROM {model._meta.db_table}")  # noqa: S608
            found[model.__name__] = {row[0]: row for row in cursor.fetchall()}
    return found
