"""What every public page promises in its headers."""

import pytest
from django.test import Client
from django.urls import reverse

from ports.languages import SOURCE
from tests.ports.admin.staff import member_of_staff
from tests.ports.web.pages import get

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/tr/",
    "/tr/ports/",
    "/tr/ports/?status=reserved&range=system",
    "/tr/ports/3440/",
    "/tr/ports/65536/",
    "/tr/services/ssh/",
    "/tr/changes/",
    "/tr/changes/?kind=added",
    "/tr/changes/feed.atom",
    "/tr/ports/3440/feed.json",
    "/ssh",
    "/3440",
    "/3440.txt",
    "/ssh?lang=tr&color",
    "/3440.json",
    "/65536",
    "/no-such-service.json",
    "/tr/search/",
    "/tr/search/?q=mail",
    "/tr/search/?q=22/tcp",
    "/nothing/",
    "/healthz",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_or_reads_a_cookie(reader: Client, path: str) -> None:
    response = reader.get(path)
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_whatever_is_not_its_own(reader: Client, path: str) -> None:
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in reader.get(path).headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in " ".join(policy.values())


def test_pages_hold_nothing_inline(reader: Client) -> None:
    for path in ("/tr/", "/tr/ports/", "/tr/ports/22/", "/tr/changes/", "/tr/search/?q=mail"):
        page = get(reader, path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


def test_the_same_page_is_not_sent_twice(reader: Client) -> None:
    first = get(reader, "/tr/ports/3440/")
    assert first.headers["ETag"]
    again = reader.get("/tr/ports/3440/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_caches_in_front_may_keep_pages_for_minutes_and_errors_not_at_all(reader: Client) -> None:
    directives = get(reader, "/tr/ports/3440/").headers["Cache-Control"]
    assert "public" in directives
    assert "s-maxage=60" in directives
    assert "stale-if-error=3600" in directives
    assert reader.get("/tr/ports/99999/").headers["Cache-Control"] == "no-store"


def test_every_language_parameter_is_reversed_into_an_address() -> None:
    assert reverse("port", args=[SOURCE, 3440]) == "/en/ports/3440/"
    assert reverse("service", args=[SOURCE, "cl/1"]) == "/en/services/cl/1/"


def test_nobody_is_signed_in_on_readers_pages() -> None:
    editor = member_of_staff()
    assert hasattr(editor.get("/admin/").wsgi_request, "session")
    for path in ("/tr/ports/3440/", "/api/v1/", "/feedback/"):
        request = editor.get(path).wsgi_request
        assert not hasattr(request, "session")
        assert getattr(request, "user", None) is None
