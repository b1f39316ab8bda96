"""What arrives of a file: decoded, counted against the limit, and written piece by piece."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

_PIECE: Final = 64 * 1024


class TooLargeError(Exception):
    """More than the limit came, or would come once decoded."""


class DamagedError(Exception):
    """What came is not what was packed; the message says in which way."""


class Arrival:
    """A file as it arrives, in pieces of any size; holds no more than a piece in memory.

    `limit` counts the bytes as they come, and as they are once decoded.
    """

    def __init__(self, file: BinaryIO, *, limit: int, packed: bool) -> None:
        self._file = file
        self._limit = limit
        # 16 above the largest window is zlib's sign for gzip.
        self._gunzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if packed else None
        self._written = 0
        self.received = 0
        """The bytes that came, as they came."""

    def take(self, raw: bytes) -> None:
        """Write what came; raises TooLargeError or DamagedError instead of going too far."""
        self.received += len(raw)
        if self.received > self._limit:
            raise TooLargeError
        for piece in _unpacked(self._gunzip, raw) if self._gunzip else (raw,):
            self._written += len(piece)
            if self._written > self._limit:
                raise TooLargeError
            self._file.write(piece)

    def end(self) -> None:
        """Raise DamagedError when nothing more comes, though something is missing."""
        if self._gunzip and not self._gunzip.eof:
            raise DamagedError("the compressed data end early")


def _unpacked(gunzip: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
    """What `raw` holds, a piece at a time, so that nobody can make it large in memory."""
    while raw and not gunzip.eof:
        try:
            piece = gunzip.decompress(raw, _PIECE)
        except zlib.error as error:
            raise DamagedError(str(error)) from error
        raw = gunzip.unconsumed_tail
        yield piece
    if raw or gunzip.unused_data:
        raise DamagedError("something follows the compressed data")
