"""The language of a page is the one in its address, and nothing else decides it."""

import re

import pytest
from django.test import Client

from ports.languages import LANGUAGES, Language
from tests.ports.web.pages import attribute, get, source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("tr", "tr"),
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("xx, nl;q=0.5", "nl"),
        ("en;q=0.5, ru", "ru"),
        ("pt", "pt-br"),
        ("zh-CN", "zh-hans"),
        ("zh-TW, ja;q=0.5", "ja"),
        ("iw", "he"),
        ("", "en"),
        ("*", "en"),
        ("not a header at all;;q=x", "en"),
    ],
)
def test_the_root_leads_to_the_language_a_browser_asks_for(
    reader: Client, header: str, code: str
) -> None:
    response = reader.get("/", headers={"accept-language": header})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/{code}/"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/zh-CN/ports/80/", "/zh-hans/ports/80/"),
        ("/pt/ports/80/", "/pt-br/ports/80/"),
        ("/PT-BR/ports/80/", "/pt-br/ports/80/"),
        ("/iw/", "/he/"),
        ("/in/search/?q=a%20b&page=2", "/id/search/?q=a%20b&page=2"),
        ("/TR", "/tr/"),
        ("/de-AT/services/whois++/", "/de/services/whois++/"),
    ],
)
def test_other_spellings_of_a_language_lead_to_its_address(
    reader: Client, path: str, canonical: str
) -> None:
    response = reader.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, canonical)


def test_no_redirect_leads_to_another_site(reader: Client) -> None:
    for path in ("/PT//evil.example/", "/zh-CN/%2f%2fevil.example/", "/TR/\\evil.example/"):
        location = reader.get(path).headers.get("Location", "")
        assert re.match(r"/[a-z]", location) or location == "", path


@pytest.mark.parametrize("path", ["/xx/", "/xx/ports/80/", "/nothing"])
def test_what_is_no_language_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_the_browsers_wish_changes_nothing_on_a_page_with_a_language(reader: Client) -> None:
    plain = get(reader, "/tr/ports/3440/")
    german = get(reader, "/tr/ports/3440/", headers={"accept-language": "de", "cookie": "x=1"})
    assert plain.content == german.content
    assert "Accept-Language" not in plain.headers.get("Vary", "")
    assert "Cookie" not in plain.headers.get("Vary", "")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_page_says_truly_which_language_it_is_in(reader: Client, language: Language) -> None:
    response = get(reader, f"/{language.code}/ports/3440/")
    assert attribute(response, "lang") == language.tag
    assert attribute(response, "dir") == language.direction
    assert response.headers["Content-Language"] == language.tag


def test_search_engines_are_told_every_language_and_a_default(reader: Client) -> None:
    head = source(get(reader, "/tr/ports/3440/?utm_source=x")).partition("</head>")[0]
    alternates = dict(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', head))
    tags = {language.tag for language in LANGUAGES}
    assert set(alternates) == tags | {"x-default"}
    assert alternates["nl"] == "http://localhost:8000/nl/ports/3440/"
    assert alternates["x-default"] == "http://localhost:8000/en/ports/3440/"
    assert '<link rel="canonical" href="http://localhost:8000/tr/ports/3440/">' in head


def test_the_switcher_offers_every_language_by_its_own_name(reader: Client) -> None:
    page = source(get(reader, "/ar/ports/3440/"))
    for language in LANGUAGES:
        assert (
            f'<a href="/{language.code}/ports/3440/" lang="{language.tag}" '
            f'hreflang="{language.tag}" dir="{language.direction}"'
        ) in page
        assert f">{language.name}</a>" in page
    assert page.count('aria-current="true"') == 1


def test_canonical_addresses_come_from_the_settings_not_from_the_host_header(
    reader: Client, settings: object
) -> None:
    settings.SITE_URL = "https://ports.example"  # type: ignore[attr-defined]
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    page = source(get(reader, "/tr/ports/3440/", headers={"host": "evil.example"}))
    assert "https://ports.example/tr/ports/3440/" in page
    assert "evil.example" not in page


def test_an_error_is_told_in_the_language_of_the_address(reader: Client) -> None:
    response = reader.get("/tr/ports/65536/")
    assert response.status_code == 404
    assert attribute(response, "lang") == "tr"
    assert "Page not found" not in source(response)
    assert response.headers["Cache-Control"] == "no-store"


def test_an_error_without_a_language_is_told_in_the_one_the_browser_asks_for(
    reader: Client,
) -> None:
    asked = {"accept": "text/html", "accept-language": "nl"}
    response = reader.get("/nothing/", headers=asked)
    assert response.status_code == 404
    assert attribute(response, "lang") == "nl"
    assert "Accept-Language" in response.headers["Vary"]
