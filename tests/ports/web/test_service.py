"""The page of a service."""

import pytest
from django.test import Client

from ports.models import Assignment
from tests.ports.web.pages import get, source, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["ssh", "cl/1", "z39.50", "whois++", "sql*net", "x11", "rdp"])
def test_every_kind_of_name_has_a_page(reader: Client, name: str) -> None:
    assert name in text(get(reader, f"/en/services/{name}/"))


def test_every_registered_name_has_an_address_that_leads_back_to_it(reader: Client) -> None:
    from django.urls import resolve, reverse

    from ports.languages import SOURCE

    names = Assignment.objects.named().values_list("service_name", flat=True).distinct()
    assert len(names) > 6000
    for name in names:
        from urllib.parse import unquote

        found = resolve(unquote(reverse("service", args=[SOURCE, name])))
        assert (found.url_name, found.kwargs["name"]) == ("service", name)


def test_letter_case_leads_to_the_registered_spelling(reader: Client) -> None:
    response = reader.get("/en/services/SSH/")
    assert (response.status_code, response.headers["Location"]) == (301, "/en/services/ssh/")


def test_ports_and_registrant_are_told(reader: Client) -> None:
    response = get(reader, "/tr/services/ans-console/")
    assert 'href="/tr/ports/3440/"' in source(response)
    assert "John Richmond" in text(response)
    assert "Mart 2002" in text(response)


def test_a_service_without_a_port_says_so(reader: Client) -> None:
    assert "registered without a port" in text(get(reader, "/en/services/airplay/"))


def test_an_alias_names_the_service_it_stands_for(reader: Client) -> None:
    assert "the service's own name: http" in text(get(reader, "/en/services/www/"))


@pytest.mark.parametrize("name", ["no-such-service", "%00", "a%00b", "ssh/", "x" * 3000])
def test_a_name_that_is_not_registered_is_not_found(reader: Client, name: str) -> None:
    assert reader.get(f"/en/services/{name}/").status_code == 404


def test_the_page_costs_three_queries(reader: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        get(reader, "/en/services/http/")
