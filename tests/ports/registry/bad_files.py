"""Files that are not the registry, or not the whole of it: each made from the real one, by name.

The real one is IANA's of 2026 where REGISTRY_SAMPLES names a folder that has it, and otherwise the
bundled snapshot.
"""

import codecs
import csv
import io
import json
import os
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from ports.registry.bundled import unpacked
from tests.data.traps import Cells, write_table

type Content = Callable[[], bytes]
"""Makes a file's bytes when they are wanted, so that hundreds of files are not held at once."""

PORT, TRANSPORT, DESCRIPTION, ASSIGNEE, REGISTERED, MODIFIED = 1, 2, 3, 4, 6, 7
_FULL_COLUMNS = (0, 1, 2, 3, 4, 5, 6, 11)
"""Columns with something in a thousand cells or more."""
_SAMPLE = "iana-service-names-port-numbers-2026-07-23.csv"


@cache
def real_file() -> bytes:
    """The registry, as it should come."""
    sample = Path(os.environ.get("REGISTRY_SAMPLES", ""), _SAMPLE)
    if sample.is_file():
        return sample.read_bytes()
    with unpacked() as path:
        return path.read_bytes()


@cache
def _table() -> tuple[Cells, list[Cells]]:
    header, *rows = csv.reader(io.StringIO(real_file().decode(), newline=""))
    return header, rows


@cache
def row_ends() -> list[int]:
    """Where in the file each line ends, beginning with the header's."""
    header, rows = _table()
    ends, size = [], 0
    for cells in [header, *rows]:
        text = io.StringIO(newline="")
        csv.writer(text).writerow(cells)
        size += len(text.getvalue().encode())
        ends.append(size)
    assert size == len(real_file()), "this is not how IANA writes its file"
    return ends


def bad_files() -> Iterator[tuple[str, Content]]:
    """Every bad file with its name, as it could come in a whole and proper answer."""
    yield from _cut()
    yield from _rows_gone()
    yield from _columns()
    yield from _cells()
    yield from _repeated()
    yield from _bytes()
    yield from _other_files()
    yield from _huge()


def _written(rows: list[Cells], header: Cells | None = None) -> bytes:
    return write_table(rows, header or _table()[0]).encode()


def _made(change: Callable[[Cells], Cells], header: bool = False) -> Content:
    """The file with every row changed; its header, too, when so said."""

    def content() -> bytes:
        first, rows = _table()
        return _written(
            [change(list(row)) for row in rows], change(list(first)) if header else None
        )

    return content


def _cut() -> Iterator[tuple[str, Content]]:
    chosen = random.Random(1)  # noqa: S311
    ends = row_ends()
    last = len(ends) - 1

    def first_bytes(size: int) -> Content:
        return lambda: real_file()[:size]

    for rows in [1, 2, 10, 100, *sorted(chosen.sample(range(200, last - 200), 28))]:
        yield f"only the first {rows} rows", first_bytes(ends[rows])
    for rows in 1, 2, 5, 10, 50, 100, 200:
        yield f"all but the last {rows} rows", first_bytes(ends[last - rows])
    for row in chosen.sample(range(1, last), 14):
        size = chosen.randrange(ends[row - 1] + 3, ends[row] - 2)
        yield f"cut in the middle of row {row}", first_bytes(size)
    for size in 3, 10, 60:
        yield f"all but the last {size} bytes", first_bytes(len(real_file()) - size)
    quoted = [at for at in range(1, last) if b'"' in real_file()[ends[at - 1] : ends[at]]]
    for row in chosen.sample(quoted, 15):
        start = real_file().index(b'"', ends[row - 1])
        size = chosen.randrange(start + 1, real_file().index(b'"', start + 1))
        yield f"cut inside a quoted cell of row {row}", first_bytes(size)


def _rows_gone() -> Iterator[tuple[str, Content]]:
    def without(share: float, seed: int, *, named_only: bool) -> Content:
        def content() -> bytes:
            chosen = random.Random(seed)  # noqa: S311
            return _written(
                [
                    row
                    for row in _table()[1]
                    if chosen.random() >= share or (named_only and not row[0])
                ]
            )

        return content

    def filtered(keep: Callable[[int, Cells], object]) -> Content:
        return lambda: _written([row for at, row in enumerate(_table()[1]) if keep(at, row)])

    for seed in range(6):
        yield f"90 % of the rows gone, choice {seed}", without(0.9, seed, named_only=False)
        yield f"3 % of the named rows gone, choice {seed}", without(0.03, seed, named_only=True)
    for seed in range(4):
        yield f"50 % of the named rows gone, choice {seed}", without(0.5, seed, named_only=True)
        yield f"10 % of the named rows gone, choice {seed}", without(0.1, seed, named_only=True)
    yield "99 % of the rows gone", without(0.99, 0, named_only=False)
    yield "every second row gone", filtered(lambda at, _row: at % 2)
    yield "the first half gone", filtered(lambda at, _row: at > len(_table()[1]) / 2)
    yield "a hole of 1,000 rows", filtered(lambda at, _row: not 5_000 <= at < 6_000)
    yield "no row with a name", filtered(lambda _at, row: not row[0])
    yield "no row with a port", filtered(lambda _at, row: not row[PORT])
    for transport in "tcp", "udp":
        yield (
            f"no row of {transport}",
            filtered(lambda _at, row, gone=transport: row[TRANSPORT] != gone),  # type: ignore[misc]
        )
    for port in "22", "80", "443":
        yield (
            f"no row of port {port}",
            filtered(lambda _at, row, gone=port: row[PORT] != gone),  # type: ignore[misc]
        )
    yield "no system port", filtered(lambda _at, row: len(row[PORT].partition("-")[0]) > 3)
    yield (
        "nothing newer than 2015",
        filtered(lambda _at, row: max(row[REGISTERED:8]) < "2015"),
    )


def _columns() -> Iterator[tuple[str, Content]]:
    header, rows = _table()
    last = len(header) - 1

    def swapped(one: int, other: int) -> Callable[[Cells], Cells]:
        def change(row: Cells) -> Cells:
            row[one], row[other] = row[other], row[one]
            return row

        return change

    def without(column: int) -> Callable[[Cells], Cells]:
        return lambda row: row[:column] + row[column + 1 :]

    def with_one_more(column: int) -> Callable[[Cells], Cells]:
        return lambda row: [*row[:column], "x", *row[column:]]

    pairs = [(column, column + 1) for column in range(last)]
    pairs += [(0, 2), (0, 3), (1, 3), (3, 11), (4, 11), (5, 8), (6, 8), (2, 6), (0, 11)]
    changes = [
        *(
            (f"{header[a]} and {header[b]} swapped", swapped(a, b))
            for a, b in pairs
            # The bundled snapshot has neither assignees nor contacts.
            if any(row[a] != row[b] for row in rows)
        ),
        *((f"{header[column]} missing", without(column)) for column in range(last + 1)),
        *((f"a column more, at {column}", with_one_more(column)) for column in (0, 6, 12)),
        ("columns in the opposite order", lambda row: row[::-1]),
        ("columns moved one to the right", lambda row: [row[-1], *row[:-1]]),
    ]
    for name, change in changes:
        yield f"{name}, under the header as it should be", _made(change)
        yield f"{name}, the header too", _made(change, header=True)

    def misaligned(column: int) -> bytes:
        rows = _table()[1]
        cells = [row[column] for row in rows]
        return _written(
            [[*row[:column], cells[at - 1], *row[column + 1 :]] for at, row in enumerate(rows)]
        )

    for column in _FULL_COLUMNS:
        yield (
            f"{header[column]} of the row above",
            lambda column=column: misaligned(column),  # type: ignore[misc]
        )


def _cells() -> Iterator[tuple[str, Content]]:
    def each_cell(change: Callable[[str], str]) -> Callable[[Cells], Cells]:
        return lambda row: [change(cell) for cell in row]

    def column(at: int, change: Callable[[str], str]) -> Callable[[Cells], Cells]:
        return lambda row: [*row[:at], change(row[at]), *row[at + 1 :]]

    yield "every cell in capitals", _made(each_cell(str.upper))
    yield "every cell in capitals, the header too", _made(each_cell(str.upper), header=True)
    yield "every cell in ROT13", _made(each_cell(lambda cell: codecs.encode(cell, "rot13")))
    yield "every cell backwards", _made(each_cell(lambda cell: cell[::-1]))
    yield "every cell with a question mark", _made(each_cell(lambda cell: f"{cell}?"))
    yield "every cell empty", _made(each_cell(lambda _cell: ""))
    yield "every cell #REF!", _made(each_cell(lambda _cell: "#REF!"))
    for at in _FULL_COLUMNS:
        name = _table()[0][at]
        yield f"{name} emptied", _made(column(at, lambda _cell: ""))
        yield f"{name} the same everywhere", _made(column(at, lambda _cell: "x"))
    yield (
        "ports one too high",
        _made(column(PORT, lambda cell: str(int(cell) + 1) if cell.isdigit() else cell)),
    )
    yield (
        "ports with decimals",
        _made(column(PORT, lambda cell: f"{cell}.0" if cell else cell)),
    )
    yield (
        "dates as a spreadsheet writes them",
        _made(column(REGISTERED, lambda cell: "/".join(cell.split("-")[::-1]))),
    )
    yield (
        "dates a century back",
        _made(column(REGISTERED, lambda cell: f"19{cell[2:]}" if cell else "")),
    )
    yield "numbered descriptions", _made(column(DESCRIPTION, lambda cell: f"{len(cell)}. {cell}"))

    def earlier() -> bytes:
        header, rows = _table()
        newest = int(max(max(row[REGISTERED:8]) for row in rows)[:4])

        def change(cell: str) -> str:
            return f"{newest - 2}{cell[4:]}" if cell and int(cell[:4]) > newest - 2 else cell

        return _written(
            [[*row[:6], change(row[6]), change(row[7]), *row[8:]] for row in rows], header
        )

    yield "no date of the last two years", earlier


def _repeated() -> Iterator[tuple[str, Content]]:
    def body() -> bytes:
        return real_file()[row_ends()[0] :]

    yield "the file twice", lambda: real_file() * 2
    yield "all rows twice", lambda: real_file() + body()
    yield "all rows five times", lambda: real_file() + body() * 4
    yield "each row twice", lambda: _written([row for row in _table()[1] for _ in range(2)])
    yield "the first half twice", lambda: real_file() + body()[: row_ends()[7_000] - row_ends()[0]]


def _bytes() -> Iterator[tuple[str, Content]]:
    def text() -> str:
        # With something that is not ASCII in it, whichever file it is made from.
        return real_file().decode().replace("Protocol", "Protocole é")

    for encoding in "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be":
        mark = "\N{ZERO WIDTH NO-BREAK SPACE}"
        yield (
            f"{encoding} with a byte order mark",
            lambda encoding=encoding, mark=mark: (mark + text()).encode(encoding),  # type: ignore[misc]
        )
        yield (
            f"{encoding} without a byte order mark",
            lambda encoding=encoding: text().encode(encoding),  # type: ignore[misc]
        )
    for encoding in "latin-1", "cp1252", "mac-roman", "cp037", "shift-jis", "utf-7":
        yield (
            encoding,
            lambda encoding=encoding: text().encode(encoding, "replace"),  # type: ignore[misc]
        )
    yield "a byte order mark before UTF-8", lambda: codecs.BOM_UTF8 + real_file()

    def spoilt(at: float, spoil: bytes) -> Content:
        def content() -> bytes:
            place = int(at * len(real_file()))
            return real_file()[:place] + spoil + real_file()[place + len(spoil) :]

        return content

    for at in 0.0, 0.3, 0.7, 0.999:
        yield f"a byte that is not UTF-8 at {at:.1%}", spoilt(at, b"\xff")
        yield f"a block of noise at {at:.1%}", spoilt(at, _noise(4096))
        yield f"a surrogate at {at:.1%}", spoilt(at, b"\xed\xa0\x80")
    yield "NUL in place of its first byte", spoilt(0, b"\0")
    yield "NULs in place of its header", spoilt(0, bytes(100))
    yield "NULs in place of its last block", lambda: real_file()[:-4096] + bytes(4096)
    yield "NULs in place of its second half", spoilt(0.5, bytes(len(real_file()) // 2))
    yield "nothing but NULs", lambda: bytes(len(real_file()))
    yield "a NUL in every tenth row", lambda: b"\0,".join(real_file().split(b"\n1"))
    yield "a NUL after every byte", lambda: b"\0".join(bytes([each]) for each in real_file())
    yield "control characters for spaces", lambda: real_file().replace(b" ", b"\x01")


def _noise(size: int) -> bytes:
    return random.Random(3).randbytes(size)  # noqa: S311


def _other_files() -> Iterator[tuple[str, Content]]:
    header = real_file()[: row_ends()[0]]
    page = b"<!DOCTYPE html>\n<html><head><title>%s</title></head><body>%s</body></html>\n"
    samples = {
        "an empty file": b"",
        "a line end alone": b"\r\n",
        "a blank alone": b" ",
        "the header alone": header,
        "the header without a line end": header.rstrip(),
        "half the header": header[:60],
        "the header twice": header * 2,
        "a page for maintenance": page % (b"Maintenance", b"We will be back soon."),
        "a page of a captive portal": page % (b"Welcome", b"<form>Accept our terms</form>"),
        "a page that wants JavaScript": page % (b"Just a moment", b"<script>location='/'</script>"),
        "a long page": page % (b"Index", b"<p>, , , , ,</p>\n" * 50_000),
        "a page below the header": header + page % (b"Error", b"Internal server error"),
        "an answer of SOAP": b'<?xml version="1.0"?><Envelope><Fault>no</Fault></Envelope>',
        "an error as JSON": b'{"error": "rate limit", "retry_after": 60}',
        "an empty list as JSON": b"[]",
        "null": b"null",
        "a word": b"OK",
        "a number": b"0\n" * 1000,
        "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
        "a PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(1000),
        "an empty ZIP": b"PK\x05\x06" + bytes(18),
        "a program": b"\x7fELF\x02\x01\x01" + bytes(5000),
        "noise": _noise(1_000_000),
        "another table": b"Port,Name\r\n" + b"22,ssh\r\n" * 10_000,
        "a list of services": b"ssh\t22/tcp\t\t\t# SSH Remote Login Protocol\n" * 5_000,
    }
    for name, sample in samples.items():
        yield name, lambda sample=sample: sample  # type: ignore[misc]
    yield "all of it below a page", lambda: page % (b"Registry", real_file())
    yield "all of it as JSON", lambda: json.dumps(_table()).encode()
    yield "all of it without the header", lambda: real_file()[len(header) :]
    yield "the header in small letters", lambda: header.lower() + real_file()[len(header) :]
    yield "the header with blanks", lambda: header.replace(b",", b", ") + real_file()[len(header) :]
    yield "a comment above the header", lambda: b"# IANA\r\n" + real_file()
    for name, separator in ("semicolons", ";"), ("tabs", "\t"), ("bars", "|"):

        def separated(separator: str = separator) -> bytes:
            text = io.StringIO(newline="")
            first, rows = _table()
            csv.writer(text, delimiter=separator).writerows([first, *rows])
            return text.getvalue().encode()

        yield f"{name} for commas", separated
    yield "all of it without quotes", lambda: real_file().replace(b'"', b"")
    yield "all of it with quotes doubled", lambda: real_file().replace(b'"', b'""')


def _huge() -> Iterator[tuple[str, Content]]:
    header = real_file()[: row_ends()[0]]
    yield "a million tiny rows", lambda: header + b"a,1\r\n" * 1_000_000
    yield "a million empty rows", lambda: header + b"\r\n" * 1_000_000
    yield "a million rows alike", lambda: header + b"a,1,tcp,,,,,,,,,\r\n" * 1_000_000
    yield "a million rows after all", lambda: real_file() + b"a,1\r\n" * 1_000_000
    yield "a line of 20 MB", lambda: header + b"x" * 20_000_000
    yield "a first line of 20 MB", lambda: b"x" * 20_000_000
    yield "a cell of 10 MB", lambda: header + b'"' + b"x\n" * 5_000_000 + b'"' + b"," * 11
    yield "a cell of 10 MB in the header", lambda: b'"' + b"x" * 10_000_000 + b'",' + header
    yield "a million cells in a row", lambda: header + b"," * 1_000_000
    yield "a million cells in the header", lambda: header.rstrip() + b"," * 1_000_000
    for row in 0, 1, 100, 5_000, 10_000, 14_000:

        def unclosed(row: int = row) -> bytes:
            place = row_ends()[row]
            return real_file()[:place] + b'"' + real_file()[place:]

        yield f"a quote that nothing closes, in row {row + 1}", unclosed
    yield "nothing but quotes", lambda: b'"' * 5_000_000
    yield "nothing but commas", lambda: b"," * 5_000_000
