"""Reading the published CSV: every row comes back, as a record or rejected with its reason.

Standard library only. The text is read as a stream and never held as a whole.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, Final

from ports.registry.records import COLUMNS, LAST_PORT, Record, RejectedRow, Transport

_HEADERS: Final = (
    COLUMNS,
    # Copies of 2014 and 2015.
    (*COLUMNS[:10], "Known Unauthorized Uses", COLUMNS[11]),
)
_PORT_CELL: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)
_DATE_CELL: Final = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", re.ASCII)
_TRANSPORTS: Final = frozenset({"", *Transport})
# A NUL cannot be stored in PostgreSQL, and no control character but these belongs in a cell.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# The registry writes some addresses as <user&host.example>, so that they are not harvested.
# Written so that a match is tried once per run of characters: no cell takes quadratic time.
_EMAIL: Final = re.compile(
    r"(?:(?<!\s)\s+)?<[^<>\s@&]+[@&][^<>\s@&.]+\.[^<>\s@&]++>"
    r"|(?<![\w.+-])(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+)+"
)
_MOST_DIGITS: Final = 5
_MOST_NESTED: Final = 8
_PERHAPS_ADDRESS: Final = re.compile(r"<[^<>\s]*&")
# What the columns of the database hold; real names have at most 15 characters.
_LONGEST: Final = ((0, 200), (9, 100))
_BLOCK_ROWS: Final = 128
_as_record: Final = partial(tuple.__new__, Record)

_ALIKE: Final = itemgetter(0, 1, 4)  # name, port cell and transport

type _Alike = tuple[str, str, str]
type _Row = tuple[int, list[str] | csv.Error]


class HeaderError(ValueError):
    """The first line is not the registry's header: this is some other file. `found` says what."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(f"expected the columns {', '.join(COLUMNS)}; found {found}")


def parse(lines: Iterable[str]) -> Iterator[Record | RejectedRow]:
    """Read the registry from the lines of its CSV (opened with `newline=""`).

    Gives one Record or RejectedRow per row after the header, in the order of the file. E-mail
    addresses are left out of every cell. Raises HeaderError when the header is not the registry's.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise HeaderError(f"what is not CSV: {error}") from error
    if tuple(header) not in _HEADERS:
        # What is found is kept as the reason, so that it must be fit to be stored as a cell is.
        found = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", without_addresses(", ".join(header)))
        raise HeaderError(found[:200] or "nothing")
    seen: dict[_Alike, int] = {}
    while block := _next_block(reader):
        yield from _numbered(_read_block(block), seen)


def _next_block(reader: Any) -> list[_Row]:
    """The next rows of a CSV, as far as they can be read, each with its line."""
    block: list[_Row] = []
    while len(block) < _BLOCK_ROWS:
        line = reader.line_num + 1
        try:
            block.append((line, next(reader)))
        except StopIteration:
            break
        except csv.Error as error:
            block.append((line, error))
    return block


def _read_block(block: list[_Row]) -> list[Record | RejectedRow]:
    rows = [cells for _line, cells in block if isinstance(cells, list)]
    plain = _plain_records(rows) if len(rows) == len(block) else None
    return [_read_row(row) for row in block] if plain is None else [*plain]


def _read_row(row: _Row) -> Record | RejectedRow:
    line, cells = row
    if isinstance(cells, csv.Error):
        return RejectedRow(line, f"not readable as CSV: {cells}", ())
    try:
        return read_record(cells)
    except UnusableRowError as error:
        return RejectedRow(line, str(error), tuple(cells))


def _plain_records(block: list[list[str]]) -> list[Record] | None:
    """The records of rows in which nothing is odd; None when one must be looked at by itself.

    Checks a column at a time what `read_record` checks of a row, in a quarter of the time.
    """
    if {*map(len, block)} != {len(COLUMNS)}:
        return None
    # Most rows come in pairs, one per transport: each text is kept once.
    once: dict[str, str] = {}
    columns = [tuple(map(once.setdefault, cells, cells)) for cells in zip(*block, strict=True)]
    names, port_cells, transports, *others = columns
    text = "".join(chain.from_iterable(block))
    if (
        not (text.replace("\n", "").isprintable() or _CONTROL.search(text) is None)
        or "@" in text
        or _PERHAPS_ADDRESS.search(text)
        or any(max(map(len, columns[column])) > longest for column, longest in _LONGEST)
        or ("", "") in zip(names, port_cells, strict=True)
        or not _TRANSPORTS.issuperset(transports)
        or not all(map(_is_date, {*columns[6], *columns[7]} - {""}))
    ):
        return None
    try:
        firsts, lasts = _read_port_cells(port_cells)
    except UnusableRowError:
        return None
    fields = (names, port_cells, firsts, lasts, transports, *others, repeat(0))
    return [*map(_as_record, zip(*fields, strict=False))]


def _numbered(
    rows: list[Record | RejectedRow], seen: dict[_Alike, int]
) -> Iterable[Record | RejectedRow]:
    """The rows, with the occurrence of those whose name, port cell and transport were `seen`."""
    records = [row for row in rows if isinstance(row, Record)]
    here = dict.fromkeys(map(_ALIKE, records), 0)
    if len(here) == len(records) and seen.keys().isdisjoint(here):
        seen.update(here)
        return rows
    return [_counted(row, seen) if isinstance(row, Record) else row for row in rows]


def _counted(record: Record, seen: dict[_Alike, int]) -> Record:
    alike = _ALIKE(record)
    seen[alike] = seen.get(alike, -1) + 1
    return record._replace(occurrence=seen[alike]) if seen[alike] else record


class UnusableRowError(ValueError):
    """The row cannot be a record; the message says why."""


def without_addresses(text: str) -> str:
    """A text with the e-mail addresses in it left out."""
    if "@" not in text and "&" not in text:
        return text
    for _depth in range(_MOST_NESTED):
        without = _EMAIL.sub("", text)
        if without == text:
            return text
        text = without  # what stood around an address may be one now
    return ""


def read_record(cells: Sequence[str]) -> Record:
    """The record that a row's cells make, as the first of its key; raises UnusableRowError."""
    if len(cells) != len(COLUMNS):
        raise UnusableRowError(f"{len(cells)} cells instead of {len(COLUMNS)}")
    text = "".join(cells)
    if not text.isprintable() and _CONTROL.search(text):
        raise UnusableRowError("a cell holds a control character")
    if "@" in text or ("<" in text and "&" in text):
        cells = [without_addresses(cell) for cell in cells]
    name, port_cell, transport = cells[:3]
    for column, longest in _LONGEST:
        if len(cells[column]) > longest:
            raise UnusableRowError(f"{COLUMNS[column]} is longer than {longest} characters")
    if not name and not port_cell:
        raise UnusableRowError("neither a service name nor a port number")
    if transport not in _TRANSPORTS:
        raise UnusableRowError(f"unknown transport protocol {transport!r}")
    first_port, last_port = _read_ports(port_cell)
    for date_cell in filter(None, cells[6:8]):
        if not _is_date(date_cell):
            raise UnusableRowError(f"date {date_cell!r} is not YYYY-MM or YYYY-MM-DD")
    return Record._make((name, port_cell, first_port, last_port, transport, *cells[3:], 0))


def _read_port_cells(cells: Sequence[str]) -> tuple[list[int | None], list[int | None]]:
    """The first and the last port of each cell; raises UnusableRowError."""
    if not "".join(cells).isascii():
        raise UnusableRowError("a port number is not written in ASCII digits")
    firsts = [int(cell) if len(cell) <= _MOST_DIGITS and cell.isdigit() else None for cell in cells]
    lasts = [*firsts]
    for place, cell in enumerate(cells):
        first = firsts[place]
        if cell and (first is None or first > LAST_PORT):
            firsts[place], lasts[place] = _read_ports(cell)
    return firsts, lasts


def _read_ports(cell: str) -> tuple[int, int] | tuple[None, None]:
    if not cell:
        return None, None
    match = _PORT_CELL.fullmatch(cell)
    if match is None:
        raise UnusableRowError(f"port number {cell!r} is neither a number nor a range")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last <= LAST_PORT:
        raise UnusableRowError(f"port number {cell!r} is not within 0-{LAST_PORT}")
    return first, last


# Many dates are alike.
@lru_cache(maxsize=4096)
def _is_date(cell: str) -> bool:
    match = _DATE_CELL.fullmatch(cell)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return False
    return True
