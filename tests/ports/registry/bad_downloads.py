"""Hundreds of downloads that must change nothing: each with its name and a server's answer."""

import gzip
import random
import time
import zlib
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler

from tests.ports.registry.bad_files import Content, bad_files, real_file, row_ends
from tests.ports.registry.http_server import Answer, dripping, redirecting, resetting, sending

type BadDownload = tuple[str, Answer]

_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_GZIP = _OK + b"Content-Encoding: gzip\r\n\r\n"


def bad_downloads() -> Iterator[BadDownload]:
    """Every bad download that is over as soon as it is read."""
    for name, content in bad_files():
        yield name, _whole(content)
    yield from _packed_files()
    yield from _pages()
    yield from _broken_off()
    yield from _wrong_lengths()
    yield from _damaged_gzip()
    yield from _without_end()
    yield from _encodings()
    yield from _statuses()
    yield from _redirects()
    yield from _not_http()


def slow_downloads() -> Iterator[BadDownload]:
    """Those that last until the deadline, whichever it is."""
    length = b"Content-Length: %d\r\n\r\n" % len(real_file())
    beginning = real_file()[:100_000]
    drips = {
        "the body drips": (_OK + length, b"x"),
        "the body drips after a good beginning": (_OK + length + beginning, b"x"),
        "chunks drip": (_CHUNKED, b"1\r\nx\r\n"),
        "a chunk drips": (_CHUNKED + b"100000\r\n", b"x"),
        "the length of a chunk drips": (_CHUNKED, b"0"),
        "what follows the chunks drips": (_CHUNKED + b"0\r\n", b"X-More: more\r\n"),
        "gzip drips": (_GZIP + _packed()[:1000], b"\0\0\0\xff\xff"),
        "headers drip": (_OK, b"X-More: more\r\n"),
        "a header drips": (_OK + b"X-Name: ", b"x"),
        "the status drips": (b"HTTP/1.1 2", b"0"),
        "hints drip": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        "silence": (b"", b""),
        "silence after the headers": (_OK + length, b""),
        "silence in the body": (_OK + length + beginning, b""),
    }
    for name, (start, piece) in drips.items():
        yield name, dripping(start, piece, every=0.05)

    def slowly_redirecting(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.45)
        redirecting("/again")(request)

    yield "redirects that take their time", slowly_redirecting


@cache
def _packed() -> bytes:
    return gzip.compress(real_file(), mtime=0)


def _whole(content: Content, **headers: str) -> Answer:
    """A whole and proper answer, made when it is asked for."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        sending(content(), **headers)(request)

    return answer


def _writing(*pieces: Content) -> Answer:
    """An answer of just these bytes, made when it is asked for."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            request.wfile.write(piece())

    return answer


def _raw(content: bytes) -> Answer:
    return _writing(lambda: content)


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def _packed_files() -> Iterator[BadDownload]:
    """Some of the bad files, packed: they must be no better for it."""
    for number, (name, content) in enumerate(bad_files()):
        if number % 20 == 7:
            yield (
                f"{name}, packed",
                _whole(
                    lambda content=content: gzip.compress(content(), 1),  # type: ignore[misc]
                    content_encoding="gzip",
                ),
            )


def _pages() -> Iterator[BadDownload]:
    page = b"<!DOCTYPE html><html><body>Service unavailable, try again</body></html>"
    for kind in "text/html", "text/html; charset=utf-8", "text/csv", "application/octet-stream":
        yield f"a page as {kind}", sending(page, content_type=kind)
        yield (
            f"a page as {kind}, packed",
            sending(gzip.compress(page), content_type=kind, content_encoding="gzip"),
        )


def _broken_off() -> Iterator[BadDownload]:
    chosen = random.Random(2)  # noqa: S311
    ends = row_ends()
    length = b"Content-Length: %d\r\n\r\n" % len(real_file())

    def beginning(size: int) -> Content:
        return lambda: real_file()[:size]

    for row in chosen.sample(range(len(ends) - 1), 16):
        cut = beginning(ends[row])
        yield (
            f"broken off after row {row}",
            _writing(lambda: _OK + length, cut),
        )
        yield (
            f"chunks broken off after row {row}",
            _writing(lambda cut=cut: _CHUNKED + _chunk(cut())),  # type: ignore[misc]
        )
    for size in (0, 1, *chosen.sample(range(len(real_file())), 8), len(real_file()) - 1):
        yield (
            f"broken off after {size} bytes",
            _writing(lambda: _OK + length, beginning(size)),
        )
        yield (
            f"a chunk broken off after {size} bytes",
            _writing(lambda: _CHUNKED + b"%x\r\n" % len(real_file()), beginning(size)),
        )
    for size in (1, *chosen.sample(range(len(real_file())), 4)):
        yield (
            f"reset after {size} bytes",
            resetting(_OK + length + real_file()[:size]),
        )
    yield "chunks without the last", _writing(lambda: _CHUNKED + _chunk(real_file()))
    yield (
        "chunks without the line that ends them",
        _writing(lambda: _CHUNKED + _chunk(real_file()) + b"0\r\n"),
    )
    yield (
        "chunks with something that is none",
        _writing(lambda: _CHUNKED + _chunk(real_file()) + b"none\r\n"),
    )
    yield "an end that could be a break", _writing(lambda: _OK + b"\r\n" + real_file())
    yield (
        "an end that is a break",
        _writing(lambda: _OK + b"\r\n" + real_file()[: ends[9_000]]),
    )
    yield (
        "an end of HTTP/1.0 that could be a break",
        _writing(lambda: b"HTTP/1.0 200 OK\r\n\r\n" + real_file()),
    )


def _wrong_lengths() -> Iterator[BadDownload]:
    size = len(real_file())
    ends = row_ends()
    smaller = [
        0,
        1,
        ends[0],
        ends[1],
        ends[7_000],
        ends[-2],
        size // 2,
        size - 100,
        size - 2,
        size - 1,
    ]
    for length in smaller:
        yield (
            f"{size - length} bytes more than it says",
            _whole(real_file, content_length=str(length)),
        )
    for more in 1, 2, 1000, size, 10_000_000, 10**9, 10**18:
        yield f"{more} bytes less than it says", _whole(real_file, content_length=str(size + more))
    for length in "-1", "many", "0x100", "1e6", "1,000", f"{size}, {size + 1}", "9" * 30, "":
        yield (
            f"a length of {length!r}",
            _whole(real_file, content_length=length),
        )
    yield (
        "two lengths",
        _writing(
            lambda: _OK + b"Content-Length: %d\r\nContent-Length: 9\r\n\r\n" % size, real_file
        ),
    )


def _damaged_gzip() -> Iterator[BadDownload]:
    chosen = random.Random(4)  # noqa: S311
    packed = _packed()

    def flipped(at: int) -> bytes:
        return packed[:at] + bytes([packed[at] ^ 0x10]) + packed[at + 1 :]

    damaged = {
        "no gzip": real_file(),
        "gzip with a wrong checksum": packed[:-8] + b"\1\2\3\4" + packed[-4:],
        "gzip with a wrong size": packed[:-4] + b"\1\2\3\4",
        "gzip and a byte": packed + b"\0",
        "gzip and a page": packed + b"<html></html>",
        "gzip twice": packed * 2,
        "gzip and an empty gzip": packed + gzip.compress(b""),
        "gzip in gzip": gzip.compress(packed),
        "zlib for gzip": zlib.compress(real_file()),
        "an empty gzip": gzip.compress(b""),
        "nothing for gzip": b"",
    }
    for size in (
        1,
        9,
        10,
        20,
        *chosen.sample(range(len(packed)), 8),
        len(packed) - 8,
        len(packed) - 1,
    ):
        damaged[f"gzip cut short after {size} bytes"] = packed[:size]
    for at in chosen.sample(range(10, len(packed)), 8):
        damaged[f"gzip with byte {at} spoilt"] = flipped(at)
    for name, content in damaged.items():
        yield name, sending(content, content_encoding="gzip")
    for size in chosen.sample(range(len(packed)), 4):
        yield f"gzip until the connection breaks after {size} bytes", _raw(_GZIP + packed[:size])


@cache
def _zeros() -> tuple[bytes, bytes]:
    """A gzip's beginning, and a block of a million zeros that may follow it any number of times."""
    packer = zlib.compressobj(9, wbits=31)
    beginning = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    return beginning, packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)


def _without_end() -> Iterator[BadDownload]:
    for megabytes in 33, 100, 1_000, 10_000:

        def bomb(megabytes: int = megabytes) -> bytes:
            beginning, block = _zeros()
            return _GZIP + beginning + block * megabytes

        yield f"a gzip bomb of {megabytes} MB", _writing(bomb)
    yield (
        "a gzip bomb of rows",
        _whole(
            lambda: gzip.compress(real_file() + b"a,1,tcp,,,,,,,,,\r\n" * 2_000_000, 1),
            content_encoding="gzip",
        ),
    )
    rows = real_file()[row_ends()[0] :][:60_000]
    yield "chunks without end", dripping(_CHUNKED, _chunk(b"x" * 60_000), every=0)
    yield (
        "rows without end",
        dripping(_CHUNKED + _chunk(real_file()), _chunk(rows), every=0),
    )
    yield "a body without end", dripping(_OK + b"\r\n", b"x" * 60_000, every=0)
    yield (
        "gzip without end that holds nothing",
        dripping(_GZIP + _zeros()[0], b"\0\0\0\xff\xff" * 12_000, every=0),
    )
    yield "headers without end", dripping(_OK, b"X-More: more\r\n" * 1000, every=0)
    yield "a header without end", dripping(_OK + b"X: ", b"x" * 60_000, every=0)
    yield "a status without end", dripping(b"HTTP/1.1 200 ", b"O" * 60_000, every=0)
    yield "a chunk's length without end", dripping(_CHUNKED, b"0" * 60_000, every=0)
    yield (
        "what follows chunks without end",
        dripping(_CHUNKED + b"0\r\n", b"X-More: more\r\n" * 1000, every=0),
    )


def _encodings() -> Iterator[BadDownload]:
    for encoding in "br", "zstd", "compress", "x-gzip", "utf-8", "gzip, gzip", "gzip, br", "none":
        yield f"encoded as {encoding}", _whole(_packed, content_encoding=encoding)
    yield (
        "encoded as deflate",
        _whole(lambda: zlib.compress(real_file()), content_encoding="deflate"),
    )
    yield "packed without saying so", _whole(_packed)
    yield "packed as a file", _whole(_packed, content_type="application/gzip")


def _statuses() -> Iterator[BadDownload]:
    for status in (
        201,
        202,
        203,
        206,
        226,
        300,
        400,
        401,
        403,
        404,
        410,
        418,
        429,
        451,
        500,
        502,
        503,
    ):

        def answer(request: BaseHTTPRequestHandler, status: int = status) -> None:
            sending(real_file(), status=status)(request)

        yield f"all of it with status {status}", answer
    for status in 204, 205, 304:
        yield f"nothing with status {status}", sending(b"", status=status)
    for status in 301, 302, 303, 307, 308:
        yield (
            f"all of it with status {status} and no address",
            lambda request, status=status: sending(real_file(), status=status)(request),  # type: ignore[misc]
        )
    yield "a change of protocol", _raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + b"x" * 99)


def _redirects() -> Iterator[BadDownload]:
    for target in (
        "registry.csv",
        "?again",
        "//registry.example/registry.csv",
        "http://registry.example/registry.csv",
        "https://registry.example/registry.csv",
        "https://www.iana.org.registry.example/",
        "https://www.iana.org@registry.example/",
        "https://ann:password@www.iana.org/",
        "https://registry.example\\@www.iana.org/",
        "http://www.iana.org:22/",
        "http://localhost/",
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/registry.csv",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "file:registry.csv",
        "ftp://www.iana.org/registry.csv",
        "gopher://127.0.0.1:70/",
        "data:text/csv,Service%20Name",
        "javascript:alert(1)",
        "ws://www.iana.org/",
        "https://",
        "https://[::1",
        "https://www.iana.org:port/",
        "https://www.iana.org:99999/",
        f"https://{'x' * 5000}/",
    ):
        yield f"a redirect to {target[:60]}", redirecting(target)


def _not_http() -> Iterator[BadDownload]:
    yield "nothing at all", _raw(b"")
    yield "a reset", resetting()
    yield "a greeting of SSH", _raw(b"SSH-2.0-OpenSSH_9.2\r\n")
    yield "a greeting of SMTP", _raw(b"220 mail.example ESMTP\r\n")
    yield "the file without HTTP", _writing(real_file)
    yield "HTTP/0.9", _raw(b"<html>Service unavailable</html>\r\n")
    yield "HTTP/2", _raw(b"\0\0\x12\4\0\0\0\0\0" + bytes(18))
    yield "an alert of TLS", _raw(b"\x15\x03\x01\x00\x02\x02\x16")
    yield "a status that is no number", _raw(b"HTTP/1.1 OK\r\n\r\n")
    yield "headers broken off", _raw(_OK + b"Content-Length: 9")
    yield "a header with a NUL", _writing(lambda: _OK + b"X: \0\r\n\r\n", real_file)
    yield (
        "a coding of the transfer that nobody knows",
        _writing(lambda: _OK + b"Transfer-Encoding: br\r\n\r\n", real_file),
    )
    yield (
        "a chunk of a negative length",
        _writing(lambda: _CHUNKED + b"-1\r\n", real_file),
    )
