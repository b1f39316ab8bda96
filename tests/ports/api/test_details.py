"""One port and one service: everything that is known, and nothing that is not published."""

import pytest
from django.test import Client

from ports.models import FAQ, Article, Assignment, Port, Snapshot
from ports.registry.records import Status
from tests.ports import registry_changes as made
from tests.ports.api.answers import body, problem
from tests.ports.registry_changes import record
from tests.ports.writing import (
    add,
    document,
    published_article,
    save,
    write_text,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [0, 9, 22, 80, 3440, 6010, 11434, 49151, 49152, 65535])
def test_every_port_is_told_of_as_the_registry_says(reader: Client, number: int) -> None:
    said = body(reader, f"ports/{number}/")
    port = Port.objects.get(pk=number)
    assert said["number"] == number
    assert said["status"] == {
        "tcp": port.tcp_status, "udp": port.udp_status,
        "sctp": port.sctp_status, "dccp": port.dccp_status,
    }  # fmt: skip
    records = Assignment.objects.covering(number)
    assert {each["id"] for each in said["assignments"]} == {each.pk for each in records}
    assert said["page"] == f"http://localhost:8000/en/ports/{number}/"
    assert said["snapshot"]["origin"] == "compiled"
    assert str(number) in said["answer"]["text"]


@pytest.mark.parametrize("number", ["65536", "-1", "0443", "٤٤٣", "1e3", "99999999999999999999"])
def test_what_is_no_port_is_not_found(reader: Client, number: str) -> None:
    problem(reader, f"ports/{number}/", status=404)


def test_a_record_is_given_member_by_member(reader: Client) -> None:
    (found,) = [
        each
        for each in body(reader, "assignments/?port=3440&limit=10")["results"]
        if each["protocol"] == "tcp"
    ]
    row = Assignment.objects.get(pk=found["id"])
    assert found == {
        "id": row.pk,
        "service_name": "ans-console",
        "protocol": "tcp",
        "first_port": 3440,
        "last_port": 3440,
        "status": "assigned",
        "description": "Net Steward Mgmt Console",
        "assignee": ["John Richmond"],
        "contact": ["John Richmond"],
        "registration_date": {"date": "2002-03", "precision": "month"},
        "modification_date": None,
        "references": [],
        "service_code": None,
        "unauthorized_use": None,
        "notes": None,
        "alias_of": None,
    }


def test_what_editors_wrote_comes_in_markdown_and_html(reader: Client, written: None) -> None:
    said = body(reader, "ports/8080/?lang=tr")
    assert said["article"]["title"] == {
        "markdown": "İkinci bir kapı", "html": "İkinci bir kapı", "lang": "tr",
        "is_fallback": False,
    }  # fmt: skip
    summary = said["article"]["summary"]
    assert (summary["lang"], summary["is_fallback"]) == ("en", True)
    assert summary["markdown"] == "It is Assigned as http-alt.[^1]"
    assert summary["html"].endswith('<sup class="footnote">1</sup>')
    text = said["article"]["body"]
    assert text["markdown"] == (
        "See [80](http://localhost:8000/tr/ports/80/) and "
        "[443/tcp](http://localhost:8000/tr/ports/443/#tcp), `{status 8080/tcp}` is code.\n\n"
        "    [^rfc] too\n\n"
        "The name is *HTTP Alternate (see port 80)*."
    )
    assert '<a href="http://localhost:8000/tr/ports/80/"' in text["html"]
    assert said["sources"] == [
        {"number": 1, "title": "A document", "publisher": None,
         "url": "https://example.org/rfc", "published": None},
    ]  # fmt: skip
    assert said["assessment"]["level"] == "medium"
    assert said["assessment"]["as_of"] == {"date": "2026-07", "precision": "month"}
    assert [each["date"]["date"] for each in said["histories"]] == ["1999-05"]
    (faq,) = said["faqs"]
    assert (faq["question"]["lang"], faq["answer"]["lang"]) == ("tr", "en")
    (found,) = said["usages"]
    assert (found["name"], found["first_port"], found["last_port"], found["protocol"]) == (
        "Something", 8000, 8100, "tcp",
    )  # fmt: skip
    assert said["glosses"][0]["text"]["markdown"] == "Another door to the web."
    assert body(reader, "ports/8042/")["usages"]
    assert body(reader, "services/http-alt/")["gloss"]["markdown"] == "Another door to the web."


def test_a_draft_is_seen_nowhere(reader: Client) -> None:
    owner, article = published_article(8080)
    addresses = ["ports/8080/", "ports/?port__gte=8080&limit=1", "services/http-alt/", "registry/"]
    before = [body(reader, address) for address in addresses]
    write_text(article, "title", "en", "CANARY")
    add(owner, FAQ, question_en="CANARY?", answer_en="CANARY")
    other = document(8081)
    add(other, Article, title_en="CANARY")
    save(owner)
    save(other)
    assert [body(reader, address) for address in addresses] == before
    assert body(reader, "ports/8081/")["article"] is None
    assert not body(reader, "ports/?port__gte=8081&limit=1")["results"][0]["has_article"]


def test_what_there_is_is_counted(reader: Client, written: None) -> None:
    said = body(reader, "stats/")
    current = Snapshot.objects.current()
    assert current
    assert said["records"] == Assignment.objects.count() == current.record_count
    system = Port.objects.filter(number__lte=1023)
    assert said["statuses"]["system"]["reserved"] == system.with_status(Status.RESERVED).count()
    assert sum(said["statuses"]["dynamic"].values()) == 65536 - 49152
    assert said["articles"] == 1
    assert (said["live_texts"]["en"], said["live_texts"]["tr"], said["live_texts"]["de"]) == (
        3, 1, 0,
    )  # fmt: skip


def test_a_service_is_found_in_any_case(reader: Client) -> None:
    said = body(reader, "services/HTTP/")
    assert said["name"] == "http"
    assert said["other_names"] == ["www", "www-http"]
    assert {80} == {each["first_port"] for each in said["assignments"]} - {None}
    assert body(reader, "services/z39.50/")["name"] == "z39.50"
    assert body(reader, "services/cl/1/")["name"] == "cl/1"


@pytest.mark.parametrize("name", ["no-such-service", "%00", "ssh%00", "٤٤٣"])
def test_a_service_that_never_was_is_not_found(reader: Client, name: str) -> None:
    problem(reader, f"services/{name}/", status=404)


def test_a_withdrawn_service_is_gone_with_its_last_facts(reader: Client) -> None:
    made.removed(made.snapshot("2025-01-02"), record("Gone-1", "777", "sctp"))
    made.removed(made.snapshot("2026-07-23"), record("Gone-1", "777", "tcp", description="Old"))
    said = problem(reader, "services/gone-1/", status=410)
    (last,) = said["last_known"]
    assert (last["service_name"], last["protocol"], last["description"], last["id"]) == (
        "Gone-1", "tcp", "Old", None,
    )  # fmt: skip
    assert [each["kind"] for each in said["changes"]] == ["removed", "removed"]
