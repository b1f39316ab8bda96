"""The description says exactly what the API does."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from ports.bundled_articles import load_articles
from tests.ports import registry_changes as made
from tests.ports.api.answers import get
from tests.ports.registry_changes import record

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "/": [""],
    "/openapi.json": ["openapi.json"],
    "/ports/": [
        "ports/?limit=1000",
        "ports/?has_article=true&count=true&lang=tr",
        "ports/?fields=number&limit=1",
    ],
    "/ports/{number}/": [
        *(f"ports/{number}/" for number in (0, 22, 80, 3127, 6010, 11434, 49152, 65535)),
        *(f"ports/3440/?lang={tag}" for tag in ("en", "ar", "zh-Hans")),
    ],
    "/ports/{number}/feedback/": ["ports/80/feedback/"],
    "/services/": ["services/?limit=1000", "services/?q=mail&omit=description&lang=ja"],
    "/services/{name}/": ["services/ssh/", "services/cl/1/", "services/x11/?lang=he"],
    "/assignments/": [
        "assignments/?limit=1000",
        "assignments/?range=dynamic",
        "assignments/?protocol=dccp&count=true",
        "assignments/?fields=id,registration_date",
    ],
    "/usages/": ["usages/", "usages/?lang=tr&count=true"],
    "/histories/": ["histories/?limit=3", "histories/?lang=fa"],
    "/faqs/": ["faqs/?port=3440", "faqs/?lang=pt-BR&omit=sources"],
    "/ranges/": ["ranges/"],
    "/changes/": ["changes/", "changes/?kind=removed&count=true"],
    "/publications/": ["publications/?limit=2", "publications/?document=1&count=true"],
    "/registry/": ["registry/"],
    "/stats/": ["stats/"],
    "/languages/": ["languages/"],
    "/search/": ["search/?q=80", "search/?q=22/udp&lang=he", "search/?q=mail&limit=100"],
    "/suggest/": ["suggest/", "suggest/?lang=ar&limit=100&protocol=udp", "suggest/?port__lte=80"],
}  # fmt: skip


@pytest.fixture
def described(reader: Client) -> Any:
    load_articles()
    seen = made.snapshot("2026-07-23")
    made.removed(seen, record("Gone-1", "777", "sctp"))
    made.added(seen, record("New-1", "778"), before=(made.unassigned("778"),))
    made.renamed(seen, record("Old-2", "779"), record("New-2", "779"))
    return get(reader, "openapi.json").json()


def strict(schema: Any) -> Any:
    """A schema that allows no member which it does not name."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = {name: strict(value) for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        said["additionalProperties"] = False
    return said


def validator(described: Mapping[str, Any], schema: Any) -> Any:
    whole = {**strict(schema), "components": strict(described["components"])}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def test_every_address_is_described_and_tried(described: Any) -> None:
    assert described["openapi"].startswith("3.1.")
    read = {path for path, operations in described["paths"].items() if "get" in operations}
    assert read == ADDRESSES.keys()


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_is_as_it_is_described(reader: Client, described: Any, path: str) -> None:
    operation = described["paths"][path]["get"]
    ok = operation["responses"]["200"]["content"]["application/json"]["schema"]
    is_valid = validator(described, ok)
    for address in ADDRESSES[path]:
        answer = get(reader, address)
        is_valid.validate(json.loads(answer.content))
        for name in operation["responses"]["200"].get("headers", {}):
            assert name in answer.headers or name == "Link"


@pytest.mark.parametrize(
    ("path", "address", "status"),
    [
        ("/ports/", "ports/?bogus=1&limit=x", 400),
        ("/ports/{number}/", "ports/65536/", 404),
        ("/services/{name}/", "services/no-such/", 404),
        ("/services/{name}/", "services/gone-1/", 410),
    ],
)
def test_every_problem_is_as_it_is_described(
    reader: Client, described: Any, path: str, address: str, status: int
) -> None:
    responses = described["paths"][path]["get"]["responses"]
    schema = responses[str(status)]["content"]["application/problem+json"]["schema"]
    answer = get(reader, address, status=status)
    validator(described, schema).validate(json.loads(answer.content))


def test_a_member_more_or_less_would_be_seen(described: Any) -> None:
    schema = described["components"]["schemas"]["Date"]
    is_valid = validator(described, schema)
    assert is_valid.is_valid({"date": "2002-05", "precision": "month"})
    for wrong in (
        {"date": "2002-05"},
        {"date": "2002-05", "precision": "month", "more": 1},
        {"date": "5/2002", "precision": "month"},
    ):
        assert not is_valid.is_valid(wrong)
