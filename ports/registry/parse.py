"""Reading the published CSV: every row comes back, as a record or as a rejected row with its reason.

Standard library only. The text is read as a stream and never held as a whole.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
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
    seen: Counter[tuple[str, str, str]] = Counter()
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RejectedRow(line, f"not readable as CSV: {error}", ())
            continue
        row = _read_row(line, cells)
        if isinstance(row, Record):
            repetition = (row.service_name, row.port_cell, row.transport)
            if occurrence := seen[repetition]:
                row = row._replace(occurrence=occurrence)
            seen[repetition] = occurrence + 1
        yield row


def _read_row(line: int, cells: list[str]) -> Record | RejectedRow:
    def rejected(reason: str) -> RejectedRow:
        return RejectedRow(line, reason, tuple(cells))

    if len(cells) != len(COLUMNS):
        return rejected(f"{len(cells)} cells instead of {len(COLUMNS)}")
    text = "".join(cells)
    if _CONTROL.search(text):
        return rejected("a cell holds a control character")
    if "@" in text or ("<" in text and "&" in text):
        cells = [_EMAIL.sub("", cell) for cell in cells]
    for column, longest in _LONGEST.items():
        if len(cells[column]) > longest:
            return rejected(f"{COLUMNS[column]} is longer than {longest} characters")
    name, port_cell, transport = cells[:3]
    if not name and not port_cell:
        return rejected("neither a service name nor a port number")
    if transport not in _TRANSPORTS:
        return rejected(f"unknown transport protocol {transport!r}")
    first_port = last_port = None
    if port_cell:
        match = _PORT_CELL.fullmatch(port_cell)
        if match is None:
            return rejected(f"port number {port_cell!r} is neither a number nor a range")
        first_port = int(match[1])
        last_port = int(match[2] or match[1])
        if not 0 <= first_port <= last_port <= LAST_PORT:
            return rejected(f"port number {port_cell!r} is not within 0-{LAST_PORT}")
    for column in (6, 7):
        if cells[column] and not _is_date(cells[column]):
            return rejected(f"{COLUMNS[column]} {cells[column]!r} is not YYYY-MM or YYYY-MM-DD")
    return Record(name, port_cell, first_port, last_port, transport, *cells[3:], occurrence=0)


def _is_date(cell: str) -> bool:
    match = _DATE_CELL.fullmatch(cell)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return False
    return True
