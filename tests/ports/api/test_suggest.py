"""Ports that nobody has claimed, and what is said of why."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports.models import Port, Usage
from ports.registry.records import Status
from tests.ports.api.answers import body, get, problem, texts
from tests.ports.writing import publish, usage

pytestmark = pytest.mark.django_db


def numbers(reader: Client, address: str) -> list[int]:
    return [each["port"] for each in body(reader, address)["results"]]


def codes(result: Any) -> set[str]:
    return {reason["code"] for reason in result["reasons"]}


def test_ten_come_without_a_limit_and_as_many_as_it_says_with_one(reader: Client) -> None:
    usual = numbers(reader, "suggest/")
    assert len(set(usual)) == 10
    assert len(set(numbers(reader, "suggest/?limit=100"))) == 100
    assert numbers(reader, "suggest/?limit=3") == usual[:3]


def test_their_own_addresses_say_so_too(reader: Client) -> None:
    for protocol, wanted in (("tcp", ["tcp"]), ("udp", ["udp"]), ("both", ["tcp", "udp"])):
        for each in body(reader, f"suggest/?protocol={protocol}&limit=3")["results"]:
            own = body(reader, f"ports/{each['port']}/")
            assert each["protocols"] == wanted
            assert {own["status"][name] for name in wanted} == {"unassigned"}
            assert own["range"] == "user"
            assert own["usages"] == []
            assert each["page"] == own["page"]
            assert body(reader, f"ports/?port__gte={each['nearest_registered']}&limit=1")[
                "results"
            ][0]["service_names"]


def test_the_seed_says_which_of_equally_good_ones(reader: Client) -> None:
    usual = numbers(reader, "suggest/?seed=0")
    assert usual == numbers(reader, "suggest/")
    assert numbers(reader, "suggest/?seed=4711") != usual
    assert numbers(reader, "suggest/?seed=4711") == numbers(reader, "suggest/?seed=4711")


def test_what_is_published_takes_a_port_away(reader: Client) -> None:
    best, next_one, *_rest = numbers(reader, "suggest/")
    kept = get(reader, "suggest/").headers["ETag"]
    owner, _row = usage(
        name="Thing", kind=Usage.Kind.UNOFFICIAL, first_port=best, last_port=best, transport="",
        description_en="It runs there.",
    )  # fmt: skip
    publish(owner)
    assert get(reader, "suggest/", **{"if-none-match": kept}).status_code == 200
    assert numbers(reader, "suggest/")[0] == next_one


def test_reasons_that_do_not_hold_are_not_given(reader: Client) -> None:
    (port,) = numbers(reader, "suggest/?limit=1")
    address = f"suggest/?protocol=tcp&port__gte={port}&port__lte={port}"
    (whole,) = body(reader, address)["results"]
    assert {"unregistered", "room", "unassigned"} <= codes(whole)
    Port.objects.filter(pk=port + 1).update(tcp_status=Status.ASSIGNED)
    Port.objects.filter(pk=port).update(udp_status=Status.RESERVED)
    (less,) = body(reader, address)["results"]
    assert codes(whole) - codes(less) == {"unregistered", "room"}
    assert less["nearest_registered"] == port + 1
    assert f"{port}/tcp" in less["reasons"][0]["text"]
    assert f"{port}/udp" not in str(less["reasons"])


def test_where_nothing_is_left_it_says_so(reader: Client, request: pytest.FixtureRequest) -> None:
    for bounds in ("port__lte=1023", "port__gte=32768", "port__gte=9000&port__lte=8000"):
        answer = body(reader, f"suggest/?{bounds}")
        assert (answer["results"], answer["count"]) == ([], 0)
        assert "bounds" in answer["none_left"]["text"]
    assert body(reader, "suggest/")["none_left"] is None


def test_without_a_registry_nothing_is_free(reader: Client, empty_registry: None) -> None:
    answer = body(reader, "suggest/")
    assert answer["results"] == []
    assert "not been loaded" in answer["none_left"]["text"]


@pytest.mark.parametrize("tag", ["en", "tr", "ar"])
def test_every_sentence_says_its_language(reader: Client, tag: str) -> None:
    answer = get(reader, f"suggest/?lang={tag}&limit=2")
    assert answer.headers["Content-Language"] == tag
    said = list(texts(answer.json()))
    assert len(said) == 2 * 7 + 1
    assert {(each["lang"], each["is_fallback"]) for each in said} == {(tag, False)}
    for each in said:
        assert "<" not in each["text"]
        assert "%(" not in each["text"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("protocol=sctp", "protocol"), ("protocol=TCP", "protocol"), ("limit=0", "limit"),
        ("limit=101", "limit"), ("port__gte=65536", "port__gte"), ("port__lte=-1", "port__lte"),
        ("seed=-1", "seed"), ("seed=x", "seed"), (f"seed={2**53}", "seed"), ("count=5", "count"),
        ("port=80", "port"), ("fields=port", "fields"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_named(reader: Client, query: str, name: str) -> None:
    said = problem(reader, f"suggest/?{query}")
    assert [each["parameter"] for each in said["errors"]] == [name]


def test_it_takes_few_queries(reader: Client) -> None:
    get(reader, "suggest/")
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        get(reader, "suggest/?limit=100")
    assert time.perf_counter() - began < 2
    assert len(asked) <= 6
