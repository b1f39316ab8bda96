"""What a query finds, best first."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports.models import Usage
from tests.ports.api.answers import body, get, problem, texts
from tests.ports.writing import publish, published_article, usage

pytestmark = pytest.mark.django_db


def found(reader: Client, query: str, more: str = "") -> Any:
    return body(reader, f"search/?q={quote(query)}{more}")


def kinds(answer: Any) -> list[tuple[str, Any]]:
    return [(each["kind"], each.get("number", each.get("name"))) for each in answer["results"]]


@pytest.mark.parametrize(
    "query",
    ["3440", "3440/tcp", "TCP 3440", "port 3440", "[::]:3440", "192.0.2.1:3440", "٣٤٤٠", " 3440 "],
)
def test_a_port_comes_first_and_then_its_services(reader: Client, query: str) -> None:
    answer = found(reader, query)
    assert kinds(answer) == [("port", 3440), ("service", "ans-console")]
    assert answer["count"] == 2
    port, service = answer["results"]
    own = body(reader, "ports/3440/")
    for name in ("range", "status", "answer"):
        assert port[name] == own[name]
    assert port["page"].partition("#")[0] == own["page"]
    assert get(reader, port["details"].partition("/api/v1/")[2]).json() == own
    shown = body(reader, "services/?q=ans-console")["results"][0]
    for name in ("name", "description", "registrations", "alias_of"):
        assert service[name] == shown[name]
    assert service["page"] == body(reader, "services/ans-console/")["page"]


def test_a_protocol_leads_to_its_place_on_the_page(reader: Client) -> None:
    port = found(reader, "3440/udp")["results"][0]
    assert (port["protocol"], port["page"].rpartition("#")[2]) == ("udp", "udp")
    assert found(reader, "3440")["results"][0]["protocol"] is None


def test_the_word_for_port_is_that_of_the_language(reader: Client) -> None:
    assert kinds(found(reader, "порт 22", "&lang=ru"))[0] == ("port", 22)
    assert found(reader, "порт 22", "&lang=de")["results"] == []


def test_a_port_that_does_not_exist_is_not_found(reader: Client) -> None:
    assert found(reader, "65536") == {"results": [], "count": 0}
    assert kinds(found(reader, "65535")) == [("port", 65535)]


def test_services_are_found_by_name_and_by_words_best_first(reader: Client) -> None:
    for query in ("ssh", "SSH"):
        answer = found(reader, query)
        assert kinds(answer)[0] == ("service", "ssh")
        assert all(kind == "service" for kind, _name in kinds(answer))
    assert ("service", "ans-console") in kinds(found(reader, "steward mgmt"))
    assert found(reader, "steward zebra") == {"results": [], "count": 0}
    assert kinds(found(reader, "cl/1"))[0] == ("service", "cl/1")


def test_the_limit_leaves_out_the_worst_and_the_count_counts_all(reader: Client) -> None:
    whole = found(reader, "mail", "&limit=100")
    assert whole["count"] == len(whole["results"]) > 20
    usual = found(reader, "mail")
    assert usual == {"results": whole["results"][:20], "count": whole["count"]}
    assert kinds(found(reader, "80", "&limit=2")) == [("port", 80), ("service", "http")]
    assert kinds(found(reader, "80", "&limit=1")) == [("port", 80)]
    assert found(reader, "80", "&limit=1")["count"] == 4


def test_what_editors_published_shows_on_a_port_and_drafts_do_not(reader: Client) -> None:
    assert not found(reader, "8080")["results"][0]["has_article"]
    published_article(8080)
    assert found(reader, "8080")["results"][0]["has_article"]
    usage(
        name="Zzdraft", kind=Usage.Kind.MALWARE, first_port=8080, last_port=8080, transport="",
        description_en="Zzdraft.",
    )  # fmt: skip
    assert found(reader, "zzdraft") == {"results": [], "count": 0}


@pytest.mark.parametrize("query", ["22", "49152", "ssh", "zzz"])
def test_the_answer_says_which_languages_it_is_in(reader: Client, query: str) -> None:
    answer = get(reader, f"search/?q={query}&lang=tr")
    has_services = '"kind":"service"' in answer.content.decode()
    assert answer.headers["Content-Language"] == ("en, tr" if has_services else "tr")
    for each in texts(answer.json()):
        assert (each["lang"], each["is_fallback"]) == ("tr", False)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["q"]), ("q=", ["q"]), ("q=%20", ["q"]), ("q=%00", ["q"]), ("q=a%00b", ["q"]),
        ("q=%ff", ["q"]), ("q=a%0Ab", ["q"]), (f"q={'x' * 201}", ["q"]),
        (f"q={'x' * 10_000}", ["q"]),
        ("q=a&q=b", ["q"]), ("q=a&limit=0", ["limit"]), ("q=a&limit=101", ["limit"]),
        ("q=a&after=1", ["after"]), ("limit=x", ["limit", "q"]), ("Q=a", ["Q", "q"]),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_or_is_missing_is_named(
    reader: Client, query: str, names: list[str]
) -> None:
    said = problem(reader, f"search/?{query}")
    assert sorted(each["parameter"] for each in said["errors"]) == names


@pytest.mark.parametrize("query", ["%", "_", "'", '"', "\\", "%%", "a' OR 1=1 --", "x" * 200, "😀"])
def test_any_text_may_be_searched_for(reader: Client, query: str) -> None:
    answer = found(reader, query)
    assert answer["count"] == 0 or all(
        query in f"{each['name']} {each['description']}" for each in answer["results"]
    )


def test_it_takes_few_queries(reader: Client) -> None:
    get(reader, "search/?q=a")
    for query in ("80", "mail", "e"):
        with CaptureQueriesContext(connection) as asked:
            get(reader, f"search/?q={query}&limit=100")
        assert len(asked) <= 8


def test_what_is_published_makes_the_answer_another(reader: Client) -> None:
    kept = get(reader, "search/?q=8080").headers["ETag"]
    owner, _row = usage(
        name="Thing", kind=Usage.Kind.LEGACY, first_port=1, last_port=1, transport="",
        description_en="It ran there.",
    )  # fmt: skip
    publish(owner)
    assert get(reader, "search/?q=8080").headers["ETag"] != kept
