"""What is sent, however clients send it, asked of a real web server."""

import socket
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.portsite.processes import Program, ask, until
from tests.votes_at_once import prepare, web_server

pytestmark = pytest.mark.any_database

TEXT = b"tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n"
PLAIN = {"Host": "localhost", "Content-Type": "text/plain"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, int]]:
    folder = tmp_path_factory.mktemp("bodies")
    prepare(folder)
    with web_server(folder, workers=1) as found:
        yield found


def send(port: int, pieces: list[bytes], **headers: str) -> tuple[int, bytes]:
    """What a text is answered with that is sent in pieces, without saying how long it is."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(
        "POST", "/api/v1/lookup/", iter(pieces), {**PLAIN, **named}, encode_chunked=True
    )
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_a_long_address_is_told_what_is_wrong_with_it(server: tuple[Program, int]) -> None:
    said = ask(server[1], f"/api/v1/assignments/?q={'x' * 10_000}")
    assert said is not None
    assert said.status == 400
    assert '"parameter":"q"' in said.body
    longer = ask(server[1], f"/api/v1/assignments/?q={'x' * 20_000}")
    assert longer is not None
    assert longer.status == 414


def test_what_comes_in_pieces_is_whole(server: tuple[Program, int]) -> None:
    status, said = send(server[1], [TEXT[:10], TEXT[10:]])
    assert status == 200
    assert b'"port":22' in said


def test_too_much_in_pieces_is_refused(server: tuple[Program, int]) -> None:
    status, said = send(server[1], [b"x" * 1024] * 300)
    assert status == 413
    assert b"content-too-large" in said


def test_what_is_packed_is_refused_by_name(server: tuple[Program, int]) -> None:
    status, said = send(server[1], [TEXT], Content_Encoding="gzip")
    assert status == 415
    assert b"unsupported-media-type" in said


def test_a_sender_who_goes_away_is_no_fault_of_ours(server: tuple[Program, int]) -> None:
    program, port = server
    head = (
        b"POST /api/v1/lookup/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 1000\r\n\r\n" + TEXT
    )
    for _ in range(3):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(head)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()  # with a reset
    until(lambda: send(port, [TEXT])[0] == 200, 20, "an answer to somebody else")
    assert "Traceback" not in program.output
    assert "Internal Server Error" not in program.output


def test_nothing_of_it_is_logged(server: tuple[Program, int]) -> None:
    program, port = server
    send(port, [b"tcp ESTAB 0 0 192.0.2.10:51234 203.0.113.77:443\n"])
    assert "203.0.113.77" not in program.output
