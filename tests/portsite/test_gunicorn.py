"""The web server believes trusted proxies alone, and logs nothing of what readers send."""

import socket
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from portsite import supervisor
from tests.feedback.forms import reference_on
from tests.portsite.processes import Program, ask, environment, free_port, until

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("trusted", "believed"),
    [("", True), ("10.0.0.0/8, 127.0.0.0/8", True), ("192.0.2.1", False)],
)
def test_a_trusted_proxy_says_whether_the_reader_came_by_https(
    trusted: str, believed: bool, prepared_state_dir: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "portsite.wsgi", "--bind", f"127.0.0.1:{port}"]
    with Program(
        [*command, "--config", "python:portsite.gunicorn", "--no-control-socket"],
        env=environment(prepared_state_dir, TRUSTED_PROXIES=trusted),
        log=prepared_state_dir / "gunicorn.log",
    ):
        until(lambda: ask(port, "/healthz"), 30, "an answer")
        page = ask(port, "/tr/ports/3440/")
        assert page is not None
        # A vote is taken from the site's own pages only, so the scheme decides about it.
        answer = ask(
            port,
            "/feedback/",
            method="POST",
            body=urlencode({"page": reference_on(page.body), "face": "happy"}),
            Content_Type="application/x-www-form-urlencoded",
            Origin=f"https://localhost:{port}",
            X_Forwarded_Proto="https",
        )
    assert answer is not None
    assert answer.status == (303 if believed else 403)


_APPLICATION = """
def application(environ, start_response):
    environ["wsgi.input"].read()
    if environ["PATH_INFO"].startswith("/fault"):
        raise LookupError("the application is at fault")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""
_POST = b"POST /of-a-reader HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
_BAD = (
    _POST + b"of-a-reader\r\n",
    _POST + b"3\r\nabcof-a-reader\r\n",
    b"of-a-reader\r\n\r\n",
    b"GET /of-a-reader HTTP/of-a-reader\r\n\r\n",
    b"of-a-reader! / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nof-a-reader \xff\r\n\r\n",
    b"GET / HTTP/1.1\r\nTransfer-Encoding: of-a-reader\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: of-a-reader\r\n\r\n",
    b"GET /" + b"of-a-reader" * 2000 + b" HTTP/1.1\r\n\r\n",
)


@pytest.mark.parametrize("level", ["warning", "debug"])
@pytest.mark.parametrize("more", [[], ["--access-logfile", "-"]])
def test_nothing_of_a_request_is_logged_and_every_fault_is(
    level: str, more: list[str], tmp_path: Path
) -> None:
    (tmp_path / "readers.py").write_text(_APPLICATION)
    port = free_port()
    # As `make run` starts it, with another application.
    web = supervisor.commands(port, tmp_path)[0].command
    command = [{"portsite.wsgi": "readers", "warning": level}.get(part, part) for part in web]
    with Program(
        [*command, *more, "--pythonpath", str(tmp_path)],
        env=environment(tmp_path),
        log=tmp_path / "gunicorn.log",
    ) as server:
        until(lambda: ask(port, "/"), 30, "an answer")
        for number, bad in enumerate(_BAD):
            # From an address that nothing listens on.
            with socket.create_connection(
                ("127.0.0.1", port), timeout=10, source_address=("127.9.8.7", 0)
            ) as client:
                client.sendall(bad)
                assert client.recv(1000).startswith((b"HTTP/1.1 4", b"HTTP/1.1 501")), number
        assert ask(port, "/fault/of-a-reader?of-a-reader") is not None
        until(lambda: "LookupError: the application is at fault" in server.output, 5, "the fault")
        output = server.output
    assert output.count("[WARNING] Invalid request\n") == len(_BAD)
    assert "[ERROR] Error handling request\nTraceback" in output
    assert "of-a-reader" not in output
    assert "127.9.8.7" not in output
