"""Real HTTP servers on this machine that answer as badly as they are told to."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from select import select
from subprocess import run
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
from pytest_django import Settings

from ports.registry.fetch import fetch
from ports.registry.reasons import RefreshError
from tests import machine

type Answer = Callable[[BaseHTTPRequestHandler], None]
type Serve = Callable[[Answer], str]


class _Server(ThreadingHTTPServer):
    """Gives one answer to every request, until it is stopped."""

    def __init__(self, answer: Answer) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.close_connection = True
                with suppress(OSError):  # the reader may hang up at any time
                    answer(self)

            do_HEAD = do_GET  # noqa: N815 - http.server looks for it

            def log_message(self, *_arguments: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self._stopping = Event()
        self._accepting = Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        # Waits without a timeout, so that hundreds of servers cost nothing.
        while not self._stopping.is_set():
            self.handle_request()

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing: a reader that does not like the certificate hangs up."""

    def stop(self) -> None:
        self._stopping.set()
        socket.create_connection(self.server_address[:2]).close()  # wakes it
        self._accepting.join()
        self.server_close()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A server on this machine that gives one answer to every request; returns its address."""
    monkeypatch.setenv("no_proxy", "*")  # the one in small letters counts, where both are set
    running: list[_Server] = []

    def start(answer: Answer) -> str:
        running.append(_Server(answer))
        return f"http://127.0.0.1:{running[-1].server_port}/registry.csv"

    yield start
    for server in running:
        server.stop()


class Tls(NamedTuple):
    """How to serve with a certificate for `registry.test`, and to trust it."""

    serve: Serve
    certificate: Path
    names_asked_for: list[str]
    """The names that came in SNI."""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `registry.test`, with its key, that signs itself."""
    path = tmp_path_factory.mktemp("tls") / "registry.test.pem"
    command = f"""{machine.require("openssl")} req -x509 -newkey ec -pkeyopt
        ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=registry.test
        -addext subjectAltName=DNS:registry.test -keyout {path} -out {path.with_suffix(".crt")}"""
    run(command.split(), check=True, capture_output=True)
    with path.open("a") as file:
        file.write(path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tls]:
    """Servers by https, under the name `registry.test`; to be trusted only where a test says so."""
    monkeypatch.setenv("no_proxy", "*")
    running: list[_Server] = []
    names: list[str] = []

    def note(_connection: ssl.SSLObject, name: str, _context: ssl.SSLContext) -> None:
        names.append(name)

    def start(answer: Answer) -> str:
        server = _Server(answer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = note  # type: ignore[assignment]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        running.append(server)
        return f"https://registry.test:{server.server_port}/registry.csv"

    yield Tls(start, certificate.with_suffix(".crt"), names)
    for server in running:
        server.stop()


def sending(content: bytes, *, status: int = 200, **headers: str) -> Answer:
    """An answer of a status, headers (`content_type` for Content-Type) and content.

    Its length is the true one, unless another is given.
    """
    lines = {"content_length": str(len(content)), **headers}

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in lines.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def raw(*pieces: bytes) -> Answer:
    """An answer of just these bytes, and then the end of the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            request.wfile.write(piece)

    return answer


def redirecting(target: str, *, status: int = 302) -> Answer:
    """An answer that sends to `target`."""
    return sending(b"", status=status, location=target)


def dripping(beginning: bytes, piece: bytes, *, every: float) -> Answer:
    """An answer without end: a beginning, and then a piece every so many seconds.

    It ends when the reader hangs up.
    """

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(beginning)
        while not select([request.connection], [], [], every)[0]:
            request.wfile.write(piece)

    return answer


def resetting(beginning: bytes = b"") -> Answer:
    """An answer that breaks off with a reset of the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(beginning)
        # Lingering for no time makes a reset of closing.
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        request.connection.close()

    return answer


def refusal(source: str, **options: Any) -> RefreshError:
    """The error with which `fetch` refuses a source."""
    with pytest.raises(RefreshError) as caught, fetch(source, **options):
        pass
    return caught.value


@pytest.fixture
def own_state_dir(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A state folder in which nothing may be left."""
    folder = tmp_path / "state"
    folder.mkdir()
    settings.STATE_DIR = folder
    yield folder
    assert [*folder.iterdir()] == []
