"""A download ends in time, is no larger than allowed, and is whole; whatever the server does."""

import gc
import gzip
import os
import random
import socket
import subprocess
import sys
import time
import tracemalloc
import zlib
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from threading import Event

import pytest
from pytest_django import Settings

from ports.registry.fetch import fetch
from ports.registry.reasons import FetchError, Reason, RegistryRefusedError
from tests.data import traps
from tests.ports.registry.http_server import (
    Answer,
    Serve,
    dripping,
    raw,
    redirecting,
    refusal,
    resetting,
    sending,
)
from tests.portsite.processes import ROOT

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("own_state_dir")]

CONTENT = traps.TRAPS.read_bytes()
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n"
PACKED = gzip.compress(CONTENT)


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def bomb(size: int) -> bytes:
    """Zeros, so many that `size` bytes hold a thousand times as many."""
    packer = zlib.compressobj(9, wbits=31)
    piece = b"".join(packer.compress(bytes(100_000)) for _ in range(size // 100))
    return piece + packer.flush()


# In time.


@pytest.mark.parametrize(
    ("beginning", "piece", "every"),
    [
        (OK + b"Content-Length: 1000000\r\n\r\n", b"x", 0.05),
        (CHUNKED, b"1\r\nx\r\n", 0.05),
        (CHUNKED + b"0\r\n", b"X-More: more\r\n", 0.05),
        (GZIP + b"\r\n" + PACKED[:100], b"", 0.05),
        (OK, b"X-More: more\r\n", 0.05),
        (OK + b"X-Name: ", b"x", 0.05),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000, 0),
        (CHUNKED, b"1\r\nx\r\n" * 1000, 0),
        (b"", b"", 0.05),
        (OK + b"Content-Length: 9\r\n\r\nx", b"", 0.05),
    ],
    ids=[
        "body",
        "chunks",
        "trailers",
        "gzip",
        "headers",
        "one header",
        "hints",
        "flood of hints",
        "flood of chunks",
        "silence",
        "silence in the body",
    ],
)
def test_an_answer_that_does_not_end_is_given_up_in_time(
    serve: Serve, settings: Settings, beginning: bytes, piece: bytes, every: float
) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.5
    url = serve(dripping(beginning, piece, every=every))
    started = time.monotonic()
    error = refusal(url)
    assert 0.4 < time.monotonic() - started < 1.5
    assert isinstance(error, FetchError)
    assert error.figures == {"source": url, "seconds": 0.5}
    assert str(error) == f"{url} did not end within 0.5 seconds"


def test_redirects_and_what_follows_them_share_one_time(serve: Serve, settings: Settings) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.5

    def answer(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.2)
        redirecting("/again")(request)

    started = time.monotonic()
    assert refusal(serve(answer)).reason == Reason.NO_ANSWER_IN_TIME
    assert time.monotonic() - started < 2


def test_a_name_server_that_is_silent_is_given_up_in_time(settings: Settings) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.3
    answered = Event()

    def resolve(_host: str, _port: int) -> list[str]:
        answered.wait(5)
        return []

    started = time.monotonic()
    error = refusal("https://registry.test/", resolve=resolve)
    assert time.monotonic() - started < 2
    assert error.reason == Reason.NO_ANSWER_IN_TIME
    answered.set()


def test_a_server_that_does_not_greet_is_given_up_in_time(settings: Settings) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.3
    started = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:  # which accepts, and says nothing
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"
        assert refusal(url).reason == Reason.NO_ANSWER_IN_TIME
    assert time.monotonic() - started < 2
    gc.collect()  # which warns of a connection that was left open


def test_no_process_waits_at_its_end_for_a_name_server() -> None:
    script = """
import time
from django.conf import settings
settings.configure(
    STATE_DIR=None, REGISTRY_DOWNLOAD_SECONDS=0.2, REGISTRY_URL="", REGISTRY_PRIVATE_HOSTS=[]
)
from ports.registry.fetch import fetch
from ports.registry.reasons import FetchError
try:
    with fetch("http://registry.test/", resolve=lambda *_asked: time.sleep(60)):
        pass
except FetchError as error:
    print(error.reason.value)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert (done.stdout, done.stderr) == ("no_answer_in_time\n", "")


# Within the size.


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_just_the_allowed_size_is_taken_and_a_byte_more_is_refused(
    serve: Serve, settings: Settings, encoding: str
) -> None:
    content = b"x" * 100_000
    sent = gzip.compress(content) if encoding == "gzip" else content
    url = serve(sending(sent, content_encoding=encoding))
    settings.REGISTRY_DOWNLOAD_BYTES = 100_000
    with fetch(url) as body:
        assert body
        assert body.sha256 == sha256(content).hexdigest()
    settings.REGISTRY_DOWNLOAD_BYTES = 99_999
    error = refusal(url)
    assert isinstance(error, RegistryRefusedError)
    assert error.figures == {"source": url, "limit": 99_999}
    assert str(error) == f"{url} holds more than 99999 bytes"


def test_a_length_beyond_the_limit_is_refused_before_anything_comes(
    serve: Serve, settings: Settings
) -> None:
    length = settings.REGISTRY_DOWNLOAD_BYTES + 1
    url = serve(dripping(OK + b"Content-Length: %d\r\n\r\n" % length, b"", every=1))
    started = time.monotonic()
    assert refusal(url).reason == Reason.TOO_LARGE
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "answer",
    [
        dripping(CHUNKED, chunk(b"x" * 100_000), every=0),
        dripping(GZIP + b"\r\n" + PACKED[:10], b"\0\0\0\xff\xff" * 10_000, every=0),
        raw(GZIP + b"\r\n" + bomb(1_000_000)),
        raw(GZIP + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(bomb(1_000_000)) + chunk(b"")),
    ],
    ids=["chunks", "empty gzip blocks", "gzip bomb", "gzip bomb in one chunk"],
)
def test_what_has_no_end_or_unfolds_costs_no_memory(
    serve: Serve, settings: Settings, answer: Answer
) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = 8_000_000
    url = serve(answer)
    with fetch(serve(sending(CONTENT))):  # what is loaded once and kept
        pass
    tracemalloc.start()
    try:
        error = refusal(url)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.figures == {"source": url, "limit": 8_000_000}
    assert peak < 2_000_000


# Whole.


@pytest.mark.parametrize(
    "answer",
    [
        sending(PACKED, content_encoding="gzip"),
        sending(PACKED, content_encoding=" GZip"),
        raw(GZIP + b"\r\n" + PACKED),
        raw(GZIP + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(PACKED) + chunk(b"")),
        raw(CHUNKED + chunk(CONTENT[:1000]) + chunk(CONTENT[1000:]) + chunk(b"")),
        sending(CONTENT, content_encoding="identity"),
        raw(*(bytes([each]) for each in GZIP + b"\r\n" + PACKED)),
    ],
    ids=["gzip", "spelling", "gzip until the end", "gzip chunks", "chunks", "identity", "bytes"],
)
def test_a_whole_answer_is_taken_in_each_way_it_may_come(serve: Serve, answer: Answer) -> None:
    with fetch(serve(answer)) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
        assert body.sha256 == sha256(CONTENT).hexdigest()


def test_large_and_hardly_packable_files_are_decoded_byte_by_byte(serve: Serve) -> None:
    content = random.Random(1).randbytes(300_000) + bytes(5_000_000)  # noqa: S311
    with fetch(serve(sending(gzip.compress(content), content_encoding="gzip"))) as body:
        assert body
        assert body.path.read_bytes() == content


def test_only_gzip_is_asked_for(serve: Serve) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers.get_all("Accept-Encoding"))
        sending(CONTENT)(request)

    with fetch(serve(answer)):
        assert asked == [["gzip"]]


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip, identity", "x"])
def test_an_encoding_that_was_not_asked_for_is_refused(serve: Serve, encoding: str) -> None:
    url = serve(sending(CONTENT, content_encoding=encoding))
    assert str(refusal(url)) == (f"{url} came in an encoding that was not asked for: {encoding}")


@pytest.mark.parametrize(
    "answer",
    [
        raw(OK + b"Content-Length: 1000000\r\n\r\n" + CONTENT[:1000]),
        raw(OK + b"Content-Length: 1000000\r\n\r\n"),
        raw(CHUNKED + b"1000\r\n" + CONTENT[:1000]),
        raw(CHUNKED + chunk(CONTENT)),
        raw(CHUNKED),
        raw(CHUNKED + chunk(CONTENT) + b"0\r\n"),
        raw(CHUNKED + chunk(CONTENT) + b"no chunk\r\n"),
        resetting(OK + b"Content-Length: 1000000\r\n\r\n" + CONTENT[:1000]),
        raw(GZIP + b"\r\n" + PACKED[:-1]),
        raw(GZIP + b"\r\n"),
        sending(PACKED[:-9], content_encoding="gzip"),
        sending(b"", content_encoding="gzip"),
    ],
    ids=[
        "length",
        "no body",
        "in a chunk",
        "between chunks",
        "before chunks",
        "before the end of chunks",
        "broken chunks",
        "reset",
        "gzip's last byte",
        "no gzip",
        "gzip with a length",
        "empty gzip",
    ],
)
def test_an_answer_that_is_cut_short_is_refused(serve: Serve, answer: Answer) -> None:
    url = serve(answer)
    error = refusal(url)
    assert isinstance(error, RegistryRefusedError)
    assert error.reason == Reason.CUT_SHORT
    assert str(error).startswith(f"{url} did not arrive as a whole: ")


@pytest.mark.parametrize(
    "packed",
    [b"no gzip", PACKED[:-8] + bytes(8), PACKED + b"\0", PACKED + PACKED, zlib.compress(CONTENT)],
    ids=["no gzip", "checksum", "byte after it", "twice", "zlib"],
)
def test_damaged_compression_is_refused(serve: Serve, packed: bytes) -> None:
    assert refusal(serve(sending(packed, content_encoding="gzip"))).reason == Reason.CUT_SHORT


def test_compressed_data_that_something_follows_later_are_refused(serve: Serve) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(GZIP + b"\r\n" + PACKED)
        time.sleep(0.1)
        request.wfile.write(b"more")

    assert refusal(serve(answer)).reason == Reason.CUT_SHORT


@pytest.mark.parametrize("pause", [0, 0.05])
def test_an_answer_longer_than_its_length_is_refused(serve: Serve, pause: float) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(OK + b"Content-Length: 1000\r\n\r\n" + CONTENT[:1000])
        time.sleep(pause)
        request.wfile.write(CONTENT[1000:])

    error = refusal(serve(answer))
    assert error.reason == Reason.CUT_SHORT
    assert error.figures["error"] == "more came than the server had said"


def test_an_answer_longer_than_its_length_by_a_byte_that_came_with_it_is_refused(
    serve: Serve,
) -> None:
    answer = raw(OK + b"Content-Length: 1000\r\n\r\n" + CONTENT[:1000] + b"?")
    assert refusal(serve(answer)).reason == Reason.CUT_SHORT


def test_a_server_that_leaves_the_connection_open_is_not_waited_for(serve: Serve) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(CONTENT)
    started = time.monotonic()
    with fetch(serve(dripping(OK + length + CONTENT, b"", every=0.5))) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_an_answer_whose_end_could_be_a_break_is_refused(serve: Serve, version: bytes) -> None:
    url = serve(raw(b"HTTP/" + version + b" 200 OK\r\n\r\n" + CONTENT))
    error = refusal(url)
    assert isinstance(error, RegistryRefusedError)
    assert error.reason == Reason.END_UNKNOWN
