"""The registry's file is had as a whole and in time, or not at all; from a real server."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from ports.registry.fetch import FetchError, digest, fetch
from tests.data import traps

pytestmark = pytest.mark.any_database

CONTENT = traps.TRAPS.read_bytes()

type Answer = Callable[[BaseHTTPRequestHandler], None]
type Serve = Callable[[Answer], str]


@pytest.fixture(autouse=True)
def own_state_dir(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A state folder in which nothing may be left."""
    folder = tmp_path / "state"
    folder.mkdir()
    settings.STATE_DIR = folder
    yield folder
    assert [*folder.iterdir()] == []


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A server on this machine that gives one answer to every request; returns its address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running: list[tuple[ThreadingHTTPServer, Thread]] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.close_connection = True
                with suppress(ConnectionError):  # the reader may hang up at any time
                    answer(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/registry.csv"

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def sending(content: bytes, *, status: int = 200, **headers: str) -> Answer:
    """An answer of a status, headers (`content_length` for Content-Length) and content."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def dripping(beginning: bytes, piece: bytes, *, every: float) -> Answer:
    """An answer that never ends: a beginning, and then a piece every so many seconds."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(beginning)
        for _ in range(200):
            request.wfile.write(piece)
            time.sleep(every)

    return answer


def refusal(source: str) -> str:
    """The message with which a source is refused."""
    with pytest.raises(FetchError) as caught, fetch(source):
        pass
    return str(caught.value)


def test_a_download_is_a_local_copy_for_the_time_of_the_block(
    serve: Serve, own_state_dir: Path
) -> None:
    url = serve(sending(CONTENT, content_length=str(len(CONTENT))))
    with fetch(url) as body:
        assert body.path.read_bytes() == CONTENT
        assert body.path.is_relative_to(own_state_dir)
        assert body[1:] == (sha256(CONTENT).hexdigest(), url)
    assert not body.path.exists()


def test_the_copy_is_gone_too_when_the_block_fails(serve: Serve) -> None:
    def fail() -> None:
        with fetch(serve(sending(CONTENT))):
            raise LookupError

    with pytest.raises(LookupError):
        fail()


def test_a_download_is_decoded_and_its_digest_is_that_of_the_file(serve: Serve) -> None:
    url = serve(sending(gzip.compress(CONTENT), content_encoding="gzip"))
    with fetch(url) as body:
        assert body.path.read_bytes() == CONTENT
        assert body.sha256 == sha256(CONTENT).hexdigest()


def test_a_scheme_counts_in_any_letter_case(serve: Serve) -> None:
    with fetch(serve(sending(CONTENT)).replace("http", "HTTP", 1)) as body:
        assert body.path.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [204, 206, 304, 403, 404, 500, 503])
def test_any_status_but_200_is_refused(serve: Serve, status: int) -> None:
    url = serve(sending(b"" if status in {204, 304} else CONTENT, status=status))
    assert refusal(url) == f"{url} answered {status} instead of 200"


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    elsewhere = serve(sending(CONTENT))
    url = serve(sending(b"", status=302, location=elsewhere))
    assert refusal(url) == f"{url} answered 302 instead of 200"


def test_a_download_of_just_the_allowed_size_is_taken(serve: Serve, settings: Settings) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = len(CONTENT)
    with fetch(serve(sending(CONTENT))) as body:
        assert body.sha256 == sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_download_one_byte_larger_once_decoded_is_refused(
    serve: Serve, settings: Settings, encoding: str
) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = 99_999
    content = b"x" * 100_000
    sent = gzip.compress(content) if encoding == "gzip" else content
    url = serve(sending(sent, content_encoding=encoding))
    assert refusal(url) == f"{url} sent more than 99,999 bytes"


def test_a_download_without_end_is_given_up_at_the_allowed_size(
    serve: Serve, settings: Settings
) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = 1_000_000
    url = serve(dripping(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 100_000, every=0))
    assert refusal(url) == f"{url} sent more than 1,000,000 bytes"


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Name: ", b"x"),
    ],
    ids=["body", "chunks", "headers", "one header"],
)
def test_an_answer_that_drips_is_given_up_in_time(
    serve: Serve, settings: Settings, beginning: bytes, piece: bytes
) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.5
    url = serve(dripping(beginning, piece, every=0.05))
    started = time.monotonic()
    assert refusal(url) == f"{url} did not end within 0.5 seconds"
    assert 0.4 < time.monotonic() - started < 1.5


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_a_server_that_falls_silent_is_given_up_in_time(
    serve: Serve, settings: Settings, beginning: bytes
) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.5
    url = serve(dripping(beginning, b"", every=0.02))
    started = time.monotonic()
    assert refusal(url).startswith(url)
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n",
    ],
    ids=["length", "chunks"],
)
def test_a_connection_that_is_cut_short_is_refused(serve: Serve, beginning: bytes) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(beginning + CONTENT[:1000])

    url = serve(answer)
    assert refusal(url).startswith(f"{url} could not be downloaded: peer closed connection")


def test_a_connection_that_is_reset_is_refused(serve: Serve) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        request.connection.close()

    assert " could not be downloaded: " in refusal(serve(answer))


def test_damaged_compression_is_refused(serve: Serve) -> None:
    url = serve(sending(b"no gzip", content_encoding="gzip"))
    assert refusal(url).startswith(f"{url} could not be downloaded: ")


def test_an_answer_that_is_not_http_is_refused(serve: Serve) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")

    url = serve(answer)
    assert refusal(url).startswith(f"{url} could not be downloaded: ")


def test_an_address_where_nobody_listens_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert refusal(url).startswith(f"{url} could not be downloaded: ")


@pytest.mark.parametrize("url", ["http://[::1", "http://", "https://a:b/", "http://a b/\x7f"])
def test_a_malformed_address_is_refused(url: str) -> None:
    assert url in refusal(url)


def test_a_local_file_is_copied(tmp_path: Path) -> None:
    path = traps.body(CONTENT, tmp_path).path
    with fetch(str(path)) as body:
        assert body.path != path
        assert body.path.read_bytes() == CONTENT
        assert body[1:] == (sha256(CONTENT).hexdigest(), str(path))
    assert path.read_bytes() == CONTENT


def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    assert refusal(str(missing)) == f"{missing} cannot be read: No such file or directory"
    assert refusal(str(tmp_path)) == f"{tmp_path} cannot be read: Is a directory"
    assert refusal("ftp://example.com/x").startswith("ftp://example.com/x cannot be read: ")


def test_a_local_file_larger_than_allowed_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = 100
    (tmp_path / "just").write_bytes(b"x" * 100)
    with fetch(str(tmp_path / "just")) as body:
        assert body.path.stat().st_size == 100
    (tmp_path / "more").write_bytes(b"x" * 101)
    assert refusal(str(tmp_path / "more")) == f"{tmp_path / 'more'} holds more than 100 bytes"
    assert refusal("/dev/zero") == "/dev/zero holds more than 100 bytes"


def test_a_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    assert digest(traps.body(b"", tmp_path).path) == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
