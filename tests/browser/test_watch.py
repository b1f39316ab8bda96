"""The watch over the browser sees each thing it is there to see."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from tests.browser.watch import Watch

pytestmark = pytest.mark.any_database

POLICY = ("Content-Security-Policy", "default-src 'self'")


class Answer(NamedTuple):
    """What a doctored site answers at one address."""

    body: str = ""
    media_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


def page(body: str, *headers: tuple[str, str]) -> Answer:
    head = "<!doctype html><html lang=en><title>Doctored</title><link rel=icon href=/icon.svg>"
    return Answer(head + body, headers=headers)


def script(body: str) -> Answer:
    return Answer(body, "text/javascript")


ANSWERS = {
    "/icon.svg": Answer("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    "/broken.js": script("nobody.defined(this)"),
    "/loud.js": script("console.warn('look here')"),
    "/keeping.js": script("localStorage.setItem('seen', '1')"),
    "/biscuit.js": script("document.cookie = 'seen=1; path=/'"),
    "/missing.png": Answer(status=404),
}


class DoctoredSite(ThreadingHTTPServer):
    """A site with one page that a test chooses."""

    answers: dict[str, Answer]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: DoctoredSite

    def do_GET(self) -> None:
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.close_connection = True  # no answer at all
            return
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in (
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(body))),
            *answer.headers,
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def doctored() -> Iterator[DoctoredSite]:
    with DoctoredSite(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def watched(browser: Browser, doctored: DoctoredSite) -> Callable[[Answer], list[str]]:
    """Open a page, and say what the watch saw."""

    def watch_over(answer: Answer) -> list[str]:
        doctored.answers = {**ANSWERS, "/": answer}
        context = browser.new_context(base_url=doctored.url)
        watch = Watch(context, doctored.url)
        context.new_page().goto("/")
        findings = watch.findings()
        context.close()
        return findings

    return watch_over


def test_a_good_page_is_not_accused(watched: Callable[[Answer], list[str]]) -> None:
    assert watched(page("<h1>Good</h1>", POLICY)) == []


@pytest.mark.parametrize(
    ("opened", "complaint"),
    [
        (
            page("<script>let x = 1</script>", POLICY),
            "CSP violation: script-src-elem blocked inline",
        ),
        (page("<p style='color: red'>Red", POLICY), "CSP violation: style-src-attr blocked inline"),
        (
            page("<img alt='' src=http://127.0.0.1:9/a.png>", POLICY),
            "CSP violation: img-src blocked http://127.0.0.1:9/a.png",
        ),
        (
            page("<img alt='' src=http://127.0.0.1:9/a.png>"),
            "request to another site: http://127.0.0.1:9/a.png",
        ),
        (page("<script src=/broken.js></script>", POLICY), "uncaught error"),
        (page("<script src=/loud.js></script>", POLICY), "console warning: look here"),
        (page("<img alt='' src=/silent.png>", POLICY), "request failed"),
        (page("<img alt='' src=/missing.png>", POLICY), "answered with 404"),
        (page("", POLICY, ("Set-Cookie", "seen=1; Path=/")), "set a cookie: seen=1"),
        (page("", POLICY, ("Set-Cookie", "seen=1; Path=/admin/")), "set a cookie: seen=1"),
        (page("<script src=/biscuit.js></script>", POLICY), "keeps the cookie seen for /"),
        (page("<script src=/keeping.js></script>", POLICY), "the browser keeps [{"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_no_page_may_do_is_reported(
    watched: Callable[[Answer], list[str]], opened: Answer, complaint: str
) -> None:
    findings = watched(opened)
    assert any(complaint in finding for finding in findings), findings
