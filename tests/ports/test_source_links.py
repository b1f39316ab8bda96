"""Sources of published texts are looked up on real web servers, and dead ones told to editors."""

import gzip
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from ports import publishing, source_links
from ports.languages import SOURCE
from ports.models import Article, Document, Source, SourceLink, WorkItem
from ports.source_links import asking, checks
from ports.source_links.alone import alone
from ports.tasks import check_source_links
from tests.ports.registry.http_server import (
    Answer,
    Serve,
    Tls,
    certificate,
    dripping,
    raw,
    redirecting,
    resetting,
    sending,
    serve,
    tls,
)
from tests.ports.writing import add, document, editor, publish, write

__all__ = ["certificate", "serve", "tls"]  # fixtures

pytestmark = pytest.mark.django_db

FINE = sending(b"A page.")
GONE = sending(b"", status=404)


@pytest.fixture(autouse=True)
def on_this_machine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LINK_CHECKS = True
    settings.LINK_CHECKS_PRIVATE_HOSTS = ["127.0.0.1", "a.test", "b.test", "registry.test"]
    settings.SITE_URL = "https://ports.example"
    monkeypatch.setattr(asking, "PAUSE", 0.0)
    monkeypatch.setattr(asking, "SECONDS", 1.0)


def here(_host: str, _port: int) -> Sequence[str]:
    """Every host is on this machine."""
    return ["127.0.0.1"]


def nowhere(_host: str, _port: int) -> Sequence[str]:
    raise OSError("no such host")


def cite(number: int, *urls: str) -> Document:
    """Publish the article of a port with these sources."""
    owner = document(number)
    add(owner, Article, title_en="A title")
    for index, url in enumerate(urls):
        add(owner, Source, key=f"s{index}", title="A source", url=url)
    publish(owner)
    return owner


def weeks_later(count: int = 1) -> None:
    """Let time pass since the last look."""
    for link in SourceLink.objects.exclude(checked_at=None):
        link.checked_at -= timedelta(days=7 * count)  # type: ignore[operator]
        link.save()


def check(times: int = 1, *, resolve: Callable[[str, int], Sequence[str]] = here) -> None:
    """Look up what is due, again each week."""
    for _time in range(times):
        weeks_later()
        source_links.check(resolve=resolve)


def link_to(url: str) -> SourceLink:
    return SourceLink.objects.get(url=url)


def open_items() -> list[WorkItem]:
    return list(WorkItem.objects.filter(kind="dead_link", outcome="").order_by("id"))


def outcome_of(answer: Answer, serve: Serve, **hosts: str) -> tuple[int | None, str, int]:
    """What is written of a page with this answer, beside another one that is fine."""
    url = serve(answer)
    cite(50, url, serve(FINE))
    check()
    link = link_to(url)
    return link.status, link.failure, link.failures


def test_a_page_that_is_there_answered_just_now(serve: Serve) -> None:
    url = serve(FINE)
    cite(50, url)
    check()
    link = link_to(url)
    assert (link.status, link.failure, link.failures) == (200, "", 0)
    assert link.answered_at is not None
    assert link.answered_at == link.checked_at


@pytest.mark.parametrize(
    ("answer", "status", "failures"),
    [
        pytest.param(GONE, 404, 1, id="not found"),
        pytest.param(sending(b"", status=410), 410, 1, id="gone"),
        pytest.param(sending(b"", status=401), 401, 0, id="only for some"),
        pytest.param(sending(b"", status=403), 403, 0, id="no robots"),
        pytest.param(sending(b"", status=429), 429, 0, id="busy"),
        pytest.param(sending(b"", status=503), 503, 0, id="broken"),
        pytest.param(
            sending(gzip.compress(b"\0" * 50_000_000), content_encoding="gzip"), 200, 0,
            id="a gzip bomb is not unpacked",
        ),
        pytest.param(
            dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x", every=0.05), 200, 0,
            id="content without end is not waited for",
        ),
    ],
)  # fmt: skip
def test_a_status_says_whether_the_page_is_there(
    serve: Serve, answer: Answer, status: int, failures: int
) -> None:
    assert outcome_of(answer, serve) == (status, "", failures)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", every=0.1), "timeout",
                     id="a head that drips"),
        pytest.param(dripping(b"", b"", every=0.1), "timeout", id="silence"),
        pytest.param(resetting(), "no_connection", id="a reset"),
        pytest.param(raw(b"SSH-2.0-OpenSSH\r\n"), "no_connection", id="another protocol"),
        pytest.param(redirecting("/again"), "redirects", id="a loop"),
        pytest.param(redirecting("file:///etc/passwd"), "redirects", id="to a file"),
        pytest.param(redirecting("http://169.254.169.254/latest/"), "private_address",
                     id="to the cloud's own address"),
        pytest.param(redirecting("http://[::1]/"), "private_address", id="to this machine"),
        pytest.param(redirecting("http://inside.test/"), "private_address",
                     id="to a name with a private address"),
    ],
)  # fmt: skip
def test_no_answer_is_a_failure_with_its_reason(serve: Serve, answer: Answer, failure: str) -> None:
    began = time.monotonic()
    assert outcome_of(answer, serve) == (None, failure, 1)
    assert time.monotonic() - began < 4


def test_a_private_address_is_not_asked_unless_the_settings_name_its_host(
    serve: Serve, settings: Settings
) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        FINE(request)

    url = serve(answer)
    named = url.replace("127.0.0.1", "intranet.test")
    cite(50, url, named, serve(FINE).replace("127.0.0.1", "a.test"))
    settings.LINK_CHECKS_PRIVATE_HOSTS = ["a.test"]
    check()
    assert {link_to(url).failure, link_to(named).failure} == {"private_address"}
    assert asked == []


def test_a_certificate_that_is_not_trusted_is_a_failure(tls: Tls, serve: Serve) -> None:
    url = tls.serve(FINE)
    cite(50, url, serve(FINE))
    check()
    assert (link_to(url).failure, link_to(url).failures) == ("tls", 1)


def test_a_proxy_is_not_asked_for_a_private_address(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def proxy(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        redirecting("http://169.254.169.254/latest/")(request)

    address = serve(proxy)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("http_proxy", address.removesuffix("/registry.csv"))
    monkeypatch.setattr(checks, "_is_online", lambda *_arguments: True)
    cite(50, "http://page.test/")
    check()
    assert link_to("http://page.test/").failure == "private_address"
    assert asked == ["http://page.test/"]


def test_redirects_are_followed_to_another_host(serve: Serve) -> None:
    target = serve(FINE).replace("127.0.0.1", "b.test")
    assert outcome_of(redirecting(target), serve) == (200, "", 0)


@pytest.mark.parametrize("refusal", [403, 404, 405, 501])
def test_who_refuses_head_is_asked_with_get(serve: Serve, refusal: int) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append((request.command, request.headers["User-Agent"]))
        sending(b"", status=refusal if request.command == "HEAD" else 200)(request)

    assert outcome_of(answer, serve) == (200, "", 0)
    name = "Portsite (+https://ports.example/)"
    assert asked == [("HEAD", name), ("GET", name)]


def test_a_host_is_asked_once_at_a_time_with_a_pause_others_meanwhile(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PAUSE", 0.3)
    began: dict[str, list[float]] = {"a.test": [], "b.test": []}
    ended: dict[str, list[float]] = {"a.test": [], "b.test": []}

    def answer(request: BaseHTTPRequestHandler) -> None:
        host = request.headers["Host"].partition(":")[0]
        began[host].append(time.monotonic())
        time.sleep(0.1)
        ended[host].append(time.monotonic())
        FINE(request)

    url = serve(answer)
    pages = [url.replace("registry.csv", str(index)) for index in range(3)]
    cite(50, *(page.replace("127.0.0.1", host) for page in pages for host in began))
    check()
    for host in began:
        assert len(began[host]) == 3
        for end, beginning in zip(ended[host], began[host][1:], strict=False):
            assert beginning - end >= 0.3
    assert began["b.test"][0] < ended["a.test"][1]


def test_a_run_takes_so_many_at_most_and_none_twice_in_a_week(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST", 2)
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        FINE(request)

    url = serve(answer)
    cite(50, *(url.replace("registry.csv", str(index)) for index in range(3)))
    for _hour in range(4):
        source_links.check(resolve=here)
    assert sorted(asked) == ["/0", "/1", "/2"]
    check()
    assert len(asked) == 5


@pytest.mark.parametrize("resolve", [here, nowhere])
def test_where_nothing_answers_it_is_our_own_network_and_nothing_is_written(
    serve: Serve, resolve: Callable[[str, int], Sequence[str]]
) -> None:
    url = serve(resetting()).replace("127.0.0.1", "a.test")
    cite(50, url)
    check(4, resolve=resolve)
    link = link_to(url)
    assert (link.checked_at, link.failures) == (None, 0)
    assert open_items() == []


def test_one_dead_link_alone_in_a_run_counts_while_another_still_answers(serve: Serve) -> None:
    dead, fine = serve(resetting()), serve(FINE)
    cite(50, dead, fine)
    source_links.check(resolve=here)
    SourceLink.objects.filter(url=dead).update(checked_at=timezone.now() - timedelta(days=8))
    source_links.check(resolve=here)
    assert link_to(dead).failures == 2


def test_a_dead_source_opens_an_item_after_three_weeks_for_each_document(serve: Serve) -> None:
    dead = serve(GONE)
    first, second = cite(50, dead), cite(51, dead)
    check(2)
    assert open_items() == []
    check(2)
    items = open_items()
    assert [item.document_id for item in items] == [first.pk, second.pk]
    link = link_to(dead)
    assert {item.cause for item in items} == {f"link {link.url_sha256}"}
    assert items[0].evidence == {"url": dead, "status": 404, "failure": "", "since": None}
    assert items[0].language == "en"
    assert items[0].severity == WorkItem.Severity.LOW


def test_failures_on_one_day_count_once(serve: Serve) -> None:
    dead = serve(GONE)
    cite(50, dead)
    source_links.check(resolve=here)
    for _time in range(3):
        SourceLink.objects.update(checked_at=timezone.now())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checks, "EVERY", timedelta(0))
            source_links.check(resolve=here)
    assert link_to(dead).failures == 1


def test_an_item_goes_away_when_the_page_answers_again(serve: Serve) -> None:
    is_back = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        (FINE if is_back else GONE)(request)

    url = serve(answer)
    cite(50, url)
    check(3)
    assert len(open_items()) == 1
    is_back.append(True)
    check()
    assert open_items() == []
    assert WorkItem.objects.get().outcome == WorkItem.Outcome.WENT_AWAY


def test_a_busy_server_neither_counts_nor_forgives(serve: Serve) -> None:
    statuses = [404, 404, 404, 404, 404, 404, 503]  # HEAD and GET each time

    def answer(request: BaseHTTPRequestHandler) -> None:
        sending(b"", status=statuses.pop(0))(request)

    url = serve(answer)
    cite(50, url)
    check(4)
    assert statuses == []
    assert (link_to(url).status, link_to(url).failures) == (503, 3)
    assert len(open_items()) == 1


def test_what_nothing_published_cites_is_forgotten_and_its_items_close(serve: Serve) -> None:
    dead, fine = serve(GONE), serve(FINE)
    owner, other = cite(50, dead), cite(51, dead)
    check(3)
    assert len(open_items()) == 2
    write(Source.objects.get(port_id=50), url=fine)
    publish(owner)
    check()
    assert [item.document_id for item in open_items()] == [other.pk]
    assert set(SourceLink.objects.values_list("url", flat=True)) == {dead, fine}
    publishing.unpublish(document=other, language=SOURCE, by=editor())
    check()
    assert open_items() == []
    assert set(SourceLink.objects.values_list("url", flat=True)) == {fine}


def test_drafts_are_not_looked_up(serve: Serve) -> None:
    owner = cite(50, serve(FINE))
    draft = serve(GONE)
    add(owner, Source, key="draft", title="A source", url=draft)
    check()
    assert not SourceLink.objects.filter(url=draft).exists()


def test_what_an_editor_closed_is_not_opened_again(serve: Serve) -> None:
    cite(50, serve(GONE))
    check(3)
    (item,) = open_items()
    WorkItem.objects.filter(pk=item.pk).update(
        outcome=WorkItem.Outcome.NOTHING_TO_DO, closed_at=timezone.now()
    )
    check(2)
    assert open_items() == []
    assert WorkItem.objects.get().outcome == WorkItem.Outcome.NOTHING_TO_DO


def test_nothing_is_asked_when_it_is_switched_off(serve: Serve, settings: Settings) -> None:
    cite(50, serve(FINE))
    settings.LINK_CHECKS = False
    check_source_links()
    assert not SourceLink.objects.exists()
    settings.LINK_CHECKS = True
    check_source_links()
    assert SourceLink.objects.get().status == 200


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_looks_things_up(serve: Serve) -> None:
    seen: list[Any] = []

    def another() -> None:
        try:
            with alone() as is_alone:
                seen.append(is_alone)
        finally:
            connection.close()

    def run() -> None:
        thread = Thread(target=another)
        thread.start()
        thread.join()

    with alone() as is_alone:
        assert is_alone
        run()
    run()
    assert seen == [False, True]


def test_a_user_and_a_password_in_an_address_are_not_sent(serve: Serve) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Authorization"])
        FINE(request)

    cite(50, serve(answer).replace("127.0.0.1", "ann:secret@a.test"))
    check()
    assert asked == [None]
