"""Browsing the ports."""

import pytest
from django.test import Client

from tests.ports.web.pages import get, source, text

pytestmark = pytest.mark.django_db


def test_the_first_page_begins_with_port_0_and_tells_names(reader: Client) -> None:
    words = text(get(reader, "/en/ports/"))
    assert "65,536 ports" in words
    assert "ssh" in words
    assert "Page 1 of 256" in words


def test_a_page_of_the_list_costs_few_queries(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    for path in ("/en/ports/", "/en/ports/?status=deassigned", "/en/ports/?page=256"):
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            get(reader, path)


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ("range=system", ["0", "22"], ["1024"]),
        ("range=dynamic", ["49152"], ["49151", "22"]),
        ("status=deassigned", ["585"], ["22"]),
        ("status=reserved&transport=udp&range=user", ["1024"], ["22"]),
        ("status=assigned&transport=sctp", ["22"], ["3440"]),
    ],
)
def test_filters_leave_what_they_name(
    reader: Client, query: str, present: list[str], absent: list[str]
) -> None:
    page = source(get(reader, f"/en/ports/?{query}"))
    for number in present:
        assert f'href="/en/ports/{number}/"' in page
    for number in absent:
        assert f'href="/en/ports/{number}/"' not in page


def test_a_name_that_covers_a_span_stands_at_each_of_its_ports(reader: Client) -> None:
    page = source(get(reader, "/en/ports/?page=24"))  # 5888-6143
    assert page.count(">x11</a>") == 64


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("range=everything", "range"),
        ("status=open", "status"),
        ("transport=icmp", "transport"),
        ("page=x", "page"),
        ("page=-1", "page"),
        ("page=٢", "page"),
        ("page=99999999999999", "page"),
    ],
)
def test_a_filter_that_cannot_be_is_named_in_an_error(
    reader: Client, query: str, name: str
) -> None:
    response = reader.get(f"/en/ports/?{query}")
    assert response.status_code == 400
    assert f"“{name}”" in text(response)


def test_a_page_after_the_last_is_the_last(reader: Client) -> None:
    assert "Page 4 of 4" in text(get(reader, "/en/ports/?range=system&page=999"))


def test_following_pages_keep_the_filters(reader: Client) -> None:
    page = source(get(reader, "/en/ports/?range=system&status=assigned"))
    assert 'href="?range=system&amp;status=assigned&amp;page=2"' in page


def test_the_canonical_address_holds_the_filters_and_nothing_else(reader: Client) -> None:
    page = source(get(reader, "/en/ports/?utm=1&range=system"))
    assert '<link rel="canonical" href="http://localhost:8000/en/ports/?range=system">' in page
