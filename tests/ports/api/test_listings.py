"""Lists: every result once, in an order that stays, filtered exactly."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports import generation
from ports.models import Assignment
from ports.registry.records import PortRange
from tests.ports.api.answers import body, results
from tests.ports.writing import published_article

pytestmark = pytest.mark.django_db


def test_every_record_is_given_once(reader: Client) -> None:
    found = results(reader, "assignments/?limit=1000")
    assert [each["id"] for each in found] == list(
        Assignment.objects.order_by("id").values_list("id", flat=True)
    )


def test_what_comes_and_goes_between_two_pages_moves_nothing_else(reader: Client) -> None:
    first = body(reader, "assignments/?limit=50")
    ids = [each["id"] for each in first["results"]]
    wanted = list(Assignment.objects.filter(id__gt=ids[-1]).order_by("id")[:50])
    Assignment.objects.filter(pk__in=[ids[3], ids[-1]]).delete()
    Assignment.objects.create(service_name="new", status="assigned")
    second = body(reader, first["next"].partition("/api/v1/")[2])
    assert [each["id"] for each in second["results"]] == [each.pk for each in wanted]


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_the_last_page_has_no_next_one(reader: Client, limit: int) -> None:
    query = urlencode({"service": "ssh", "limit": limit})
    found = results(reader, f"assignments/?{query}")
    assert {each["service_name"] for each in found} == {"ssh"}
    assert len(found) == Assignment.objects.of_service("ssh").count()


def test_all_are_counted_if_somebody_asks(reader: Client) -> None:
    assert "count" not in body(reader, "assignments/?limit=1")
    said = body(reader, "assignments/?limit=1&count=true&after=100&protocol=sctp")
    assert said["count"] == Assignment.objects.filter(transport="sctp").count()
    services = body(reader, "services/?limit=1&count=true&protocol=sctp")
    names = Assignment.objects.filter(transport="sctp", status="assigned").named()
    assert services["count"] == names.values("service_name").distinct().count()


def test_members_can_be_chosen_and_left_out(reader: Client) -> None:
    (chosen,) = body(reader, "assignments/?limit=1&fields=id,status")["results"]
    assert list(chosen) == ["id", "status"]
    (all_of_it,) = body(reader, "assignments/?limit=1")["results"]
    (rest,) = body(reader, "assignments/?limit=1&omit=notes,contact")["results"]
    assert list(rest) == [name for name in all_of_it if name not in {"notes", "contact"}]
    (both,) = body(reader, "assignments/?limit=1&fields=id,status&omit=id")["results"]
    assert list(both) == ["status"]


FILTERS: dict[str, Callable[[Assignment], bool]] = {
    "port=22": lambda r: r.first_port is not None and r.first_port <= 22 <= r.last_port,
    "port=6010": lambda r: r.first_port is not None and r.first_port <= 6010 <= r.last_port,
    "port__gte=40000&port__lte=41000": lambda r: (
        r.first_port is not None and r.first_port <= 41000 and r.last_port >= 40000
    ),
    "range=system&protocol=udp": lambda r: (
        r.transport == "udp" and r.first_port is not None and r.first_port <= PortRange.SYSTEM.last
    ),
    "status=reserved": lambda r: r.status == "reserved",
    "service=SSH": lambda r: r.service_name == "ssh",
    "q=secure+shell": lambda r: all(
        word in f"{r.service_name}\n{r.description}".lower() for word in ("secure", "shell")
    ),
    "q=100%25": lambda r: "100%" in f"{r.service_name}\n{r.description}",
}  # type: ignore[operator]


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_keeps_what_it_says_and_all_of_it(reader: Client, query: str) -> None:
    found = {each["id"] for each in results(reader, f"assignments/?limit=1000&{query}")}
    assert found == {each.pk for each in Assignment.objects.all() if FILTERS[query](each)}


def test_ports_are_filtered_by_status_on_a_protocol(reader: Client) -> None:
    def numbers(query: str) -> list[int]:
        return [each["number"] for each in results(reader, f"ports/?limit=1000&{query}")]

    every = results(reader, "ports/?limit=1000&port__lte=1023&fields=number,status")
    assert len(every) == 1024
    for protocol in ("tcp", "sctp"):
        assert numbers(f"port__lte=1023&status=assigned&protocol={protocol}") == [
            each["number"] for each in every if each["status"][protocol] == "assigned"
        ]
    assert numbers("port__lte=1023&status=reserved") == [
        each["number"]
        for each in every
        if "reserved" in {each["status"]["tcp"], each["status"]["udp"]}
    ]
    assert numbers("protocol=dccp") == numbers("status=assigned&protocol=dccp")
    assert numbers("service=X11") == list(range(6000, 6064))
    assert numbers("range=dynamic&port__lte=49153") == [49152, 49153]


def test_ports_with_a_story_are_found(reader: Client) -> None:
    published_article(8080)
    (found,) = results(reader, "ports/?has_article=true")
    assert (found["number"], found["service_names"]) == (8080, ["http-alt"])


def test_services_stand_with_all_their_registrations(reader: Client) -> None:
    (ssh,) = [
        each for each in results(reader, "services/?q=ssh&protocol=sctp") if each["name"] == "ssh"
    ]
    assert {each["protocol"] for each in ssh["registrations"]} == {"tcp", "udp", "sctp"}
    portless = results(reader, "services/?has_port=false&limit=1000")
    assert "ftp" not in {each["name"] for each in portless}


@pytest.mark.parametrize(
    ("address", "most"),
    [("assignments/?limit=100", 2), ("ports/?limit=1000", 3), ("services/?limit=1000", 3),
     ("changes/", 2), ("ports/3440/", 5), ("services/ssh/", 7)],
)  # fmt: skip
def test_an_answer_costs_few_queries(reader: Client, address: str, most: int) -> None:
    body(reader, address)
    generation.forget()
    with CaptureQueriesContext(connection) as asked:
        answer: Any = reader.get(f"/api/v1/{address}")
    assert answer.status_code == 200
    assert len(asked) <= most, "\n".join(query["sql"][:120] for query in asked)
