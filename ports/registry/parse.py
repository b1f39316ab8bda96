"""Reading the published CSV: every row comes back, as a record or rejected with its reason.

Standard library only. The text is read as a stream and never held as a whole.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final

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
# What the columns of the database hold; real names have at most 15 characters.
_LONGEST: Final = {0: 200, 9: 100}


class HeaderError(ValueError):
    """The first line is not the registry's header: this is some other file."""


def parse(lines: Iterable[str]) -> Iterator[Record | RejectedRow]:
    """Read the registry from the lines of its CSV (opened with `newline=""`).

    Gives one Record or RejectedRow per row after the header, in the order of the file. E-mail
    addresses are left out of every cell. Raises HeaderError when the header is not the registry's.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise HeaderError(f"the first line is not CSV: {error}") from error
    if tuple(header) not in _HEADERS:
        found = ", ".join(header)[:200] or "nothing"
        raise HeaderError(f"expected the columns {', '.join(COLUMNS)}; found {found}")
    seen: dict[tuple[str, str, str], int] = {}
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RejectedRow(line, f"not readable as CSV: {error}", ())
            continue
        try:
            record = _record(cells)
        except _UnusableRowError as error:
            yield RejectedRow(line, str(error), tuple(cells))
            continue
        alike = (record.service_name, record.port_cell, record.transport)
        if alike in seen:
            seen[alike] += 1
            record = record._replace(occurrence=seen[alike])
        else:
            seen[alike] = 0
        yield record


class _UnusableRowError(ValueError):
    """The row cannot be a record; the message says why."""


def _record(cells: list[str]) -> Record:
    if len(cells) != len(COLUMNS):
        raise _UnusableRowError(f"{len(cells)} cells instead of {len(COLUMNS)}")
    text = "".join(cells)
    if not text.isprintable() and _CONTROL.search(text):
        raise _UnusableRowError("a cell holds a control character")
    if "@" in text or ("<" in text and "&" in text):
        cells = [_EMAIL.sub("", cell) if "@" in cell or "&" in cell else cell for cell in cells]
    for column, longest in _LONGEST.items():
        if len(cells[column]) > longest:
            raise _UnusableRowError(f"{COLUMNS[column]} is longer than {longest} characters")
    name, port_cell, transport = cells[:3]
    if not name and not port_cell:
        raise _UnusableRowError("neither a service name nor a port number")
    if transport not in _TRANSPORTS:
        raise _UnusableRowError(f"unknown transport protocol {transport!r}")
    first_port, last_port = _read_ports(port_cell)
    for date_cell in cells[6:8]:
        if date_cell and not _is_date(date_cell):
            raise _UnusableRowError(f"date {date_cell!r} is not YYYY-MM or YYYY-MM-DD")
    return Record._make((name, port_cell, first_port, last_port, transport, *cells[3:], 0))


# Most rows come in pairs, one per transport, and many dates are alike.
@lru_cache(maxsize=4096)
def _read_ports(cell: str) -> tuple[int, int] | tuple[None, None]:
    if not cell:
        return None, None
    match = _PORT_CELL.fullmatch(cell)
    if match is None:
        raise _UnusableRowError(f"port number {cell!r} is neither a number nor a range")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last <= LAST_PORT:
        raise _UnusableRowError(f"port number {cell!r} is not within 0-{LAST_PORT}")
    return first, last


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
