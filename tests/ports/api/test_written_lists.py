"""Usages, histories and questions across all ports: only what is live, each once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports import publishing
from ports.bundled_articles import load_articles
from ports.models import FAQ, Document, History, Usage
from tests.ports.api.answers import body, results
from tests.ports.writing import (
    add,
    document,
    editor,
    language,
    publish,
    published_article,
    save,
    usage,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundled(db: None) -> None:
    load_articles()


@pytest.mark.parametrize(
    ("address", "model", "part"),
    [("usages/", Usage, "usages"), ("histories/", History, "histories"), ("faqs/", FAQ, "faqs")],
)
def test_everything_that_is_live_is_given_once(
    reader: Client, bundled: None, address: str, model: Any, part: str
) -> None:
    found = results(reader, f"{address}?limit=1")
    ids = [each["id"] for each in found]
    assert ids == sorted(set(ids))
    assert len(found) == model.objects.count() == body(reader, f"{address}?count=true")["count"]
    assert len(found) >= 2
    on_pages = {
        each["uuid"]
        for port in Document.objects.filter(kind="port").values_list("port", flat=True)
        for each in body(reader, f"ports/{port}/")[part]
    }
    assert on_pages <= {each["uuid"] for each in found}


def test_drafts_and_withdrawn_parts_are_not_given(reader: Client) -> None:
    owner, _article = published_article(8080)
    first = add(owner, FAQ, question_en="Why?", answer_en="Because.", position=0)
    publish(owner)
    add(owner, FAQ, question_en="CANARY?", answer_en="CANARY", position=1)
    write(first, question_en="CANARY?")
    other = document(8081)
    add(other, History, date="2001", title_en="CANARY")
    save(owner)
    save(other)
    hidden, _usage = usage(name="CANARY", kind="malware", first_port=1, last_port=2)
    save(hidden)
    (faq,) = results(reader, "faqs/?port=8080")
    assert faq["question"]["markdown"] == "Why?"
    assert (faq["id"], faq["port"], faq["uuid"]) == (first.pk, 8080, str(first.uuid))
    assert results(reader, "histories/") == results(reader, "usages/") == []
    publishing.unpublish(document=owner, language=language("en"), by=editor())
    assert results(reader, "faqs/") == []


def test_many_drafts_before_do_not_end_a_page(reader: Client) -> None:
    owner, _article = published_article(8080)
    for number in range(250):
        add(owner, FAQ, question_en=f"Q{number}?", answer_en="A", position=number)
    last = add(owner, FAQ, question_en="Last?", answer_en="A", position=999)
    publish(owner)
    assert len(results(reader, "faqs/?limit=100")) == 251
    for row in FAQ.objects.exclude(pk=last.pk):
        write(row, removed_at="2026-07-23T00:00:00Z")
    publish(owner)
    assert [each["id"] for each in results(reader, "faqs/?limit=1")] == [last.pk]


def test_usages_are_found_by_port_kind_and_protocol(reader: Client) -> None:
    for name, kind, first, last, transport in [
        ("Worm", "malware", 3127, 3198, "tcp"),
        ("Game", "unofficial", 3150, 3150, "udp"),
        ("Both", "unofficial", 3150, 3150, ""),
    ]:
        row, _usage = usage(
            name=name, kind=kind, first_port=first, last_port=last, transport=transport,
            description_en=f"It is {name}.",
        )  # fmt: skip
        publish(row)

    def names(query: str) -> list[str]:
        return [each["name"] for each in results(reader, f"usages/?{query}")]

    assert names("port=3150") == ["Worm", "Game", "Both"]
    assert names("port=3199") == []
    assert names("kind=malware") == ["Worm"]
    assert names("protocol=tcp") == ["Worm", "Both"]
    assert names("protocol=udp&kind=unofficial") == ["Game", "Both"]
    (worm,) = body(reader, "usages/?kind=malware&lang=tr")["results"]
    assert worm["description"]["is_fallback"]


def test_what_was_published_since_is_given_alone(reader: Client) -> None:
    for number in (8080, 8081):
        owner, _article = published_article(number)
        add(owner, FAQ, question_en="Why?", answer_en="Because.", position=0)
        publish(owner)
    since = body(reader, "stats/")["last_publication"]
    address = f"faqs/?updated_since={since}"
    assert body(reader, "faqs/?count=true")["count"] == 2
    assert results(reader, address) == []
    add(owner, FAQ, question_en="And then?", answer_en="Nothing.", position=1)
    publish(owner)
    assert [each["port"] for each in results(reader, address)] == [8081, 8081]
    assert body(reader, f"{address}&count=true")["count"] == 2


def test_ports_are_found_by_words(reader: Client) -> None:
    found = results(reader, "ports/?q=secure%20shell&limit=1000")
    assert 22 in {each["number"] for each in found}
    for each in found:
        records = body(reader, f"assignments/?port={each['number']}&q=secure%20shell")["results"]
        assert records


def test_what_was_withdrawn_stands_in_the_publications(reader: Client) -> None:
    kept, _article = published_article(8080)
    gone, _article = published_article(8081)
    save(document(8082))
    since = body(reader, "stats/")["last_publication"]
    publishing.unpublish(document=gone, language=language("en"), by=editor())
    (told,) = results(reader, f"publications/?since={since}")
    assert (told["action"], told["document"], told["port"], told["language"]) == (
        "withdrawn", gone.pk, 8081, "en",
    )  # fmt: skip
    whole = results(reader, "publications/")
    assert [(each["document"], each["action"]) for each in whole] == [
        (kept.pk, "published"), (gone.pk, "published"), (gone.pk, "withdrawn"),
    ]  # fmt: skip


def test_all_are_counted_without_making_their_texts(reader: Client) -> None:
    for number in range(8080, 8084):
        owner, _article = published_article(number)
        add(owner, FAQ, question_en="Is {status 80/tcp} right?", answer_en="Yes.", position=0)
        publish(owner)
    with CaptureQueriesContext(connection) as few:
        assert body(reader, "faqs/?limit=1")["results"]
    with CaptureQueriesContext(connection) as counted:
        assert body(reader, "faqs/?limit=1&count=true")["count"] == 4
    assert len(counted) <= len(few) + 4
    assert sum("ports_assignment" in each["sql"] for each in counted) == sum(
        "ports_assignment" in each["sql"] for each in few
    )
