"""The registry's file as the bytes of its rows, which can be compared without reading them. Pure.

IANA ends rows with CR LF and quotes a cell where it must; a bare LF stands only inside quoted
cells. A file like that is split at its CR LFs into rows that each can be read alone, which costs a
tenth of reading its cells.
"""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from ports.registry.parse import without_addresses
from ports.registry.records import COLUMNS

MOST_LINES: Final = 40_000
"""Real files have some 16,000; the limit keeps a hostile one from filling the memory."""
MOST_LINE_BYTES: Final = 128 * 1024

_ROW_END: Final = b"\r\n"
_PERHAPS_ADDRESS: Final = re.compile(rb"@|<[^<>\s]*&").search
HEADER: Final = ",".join(COLUMNS).encode()


class OversizeError(ValueError):
    """A file with more or longer lines than any registry has: `most`, and of what."""

    def __init__(self, most: int, unit: str) -> None:
        self.most = most
        self.unit = unit
        super().__init__(most, unit)


class UnfinishedError(ValueError):
    """A file whose last line has no end, as when a file is cut short."""


class RawRows(NamedTuple):
    """A file's header line and its rows, as bytes without their ends."""

    header: bytes
    rows: list[bytes]

    def lines(self) -> Iterator[str]:
        """What `parse` reads. Raises UnicodeDecodeError."""
        yield self.header.decode()
        yield from map(bytes.decode, self.rows)

    def first_lines(self) -> list[int]:
        """The line of the file on which each row begins; the header's is 1."""
        lengths = (row.count(b"\n") + 1 for row in self.rows)
        return [*accumulate(lengths, initial=2)]

    def dump(self) -> bytes:
        """The file again."""
        return _ROW_END.join([self.header, *self.rows, b""])


def load(dumped: bytes) -> RawRows:
    """The rows that were dumped."""
    header, *rows, _end = dumped.split(_ROW_END)
    return RawRows(header, rows)


def split(data: bytes) -> RawRows | None:
    """The rows of a file whose rows end as IANA ends them; None for any other.

    Raises OversizeError when it has more or longer lines than any registry has, and
    UnfinishedError when its last line has no end.
    """
    if not data.endswith(b"\n"):
        raise UnfinishedError
    if data.count(b"\n") > MOST_LINES:
        raise OversizeError(MOST_LINES, "lines")
    header, *rows = data.split(_ROW_END)
    lines = rows if rows and b"\n" not in header and b'"' not in header else None
    if max(map(len, lines or data.split(b"\n")), default=0) > MOST_LINE_BYTES:
        raise OversizeError(MOST_LINE_BYTES, "bytes")
    if lines is None:
        return None
    return RawRows(header, rows[:-1])


def are_whole(rows: Iterable[bytes]) -> bool:
    """Whether the quotes of each row match, so that no quoted cell goes on in the next row."""
    return not any(row.count(b'"') % 2 for row in rows if b'"' in row)


def clean(row: bytes) -> bytes:
    """A row with the e-mail addresses in it left out. Raises UnicodeDecodeError."""
    if not _PERHAPS_ADDRESS(row):
        return row
    read = cells_of([row])
    if read is None:
        return without_addresses(row.decode()).encode()
    cells = [*map(without_addresses, read[0])]
    return row if cells == read[0] else _written(cells)


def cleaned(rows: RawRows) -> RawRows:
    """A file with the e-mail addresses in it left out. Raises UnicodeDecodeError."""
    hints = _places((b"@", b"<"), rows.rows)
    if not hints:
        return rows
    clean_rows = list(rows.rows)
    for place in hints:
        clean_rows[place] = clean(clean_rows[place])
    return RawRows(rows.header, clean_rows)


def _places(characters: Iterable[bytes], rows: list[bytes]) -> set[int]:
    """The places of the rows that hold one of these, in a third of the time of asking each row."""
    content = b"".join(rows)
    ends = [*accumulate(map(len, rows))]
    places = set()
    for character in characters:
        found = content.find(character)
        while found >= 0:
            place = bisect_right(ends, found)
            places.add(place)
            found = content.find(character, ends[place])
    return places


def of_cells(table: Iterable[Sequence[str]]) -> RawRows:
    """The rows of cells in the order of COLUMNS, as IANA writes them."""
    return RawRows(HEADER, [_written(cells) for cells in table])


def cells_of(rows: Iterable[bytes]) -> list[list[str]] | None:
    """The cells of each row; None unless each is by itself exactly one row of CSV."""
    try:
        texts = [row.decode() for row in rows]
        read = list(csv.reader(texts, strict=True))
    except (csv.Error, UnicodeDecodeError):
        return None
    # A line feed outside quotes is an error, and a quote left open takes in the next row.
    return read if len(read) == len(texts) else None


class Differing(NamedTuple):
    """The rows that only one of two files has, in its order; `after` is that file cleaned."""

    gone: list[bytes]
    come: list[bytes]
    after: RawRows


def differing(before: RawRows, after: RawRows) -> Differing | None:
    """What differs between a clean file and another. Raises UnicodeDecodeError.

    None when a row is repeated in either, or when rows that are in both stand in another order:
    they are then more than a set.
    """
    were, seen = set(before.rows), set(after.rows)
    cleaned = {row: clean_row for row in seen - were if (clean_row := clean(row)) is not row}
    if cleaned:
        after = RawRows(after.header, [cleaned.get(row, row) for row in after.rows])
        seen = set(after.rows)
    if len(were) < len(before.rows) or len(seen) < len(after.rows):
        return None
    gone, come = were - seen, seen - were
    stay = [row for row in before.rows if row not in gone]
    if stay != [row for row in after.rows if row not in come]:
        return None
    return Differing(
        [row for row in before.rows if row in gone],
        [row for row in after.rows if row in come],
        after,
    )


def _written(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    # Python 3.12 quotes a cell of several lines only where these are what ends a row.
    csv.writer(text, lineterminator=_ROW_END.decode()).writerow(cells)
    return text.getvalue().removesuffix(_ROW_END.decode()).encode()
