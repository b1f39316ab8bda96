"""The registry's file becomes a local copy, or an error says why; from real servers and files."""

import os
import socket
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from pytest_django import Settings

from ports.registry.fetch import Validators, digest, fetch
from ports.registry.reasons import FetchError, Reason, RegistryRefusedError
from tests.data import traps
from tests.ports.registry.http_server import Serve, raw, refusal, resetting, sending

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("own_state_dir")]

CONTENT = traps.TRAPS.read_bytes()
KNOWN = Validators('"5f3a"', "Thu, 23 Jul 2026 10:00:00 GMT")


def test_a_download_is_a_local_copy_for_the_time_of_the_block(
    serve: Serve, own_state_dir: Path
) -> None:
    url = serve(sending(CONTENT))
    with fetch(url) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
        assert body.path.is_relative_to(own_state_dir)
        assert body[1:] == (sha256(CONTENT).hexdigest(), url, Validators())
    assert not body.path.exists()


def test_the_copy_is_gone_too_when_the_block_fails(serve: Serve) -> None:
    def fail() -> None:
        with fetch(serve(sending(CONTENT))):
            raise LookupError

    with pytest.raises(LookupError):
        fail()


def test_an_error_of_the_block_is_not_taken_for_one_of_the_download(serve: Serve) -> None:
    def fail() -> None:
        with fetch(serve(sending(CONTENT))):
            raise TimeoutError

    with pytest.raises(TimeoutError):
        fail()


def test_a_scheme_counts_in_any_letter_case(serve: Serve) -> None:
    with fetch(serve(sending(CONTENT)).replace("http", "HTTP", 1)) as body:
        assert body
        assert body.path.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [201, 204, 206, 300, 302, 304, 403, 404, 500, 503])
def test_any_status_but_200_is_an_error(serve: Serve, status: int) -> None:
    url = serve(sending(b"" if status in {204, 304} else CONTENT, status=status))
    error = refusal(url)
    assert isinstance(error, FetchError)
    assert error.figures == {"source": url, "status": status}
    assert str(error) == f"{url} answered {status} instead of 200"


def test_what_the_server_knows_the_file_by_comes_with_it(serve: Serve) -> None:
    url = serve(sending(CONTENT, etag=KNOWN.etag, last_modified=KNOWN.last_modified))
    with fetch(url) as body:
        assert body
        assert body.validators == KNOWN


@pytest.mark.parametrize("etag", ['"ünï"', '"\x01"', f'"{"x" * 200}"'])
def test_what_could_not_be_sent_back_is_not_kept(serve: Serve, etag: str) -> None:
    with fetch(serve(sending(CONTENT, etag=etag))) as body:
        assert body
        assert body.validators == Validators()


def test_a_file_is_asked_for_only_if_it_changed_and_unchanged_is_nothing(serve: Serve) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append((request.headers["If-None-Match"], request.headers["If-Modified-Since"]))
        sending(b"", status=304)(request)

    url = serve(answer)
    for known in KNOWN, KNOWN._replace(last_modified=""), KNOWN._replace(etag=""):
        with fetch(url, known=known) as body:
            assert body is None
    assert asked == [tuple(KNOWN), (KNOWN.etag, None), (None, KNOWN.last_modified)]


def test_a_file_that_did_change_comes_though_another_was_known(serve: Serve) -> None:
    with fetch(serve(sending(CONTENT, etag='"new"')), known=KNOWN) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
        assert body.validators == Validators('"new"')


def test_who_waits_is_told_what_came_and_of_how_much(serve: Serve, tmp_path: Path) -> None:
    content = b"x" * 3_000_000
    told: list[tuple[int, int | None]] = []
    with fetch(serve(sending(content)), received=lambda *said: told.append(said)):
        assert told[-1] == (len(content), len(content))
        assert told == sorted(told)
        assert {in_all for so_far, in_all in told if so_far} == {len(content)}
        assert len(told) < 10
    told.clear()
    chunks = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    with fetch(serve(chunks), received=lambda *said: told.append(said)):
        assert told[-1] == (3, None)
    told.clear()
    path = traps.body(CONTENT, tmp_path).path
    with fetch(str(path), received=lambda *said: told.append(said)):
        assert told == [(len(CONTENT), len(CONTENT))]


def test_a_password_in_an_address_is_sent_but_told_to_nobody_else(serve: Serve) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Authorization"])
        sending(CONTENT, status=200 if len(asked) == 1 else 500)(request)

    url = serve(answer)
    secret = url.replace("//", "//ann:hunter2@")
    with fetch(secret) as body:
        assert body
        assert body.source == url
    assert str(refusal(secret)) == f"{url} answered 500 instead of 200"
    assert asked == ["Basic YW5uOmh1bnRlcjI="] * 2


@pytest.mark.parametrize(
    "answer",
    [
        raw(),
        raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 200_000),
        resetting(),
        resetting(b"HTTP/1.1 200 OK\r\n"),
    ],
    ids=["nothing", "ssh", "headers", "length", "lengths", "coding", "long", "reset", "mid-header"],
)
def test_an_answer_that_is_not_http_is_an_error(serve: Serve, answer: object) -> None:
    url = serve(answer)  # type: ignore[arg-type]
    error = refusal(url)
    assert error.reason == Reason.NOT_REACHABLE
    assert str(error).startswith(f"{url} could not be downloaded: ")


def test_what_a_server_says_is_cut_short_and_cannot_steer_a_terminal(serve: Serve) -> None:
    encoding = "\x1b[2J" + "x" * 10_000
    error = refusal(serve(sending(CONTENT, content_encoding=encoding)))
    assert error.figures["encoding"] == "\N{REPLACEMENT CHARACTER}[2j" + "x" * 196
    assert len(str(refusal(serve(raw(b"SSH" * 9_000 + b"\r\n\r\n"))))) < 300


def test_an_address_where_nobody_listens_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert str(refusal(url)).startswith(f"{url} could not be downloaded: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "http://",
        "https://a:b/",
        "http://a b/\x7f",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        f"http://{'x' * 64}.example/",
        "http://a..example/",
    ],
)
def test_a_malformed_address_is_an_error(url: str) -> None:
    error = refusal(url)
    assert error.reason == Reason.NOT_REACHABLE
    assert error.figures["source"] == url


def test_an_address_without_a_host_is_not_one_of_this_machine() -> None:
    assert refusal("http:///registry.csv").figures["error"] == "no host, or no such port"


def test_a_local_file_is_copied(tmp_path: Path) -> None:
    path = traps.body(CONTENT, tmp_path).path
    with fetch(str(path)) as body:
        assert body
        assert body.path != path
        assert body.path.read_bytes() == CONTENT
        assert body[1:] == (sha256(CONTENT).hexdigest(), str(path), Validators())
    assert path.read_bytes() == CONTENT


def test_a_file_that_is_missing_or_a_folder_is_an_error(tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    assert str(refusal(str(missing))) == f"{missing} cannot be read: No such file or directory"
    assert str(refusal(str(tmp_path))) == f"{tmp_path} cannot be read: Is a directory"
    for nothing in "", "\0":
        assert refusal(nothing).reason == Reason.NOT_READABLE


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for source in str(pipe), "/dev/zero":
        started = time.monotonic()
        assert str(refusal(source)) == f"{source} cannot be read: it is not a regular file"
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("scheme", ["ftp://", "file://", "file:", "FILE:///", "data:,"])
def test_another_scheme_is_an_error_even_for_a_file_that_is_there(
    scheme: str, tmp_path: Path
) -> None:
    source = f"{scheme}{traps.body(CONTENT, tmp_path).path}"
    error = refusal(source)
    assert isinstance(error, FetchError)
    assert str(error) == (
        f"{source} cannot be read: an address must begin with https:// or http://; "
        "a file is named by its path alone"
    )


def test_a_local_file_larger_than_allowed_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.REGISTRY_DOWNLOAD_BYTES = 100
    (tmp_path / "just").write_bytes(b"x" * 100)
    with fetch(str(tmp_path / "just")) as body:
        assert body
        assert body.path.stat().st_size == 100
    (tmp_path / "more").write_bytes(b"x" * 101)
    error = refusal(str(tmp_path / "more"))
    assert isinstance(error, RegistryRefusedError)
    assert str(error) == f"{tmp_path / 'more'} holds more than 100 bytes"


def test_a_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    assert digest(traps.body(b"", tmp_path).path) == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
