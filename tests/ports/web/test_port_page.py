"""The page of a port."""

import re

import pytest
from django.test import Client

from ports.models import Snapshot
from tests.ports.web.pages import attribute, get, source, text

pytestmark = pytest.mark.django_db


def test_3440_is_told_in_turkish(reader: Client) -> None:
    response = get(reader, "/tr/ports/3440/")
    words = text(response)
    assert "ans-console" in words
    assert "John Richmond" in words
    assert "Mart 2002" in words
    assert attribute(response, "lang") == "tr"
    assert response.headers["Content-Language"] == "tr"
    for english in ("registered with", "Should you", "Neighbouring", "useful", "commands"):
        assert english not in words


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("/nl/ports/3144/", ["tarantella", "Roger Binns", "geregistreerd"]),
        ("/ru/ports/3410/", ["networklenss", "Greg Bailey", "февраль 2002"]),
        ("/id/ports/3411/", ["biolink-auth", "BioLink Support", "Februari 2002"]),
        ("/ar/ports/3440/", ["ans-console", "John Richmond", "مارس 2002"]),
        ("/en/ports/3440/", ["ans-console", "Net Steward Mgmt Console", "March 2002"]),
    ],
)
def test_facts_are_told_in_the_readers_language(
    reader: Client, path: str, facts: list[str]
) -> None:
    words = text(get(reader, path))
    for fact in facts:
        assert fact.lower() in words.lower()


def test_the_page_costs_four_queries(reader: Client, django_assert_max_num_queries: object) -> None:
    reader.get("/tr/ports/22/")  # whatever is loaded once
    for number in (22, 80, 6010, 10000, 50000):
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            get(reader, f"/tr/ports/{number}/")


@pytest.mark.parametrize(
    "path",
    [
        "/en/ports/-1/",
        "/en/ports/65536/",
        "/en/ports/99999999999999999999/",
        "/en/ports/٤٤٣/",
        "/en/ports/%D9%A4%D9%A4%D9%A3/",
        "/en/ports/4 4/",
        "/en/ports/0x50/",
        "/en/ports/80a/",
        "/en/ports/000000000065536/",
    ],
)
def test_what_is_no_port_number_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(("path", "canonical"), [("0443", 443), ("00", 0), ("0000080", 80)])
def test_leading_zeros_lead_to_the_port(reader: Client, path: str, canonical: int) -> None:
    response = reader.get(f"/tr/ports/{path}/")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/tr/ports/{canonical}/"


def test_a_missing_slash_is_added(reader: Client) -> None:
    response = reader.get("/en/ports/443")
    assert (response.status_code, response.headers["Location"]) == (301, "/en/ports/443/")


def test_a_compiled_snapshot_says_so_on_every_page(reader: Client) -> None:
    page = source(get(reader, "/en/ports/3440/"))
    assert "compiled snapshot" in page
    assert "July 2026" in page
    assert "2015" in page


def test_ianas_own_registry_is_dated_and_nothing_is_said_of_a_compilation(reader: Client) -> None:
    Snapshot.objects.update(
        origin="authoritative", names_as_of="2026-07-23", registrants_as_of="2026-07-23"
    )
    page = source(get(reader, "/en/ports/3440/"))
    assert "as of July 23, 2026" in page
    assert "compiled" not in page


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (80, "registered with IANA under several names: http, www, and www-http"),
        (3440, "registered with IANA as ans-console (Net Steward Mgmt Console), for TCP and UDP."),
        (11434, "registered with IANA as ollama, for TCP."),
        (75, "“any private dial out service”"),
        (4200, "names no transport protocol"),
        (1023, "is reserved"),
        (10, "No service is registered with IANA on port 10."),
        (585, "an earlier registration was withdrawn"),
        (50000, "is a dynamic port"),
    ],
)
def test_one_sentence_answers(reader: Client, number: int, sentence: str) -> None:
    response = get(reader, f"/en/ports/{number}/")
    lead = re.search(r'<p class="lead">(.*?)</p>', source(response), re.DOTALL)
    assert lead is not None
    assert sentence in re.sub(r"<[^>]*>", "", lead[1])


def test_search_engines_are_sent_away_only_where_there_is_nothing_but_unassigned(
    reader: Client,
) -> None:
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in source(get(reader, "/en/ports/10/"))
    for number in (3440, 1023, 585, 50000):
        assert noindex not in source(get(reader, f"/en/ports/{number}/"))


def test_the_commands_stand_on_the_page(reader: Client) -> None:
    words = text(get(reader, "/tr/ports/3440/"))
    for command in (
        "ss -Htulnp 'sport = :3440'",
        "sudo lsof -nP -iTCP:3440 -sTCP:LISTEN",
        "sudo lsof -nP -iUDP:3440",
        "-LocalPort 3440",
        "netstat -ano",
    ):
        assert command in words


def test_registry_text_is_marked_as_english_and_left_to_right(reader: Client) -> None:
    page = source(get(reader, "/ar/ports/3440/"))
    assert '<bdi lang="en" dir="ltr">ans-console</bdi>' in page
    assert '<bdi lang="en" dir="ltr">John Richmond</bdi>' in page
    assert '<html lang="ar" dir="rtl">' in page
    assert '<pre class="command" dir="ltr"' in page


def test_registry_text_cannot_become_markup(reader: Client) -> None:
    """The notes of 22 hold "<username>", those of other ports more."""
    page = source(get(reader, "/en/ports/22/"))
    assert "&lt;username&gt;" in page
    assert "<username>" not in page


def test_ephemeral_ports_say_so_from_32768_up(reader: Client) -> None:
    assert "ephemeral port" not in text(get(reader, "/en/ports/32767/"))
    words = text(get(reader, "/en/ports/32768/"))
    assert "ephemeral port" in words
    assert "32768–60999" in words
    assert "49152–65535" not in words


def test_the_first_and_the_last_port_have_pages(reader: Client) -> None:
    for number in (0, 65535):
        get(reader, f"/en/ports/{number}/")


def test_the_page_answers_head_and_refuses_post(reader: Client) -> None:
    assert reader.head("/en/ports/80/").status_code == 200
    assert reader.post("/en/ports/80/").status_code == 405
