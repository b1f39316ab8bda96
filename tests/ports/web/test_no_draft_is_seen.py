"""Canaries: a text in each unpublished state, and every door a stranger could see it through."""

import re

import pytest
from django.test import Client

from ports import comments, generation, publishing
from ports.demo import load_demo
from ports.models import Article, Revision
from tests.ports.writing import person

pytestmark = pytest.mark.django_db

UNSEEN = {
    40001: "draft",
    40002: "in review",
    40003: "changes requested",
    40004: "approved",
    40005: "planned",
    40007: "a draft of something better",
    40009: "unpublished",
    40010: "expired",
    40011: "incelenen çeviri",
}
SEEN = {40006: "live", 40007: "live, with a newer draft", 40008: "live, and its successor too"}


@pytest.fixture(autouse=True)
def demo(db: None) -> None:
    load_demo("a long password")
    generation.forget()


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def canary(name: str) -> re.Pattern[str]:
    return re.compile(rf"(An example|Bir örnek): {re.escape(name)}(?![,\w])")


def test_the_canaries_are_there_for_editors() -> None:
    editor = Client()
    editor.force_login(person("ed", "writer", "translator"))
    for number, name in UNSEEN.items():
        code = "tr" if number == 40011 else "en"
        address = f"/admin/ports/port/{number}/preview/{code}/"
        assert canary(name).search(body(editor, address)), name


@pytest.mark.parametrize("code", ["en", "tr", "ar"])
def test_no_page_shows_what_is_not_published(reader: Client, code: str) -> None:
    addresses = [
        f"/{code}/",
        f"/{code}/ports/",
        f"/{code}/changes/",
        f"/{code}/changes/feed.atom",
        f"/{code}/changes/feed.json",
        f"/{code}/search/?q=example",
        *(f"/{code}/ports/{number}/" for number in UNSEEN),
        *(f"/{code}/ports/{number}/feed.atom" for number in UNSEEN),
        *(f"/{number}?lang={code}" for number in UNSEEN),
        *(f"/{number}.txt?lang={code}&color" for number in UNSEEN),
        *(f"/{number}.json?lang={code}" for number in UNSEEN),
        *(f"/api/v1/ports/{number}/?lang={code}" for number in UNSEEN),
        *(
            f"/api/v1/{written}/?limit=1000&lang={code}"
            for written in ("usages", "histories", "faqs")
        ),
    ]
    for address in addresses:
        page = body(reader, address)
        for name in UNSEEN.values():
            assert not canary(name).search(page), (address, name)


@pytest.mark.parametrize("code", ["en", "tr", "ar"])
def test_no_history_shows_what_is_not_published(reader: Client, code: str) -> None:
    seen = 0
    for number in UNSEEN:
        for address in ("history/", *(f"history/{version}/" for version in range(1, 5))):
            response = reader.get(f"/{code}/ports/{number}/{address}")
            assert response.status_code in {200, 404}
            seen += response.status_code == 200
            for name in UNSEEN.values():
                assert not canary(name).search(response.content.decode()), (number, address, name)
    assert seen >= 4, "the pages that there are were looked at"


def test_a_history_shows_what_was_live_and_what_took_its_place(reader: Client) -> None:
    first, second = (body(reader, f"/en/ports/40008/history/{n}/") for n in (1, 2))
    assert canary("superseded").search(first)
    assert canary("live, and its successor too").search(second)
    assert reader.get("/en/ports/40007/history/2/").status_code == 404


def test_no_comment_and_no_writer_of_a_draft_is_seen(reader: Client) -> None:
    for number in (40001, 40007, 40009):
        latest = Revision.objects.filter(edition__document__port=number).latest("id")
        comments.add(revision=latest, text="A remark among editors", by=person("ed", "writer"))
        Article.objects.filter(port=number).rewrite(False).update(title_en="Said by nobody")
        publishing.save_revision(
            document=latest.edition.document, by=person("A secret writer", "writer")
        )
        for code in ("en", "tr", "ar"):
            below = ("", "history/", "history/1/", "feed.atom")
            for address in (
                *(f"/{code}/ports/{number}/{each}" for each in below),
                f"/{number}.txt?lang={code}",
                f"/{number}.json?lang={code}",
            ):
                page = reader.get(address).content.decode()
                for unseen in ("A remark among editors", "A secret writer", "Said by nobody"):
                    assert unseen not in page, (number, address)


def test_what_is_published_is_seen(reader: Client) -> None:
    for number, name in SEEN.items():
        for address in (
            f"/en/ports/{number}/",
            f"/{number}.txt",
            f"/{number}.json",
            f"/api/v1/ports/{number}/?lang=en",
        ):
            assert canary(name).search(body(reader, address))
    assert not canary("superseded").search(body(reader, "/en/ports/40008/"))


def test_ports_count_as_told_of_only_while_something_is_live(reader: Client) -> None:
    told = reader.get(
        "/api/v1/ports/?has_article=true&limit=1000&port__gte=40000&count=true"
    ).json()
    numbers = {each["number"] for each in told["results"]}
    assert numbers >= {40006, 40007, 40008}
    assert not numbers & (UNSEEN.keys() - {40007, 40011})
    assert told["count"] == len(numbers)


def test_previews_and_drafts_are_closed_to_strangers(reader: Client) -> None:
    for number in UNSEEN:
        for door in ("preview/en/", "publishing/", "change/"):
            response = reader.get(f"/admin/ports/port/{number}/{door}")
            assert response.status_code == 302
            assert "login" in response.headers["Location"]


def test_the_demo_holds_every_state_and_is_loaded_once() -> None:
    from django.core.management import CommandError, call_command

    assert Article.objects.filter(port__gte=40001).count() == 13
    assert Revision.objects.exists()
    with pytest.raises(CommandError, match="loaded before"):
        call_command("load_demo")


def test_the_demo_is_not_loaded_in_production(settings: object) -> None:
    from django.core.management import CommandError, call_command

    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="in production"):
        call_command("load_demo")
