"""Whoever downloads while another version takes its place has one version, whole."""

import gzip
import hashlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.ports.dumps import sets
from tests.portsite.processes import Program, ask, environment, free_port, until

pytestmark = pytest.mark.any_database

# More than sockets and the server hold between them.
LONG = 32 * 1024 * 1024


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[int]:
    """The port of a web server that serves the downloads of the test."""
    settings.DUMPS_DIR = tmp_path / "dumps"
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "portsite.wsgi", "--bind", f"127.0.0.1:{port}"]
    with Program(
        [
            *(*command, "--workers", "1", "--threads", "4", "--worker-class", "gthread"),
            *("--config", "python:portsite.gunicorn", "--no-control-socket"),
        ],
        env=environment(tmp_path / "state", DUMPS_DIR=str(settings.DUMPS_DIR)),
        log=tmp_path / "gunicorn.log",
    ):
        until(lambda: ask(port, "/dumps/manifest.json"), 30, "an answer")
        yield port


class Download:
    """A download that has begun, and goes on only when it is told to."""

    def __init__(self, port: int, path: str) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        self._socket.settimeout(30)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        self.response = HTTPResponse(self._socket)
        self.response.begin()
        self.first = self.response.read(1000)

    def rest(self) -> bytes:
        try:
            return self.first + self.response.read()
        finally:
            self.close()

    def close(self) -> None:
        self.response.close()
        self._socket.close()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=0, mtime=0)


def test_a_slow_reader_has_one_whole_version_while_two_others_take_its_place(
    server: int, tmp_path: Path
) -> None:
    contents = [packed(os.urandom(LONG)) for _number in range(3)]
    manifests = [sets.put(contents[0], made_at="2026-07-20")]
    begun = [Download(server, f"/dumps/{manifests[0]['version']}/{sets.NAME}")]
    for number in (1, 2):
        manifests.append(sets.put(contents[number], made_at=f"2026-07-2{number}"))
        said = ask(server, "/dumps/manifest.json")
        assert said is not None
        assert json.loads(said.body) == manifests[number]
        begun.append(Download(server, f"/dumps/{manifests[number]['version']}/{sets.NAME}"))
    assert not (tmp_path / "dumps" / manifests[0]["version"]).exists()
    for number, download in enumerate(begun):
        whole = download.rest()
        assert download.response.status == 200
        assert download.response.headers["ETag"] == f'"{hashlib.sha256(whole).hexdigest()}"'
        assert whole == contents[number]
    gone = ask(server, f"/dumps/{manifests[0]['version']}/{sets.NAME}")
    assert gone is not None
    assert gone.status == 404


def test_a_download_that_broke_off_goes_on_from_there(server: int) -> None:
    content = packed(os.urandom(1_000_000))
    manifest = sets.put(content)
    path = f"/dumps/{manifest['version']}/{sets.NAME}"
    begun = Download(server, path)
    first = begun.first
    begun.close()
    rest = _get(server, path, Range=f"bytes={len(first)}-")
    assert first + rest == content


def _get(port: int, path: str, **headers: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())
        response = HTTPResponse(connection)
        response.begin()
        assert response.status == 206
        return response.read()
