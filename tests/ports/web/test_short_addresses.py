"""Short addresses, a port's number or a service's name alone, as browsers ask for them."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ports.languages import LANGUAGES
from ports.models import Assignment
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(db: None) -> Client:
    """A reader's browser."""
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    return Client(headers={"host": "localhost", "accept": accept})


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/3440", "ports/3440/"),
        ("/03440", "ports/3440/"),
        ("/0", "ports/0/"),
        ("/65535", "ports/65535/"),
        ("/ssh", "services/ssh/"),
        ("/SSH", "services/ssh/"),
        ("/ssh/", "services/ssh/"),
        ("/cl/1", "services/cl/1/"),
        ("/z39.50", "services/z39.50/"),
        ("/whois++", "services/whois++/"),
        ("/sql*net", "services/sql*net/"),
        ("/sql%2Anet", "services/sql*net/"),
        ("/%73sh", "services/ssh/"),
        ("/de-server", "services/de-server/"),
    ],
)
def test_a_short_address_leads_to_the_page_in_the_readers_language(
    reader: Client, path: str, target: str
) -> None:
    for header, code in (("tr-TR, en;q=0.5", "tr"), ("xx", "en")):
        response = reader.get(path, headers={"accept-language": header})
        assert (response.status_code, response.headers["Location"]) == (302, f"/{code}/{target}")
        assert response.headers["Vary"] == "Accept, Accept-Language"
        assert response.headers["Cache-Control"] == reader.get("/").headers["Cache-Control"]
        assert reader.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/65536", "/99999999999999999999", "/no-such-service", "/ssh//", "/ssh/x", "/-1",
        "/%00", "/ssh%00", "/ssh%0A", "/٢٢", "/%FF", "/%25", "/xx/ports/80/", "/robots.txt",
        "/" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_neither_is_not_found(reader: Client, path: str) -> None:
    response = reader.get(path)
    assert response.status_code == 404
    assert b"</html>" in response.content


def roots(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """The first words of all addresses."""
    found = set()
    for pattern in patterns:
        route = str(pattern.pattern).removeprefix("<language:language>/")
        if route.startswith("<") or not route:
            found |= roots(getattr(pattern, "url_patterns", []))
        else:
            found.add(route.partition("/")[0])
    return found


def test_the_sites_own_addresses_win_over_service_names_in_any_case(reader: Client) -> None:
    own = roots(get_resolver().url_patterns)
    assert {"admin", "healthz", "feedback", "ports", "services", "changes", "search"} <= own
    own |= {settings.STATIC_URL.strip("/"), "api", *(language.code for language in LANGUAGES)}
    Assignment.objects.bulk_create(
        Assignment(service_name=name, status="assigned", occurrence=9) for name in own
    )
    for name in own:
        for path in (
            f"/{name}",
            f"/{name}/",
            f"/{name.upper()}",
            f"/{name}/x",
            f"/{name.title()}/",
        ):
            response = reader.get(path)
            assert "/services/" not in response.headers.get("Location", ""), path
            if response.status_code == 302:
                own_doors = ("/admin/login/", "/dumps/manifest.json")
                assert response.headers["Location"].startswith(own_doors), path


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en/ports/22", "/en/ports/22/"),
        ("/en", "/en/"),
        ("/en/changes", "/en/changes/"),
        ("/en/services/ssh", "/en/services/ssh/"),
        ("/admin", "/admin/"),
        ("/feedback", "/feedback/"),
        ("/TR", "/tr/"),
    ],
)
def test_a_missing_slash_is_still_added(reader: Client, path: str, target: str) -> None:
    response = reader.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, target)


def test_of_names_that_differ_in_case_the_one_typed_wins(reader: Client) -> None:
    Assignment.objects.create(service_name="SSH", status="assigned")
    assert reader.get("/SSH").headers["Location"] == "/en/services/SSH/"
    assert reader.get("/ssh").headers["Location"] == "/en/services/ssh/"
    assert reader.get("/Ssh").headers["Location"] == "/en/services/ssh/", "the first"


def test_a_name_that_is_gone_leads_to_the_page_that_says_so(reader: Client) -> None:
    state = made.snapshot()
    made.removed(state, record("Gone-1", "777"))
    made.renamed(state, record("Old-1", "9"), record("ssh", "9"))
    for path, name in (("/gone-1", "Gone-1"), ("/old-1", "Old-1")):
        response = reader.get(path)
        assert (response.status_code, response.headers["Location"]) == (
            302,
            f"/en/services/{name}/",
        )
        assert reader.get(response.headers["Location"]).status_code == 410


def test_a_short_address_takes_no_form(reader: Client) -> None:
    assert reader.post("/ssh").status_code == 405
    assert reader.head("/ssh").status_code == 302
