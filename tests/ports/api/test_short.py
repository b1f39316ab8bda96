"""Ports and services as JSON at their short addresses."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports import generation
from ports.bundled_articles import load_articles
from ports.models import Assignment
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record
from tests.ports.writing import publish, published_article, write_text

pytestmark = pytest.mark.django_db

SAME = [
    ("/3440.json", "ports/3440/"),
    ("/3440.JSON", "ports/3440/"),
    ("/0.json", "ports/0/"),
    ("/ssh.json", "services/ssh/"),
    ("/SSH.json", "services/ssh/"),
    ("/cl/1.json", "services/cl/1/"),
    ("/z39.50.json", "services/z39.50/"),
]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(autouse=True)
def articles(db: None) -> None:
    load_articles()
    generation.forget()


@pytest.mark.parametrize(("short", "whole"), SAME)
@pytest.mark.parametrize("query", ["", "?lang=tr", "?lang=zh-Hans"])
def test_the_body_is_the_same_as_at_the_whole_address(
    reader: Client, short: str, whole: str, query: str
) -> None:
    for headers in ({}, {"accept-language": "de"}, {"accept": BROWSER}, {"accept": "text/html"}):
        found = reader.get(f"{short}{query}", headers=headers)
        expected = reader.get(f"/api/v1/{whole}{query}", headers={**headers, "accept": "*/*"})
        assert found.status_code == expected.status_code == 200
        assert found.content == expected.content
        for name in (
            "Content-Type", "Content-Language", "Cache-Control", "Last-Modified", "Vary",
            "Access-Control-Allow-Origin", "X-Content-Type-Options",
        ):  # fmt: skip
            assert found.headers.get(name) == expected.headers.get(name), name
        assert ("Vary" in found.headers) == (not query)
        assert not found.cookies


@pytest.mark.parametrize("address", ["/3440.json", "/ssh.json?lang=tr", "/cl/1.json"])
def test_whoever_has_it_is_told_so_before_it_is_made_again(reader: Client, address: str) -> None:
    kept = reader.get(address)
    validator = kept.headers["ETag"]
    generation.forget()
    with CaptureQueriesContext(connection) as asked:
        again = reader.get(address, headers={"if-none-match": validator})
    assert (again.status_code, again.content, len(asked)) == (304, b"", 1)
    for name in ("ETag", "Cache-Control", "Last-Modified", "Vary"):
        assert again.headers.get(name) == kept.headers.get(name)
    assert again.headers.get("Content-Language", "") in {"", kept.headers["Content-Language"]}
    other = reader.get(address, headers={"if-none-match": '"other"'})
    assert other.content == kept.content


def test_each_language_and_address_has_its_own_validator(reader: Client) -> None:
    validators = {
        reader.get(address, headers={"accept-language": tag}).headers["ETag"]
        for address in ("/3440.json", "/ssh.json", "/api/v1/ports/3440/")
        for tag in ("en", "tr")
    }
    assert len(validators) == 6


def test_what_is_published_makes_it_another(reader: Client) -> None:
    owner, article = published_article(8080)
    before = reader.get("/8080.json").headers["ETag"]
    write_text(article, "title", "en", "Two")
    publish(owner)
    generation.forget()
    after = reader.get("/8080.json", headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.json()["article"]["title"]["markdown"] == "Two"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/65536.json", 404),
        ("/-1.json", 404),
        ("/٣٤٤٠.json", 404),
        ("/no-such.json", 404),
        ("/%00.json", 404),
        ("/ssh%00.json", 404),
        ("/gone-1.json", 410),
        ("/3440.json?color", 400),
        ("/3440.json?lang=xx", 400),
        ("/ssh.json?bogus=1", 400),
        ("/ssh.json%0A.json", 404),
    ],
)
def test_problems_are_told_as_those_of_the_api(reader: Client, address: str, status: int) -> None:
    made.removed(made.snapshot("2026-07-23"), record("Gone-1", "777", "sctp"))
    for accept in ("*/*", BROWSER):
        answer = reader.get(address, headers={"accept": accept, "accept-language": "tr"})
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == "tr"
        assert answer.headers["Cache-Control"] == "no-store"
        said = json.loads(answer.content)
        assert said["status"] == status
        assert ("last_known" in said) == (status == 410)


def test_leading_zeros_lead_to_the_port(reader: Client) -> None:
    answer = reader.get("/0443.json?lang=tr")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/443.json?lang=tr")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_sites_own_addresses_are_no_services(reader: Client) -> None:
    for name in ("en", "api", "admin", "zh-hans", "search"):
        Assignment.objects.create(service_name=name, status="assigned", occurrence=9)
        for address in (f"/{name}.json", f"/{name}/x.json"):
            answer = reader.get(address)
            assert answer.status_code in {302, 404}
            assert "service_name" not in answer.content.decode()


def test_it_is_only_read(reader: Client) -> None:
    for address in ("/3440.json", "/ssh.json"):
        assert Client(enforce_csrf_checks=True).post(address).status_code == 405
        options = reader.options(address)
        assert options.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert reader.head(address).status_code == 200


def test_it_costs_as_much_as_at_the_whole_address(reader: Client) -> None:
    counted = []
    for address in ("/3440.json", "/api/v1/ports/3440/", "/ssh.json", "/api/v1/services/ssh/"):
        reader.get(address)
        with CaptureQueriesContext(connection) as asked:
            reader.get(address)
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert counted[2] <= counted[3] + 2, "whether the whole address is a service's name"
