"""The web server believes X-Forwarded-* headers from the proxies that are trusted, and no other."""

import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

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
