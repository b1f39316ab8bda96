"""Files that are packed while they are written, with their digests."""

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

_LEVEL: Final = 6


class Measured(NamedTuple):
    """How many bytes, and their SHA-256."""

    bytes: int
    sha256: str


class _Measuring:
    """Passes bytes on and measures them."""

    def __init__(self, to: Any) -> None:
        self._to = to
        self._digest = hashlib.sha256()
        self._count = 0

    def write(self, data: Any) -> int:
        self._digest.update(data)
        self._count += len(data)
        return int(self._to.write(data))

    def flush(self) -> None:
        self._to.flush()

    @property
    def measured(self) -> Measured:
        return Measured(self._count, self._digest.hexdigest())


class Packing:
    """A gzip file that is being written: the same bytes whenever the content is the same."""

    def __init__(self, file: Any) -> None:
        self._outside = _Measuring(file)
        self._gzip = gzip.GzipFile(
            filename="",
            mode="wb",
            compresslevel=_LEVEL,
            fileobj=self._outside,
            mtime=0,
        )
        self._inside = _Measuring(self._gzip)

    def write(self, data: bytes) -> None:
        self._inside.write(data)

    def write_lines(self, records: Iterable[Any]) -> int:
        """Write records as JSON Lines; return how many."""
        count = 0
        for record in records:
            self.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
        return count

    def end(self) -> None:
        self._gzip.close()

    @property
    def packed(self) -> Measured:
        return self._outside.measured

    @property
    def content(self) -> Measured:
        return self._inside.measured


@contextmanager
def packing(path: Path) -> Iterator[Packing]:
    """A new file at `path`, for the time of the block; it lies on the disk when the block ends."""
    with path.open("xb") as file:
        packed = Packing(file)
        yield packed
        packed.end()
        file.flush()
        os.fsync(file.fileno())


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that it lies on the disk, whole, or is not there."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def lines_of(path: Path) -> Iterator[Any]:
    """The records of packed JSON Lines."""
    with gzip.open(path) as file:
        yield from map(orjson.loads, file)
