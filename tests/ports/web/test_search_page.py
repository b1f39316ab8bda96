"""The search page."""

import pytest
from django.test import Client

from tests.ports.web.pages import get, source, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("3440", "/tr/ports/3440/"),
        ("22/tcp", "/tr/ports/22/#tcp"),
        ("udp 53", "/tr/ports/53/#udp"),
        ("0443", "/tr/ports/443/"),
        ("٣٤٤٠", "/tr/ports/3440/"),
        ("Port 80", "/tr/ports/80/"),
    ],
)
def test_a_query_that_names_a_port_leads_to_it(reader: Client, query: str, location: str) -> None:
    response = reader.get("/tr/search/", {"q": query})
    assert (response.status_code, response.headers["Location"]) == (302, location)


def test_a_number_that_no_port_has_is_explained(reader: Client) -> None:
    words = text(get(reader, "/en/search/?q=70000"))
    assert "There is no port “70000”" in words
    assert "0 to 65535" in words


def test_services_are_found_by_the_beginning_of_their_name(reader: Client) -> None:
    page = source(get(reader, "/tr/search/?q=ans-con"))
    assert 'href="/tr/services/ans-console/"' in page
    assert 'href="/tr/ports/3440/"' in page


def test_services_are_found_by_their_description(reader: Client) -> None:
    assert "ans-console" in text(get(reader, "/en/search/?q=net+steward"))


def test_nothing_found_says_so_and_how_to_search(reader: Client) -> None:
    words = text(get(reader, "/en/search/?q=zzzzzz"))
    assert "No registered service matches “zzzzzz”." in words
    assert "22/tcp" in words


def test_an_empty_query_says_how_to_search(reader: Client) -> None:
    for path in ("/en/search/", "/en/search/?q=", "/en/search/?q=++"):
        assert "22/tcp" in text(get(reader, path))


@pytest.mark.parametrize("query", ["%00", "a%00b", "%1b[31m", "a%0ab"])
def test_control_characters_are_refused_with_a_reason(reader: Client, query: str) -> None:
    response = reader.get(f"/en/search/?q={query}")
    assert response.status_code == 400
    assert "control characters" in text(response)


def test_a_query_that_is_too_long_is_refused_with_the_limit(reader: Client) -> None:
    response = reader.get("/en/search/", {"q": "x" * 10_000})
    assert response.status_code == 400
    assert "200" in text(response)


def test_what_was_typed_cannot_become_markup(reader: Client) -> None:
    page = source(get(reader, '/en/search/?q=<script>alert(1)</script>"'))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("query", ["\ud800", "💥", "ß", "İ", "'", "\\", "_", "*", "()"])
def test_odd_characters_are_only_characters(reader: Client, query: str) -> None:
    get(reader, "/en/search/", data={"q": query.encode("utf-8", "replace").decode()})


def test_results_come_in_pages_that_keep_the_query(reader: Client) -> None:
    page = source(get(reader, "/en/search/?q=mail"))
    if "Page 1 of" in page:
        assert 'href="?q=mail&amp;page=2"' in page
    many = source(get(reader, "/en/search/?q=server"))
    assert 'href="?q=server&amp;page=2"' in many
    assert 'start="51"' in source(get(reader, "/en/search/?q=server&page=2"))


def test_a_page_number_that_cannot_be_is_answered_with_a_page(reader: Client) -> None:
    for number in ("x", "-1", "0", "99999"):
        get(reader, f"/en/search/?q=server&page={number}")


def test_search_pages_are_not_indexed(reader: Client) -> None:
    assert '<meta name="robots" content="noindex">' in source(get(reader, "/en/search/?q=mail"))


def test_searching_costs_two_queries(reader: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        get(reader, "/en/search/?q=mail")
