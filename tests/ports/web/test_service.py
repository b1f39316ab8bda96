"""The page of a service."""

import pytest
from django.test import Client

from ports.models import Assignment
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record
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


def test_a_service_names_its_aliases_and_they_lead_back(reader: Client) -> None:
    http = source(get(reader, "/tr/services/http/"))
    assert '<a href="/tr/services/www/"' in http
    assert '<a href="/tr/services/www-http/"' in http
    assert "Other names" not in text(get(reader, "/en/services/www/"))
    for path in ("/tr/services/www/", "/tr/ports/80/"):
        assert '<a href="/tr/services/http/" lang="en" dir="ltr">http</a>' in source(
            get(reader, path)
        )


def test_an_alias_is_found_in_any_letter_case_and_never_under_itself(reader: Client) -> None:
    Assignment.objects.filter(service_name="www").update(alias_of="HTTP")
    Assignment.objects.filter(service_name="http").update(alias_of="http")
    words = text(get(reader, "/en/services/http/"))
    assert "Other names of this service in the registry: www and www-http." in words


def test_what_changed_stands_below(reader: Client) -> None:
    assert "History in the registry" not in text(get(reader, "/en/services/ssh/"))
    state = made.snapshot()
    change = made.modified(state, record("ssh", "22"), record("ssh", "22", contact="[A]"))
    page = get(reader, "/en/services/ssh/")
    assert f'<li id="change-{change.pk}"' in source(page)
    history = text(page).partition("History in the registry")[2]
    assert "Changed in the registry: ssh 22/tcp." in history
    assert "Seen in the registry of July 23, 2026." in history
    assert "[A]" in history


def test_the_page_costs_four_queries(reader: Client, django_assert_num_queries: object) -> None:
    for year in range(2020, 2025):
        made.added(made.snapshot(f"{year}-01-01"), record("http", "80"))
    with django_assert_num_queries(4):  # type: ignore[operator]
        get(reader, "/en/services/http/")
