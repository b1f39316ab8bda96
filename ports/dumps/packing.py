"""Files that are packed while they are written, with their digests."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import orjson

_LEVEL: Final = 6
_GZIP: Final = 31


class Measured(NamedTuple):
    """How many bytes, and their SHA-256."""

    bytes: int
    sha256: str


class _Measuring:
    """Counts bytes and digests them."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._count = 0

    def add(self, data: bytes) -> None:
        self._digest.update(data)
        self._count += len(data)

    @property
    def measured(self) -> Measured:
        return Measured(self._count, self._digest.hexdigest())


class Packing:
    """A gzip file that is being written: the same bytes whenever the content is the same."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # Its header says neither a time nor a name.
        self._packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
        self._outside, self._inside = _Measuring(), _Measuring()

    def write(self, data: bytes) -> None:
        self._inside.add(data)
        self._put(self._packer.compress(data))

    def write_lines(self, records: Iterable[Any]) -> int:
        """Write records as JSON Lines; return how many."""
        count = 0
        for record in records:
            self.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
        return count

    def end(self) -> None:
        self._put(self._packer.flush())

    @property
    def packed(self) -> Measured:
        return self._outside.measured

    @property
    def content(self) -> Measured:
        return self._inside.measured

    def _put(self, packed: bytes) -> None:
        self._outside.add(packed)
        self._file.write(packed)


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
