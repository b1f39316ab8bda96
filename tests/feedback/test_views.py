"""Voting on a page."""

import re

import pytest
from django.test import Client

from feedback.models import Vote
from ports.models import Article
from tests.ports.web.pages import attribute, get, source, text
from tests.ports.writing import add, document, publish, save, write_text

pytestmark = pytest.mark.django_db

GOOD = {"port": "3440", "language": "tr", "face": "happy"}


def test_the_question_stands_under_every_port_page_in_its_language(reader: Client) -> None:
    for path, question in (
        ("/en/ports/3440/", "Was this page useful?"),
        ("/en/ports/50001/", "Was this page useful?"),
        ("/tr/ports/3440/", "Bu sayfa"),
    ):
        page = get(reader, path)
        assert question in text(page)
        assert source(page).count('name="face"') == 3
        assert source(page).count('<svg class="face" aria-hidden="true"') == 3


def test_the_form_holds_what_the_vote_needs_and_no_token(reader: Client) -> None:
    page = source(get(reader, "/tr/ports/3440/"))
    assert '<input type="hidden" name="port" value="3440">' in page
    assert '<input type="hidden" name="language" value="tr">' in page
    assert "csrf" not in page


@pytest.mark.parametrize("face", ["sad", "doubtful", "happy"])
def test_a_vote_is_stored_and_thanked_for_in_the_language_of_the_page(
    reader: Client, face: str
) -> None:
    response = reader.post("/feedback/", {**GOOD, "face": face})
    assert response.status_code == 303
    assert re.fullmatch(r"/tr/feedback/[^/]+/", response.headers["Location"])
    vote = Vote.objects.get()
    assert (vote.port_id, vote.language, vote.face) == (3440, "tr", face)

    thanks = get(reader, response.headers["Location"])
    assert attribute(thanks, "lang") == "tr"
    assert 'href="/tr/ports/3440/"' in source(thanks)
    assert thanks.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in source(thanks)


def test_a_vote_is_for_the_revision_that_its_reader_saw(reader: Client) -> None:
    owner = document(3440)
    article = add(owner, Article, title_en="A title")
    save(owner)
    reader.post("/feedback/", GOOD)  # a draft is no article
    publish(owner)
    reader.post("/feedback/", GOOD)  # in English, for want of a translation
    write_text(article, "title", "en", "Another title")
    write_text(article, "title", "tr", "Bir başlık")
    publish(owner, "en", "tr")
    reader.post("/feedback/", GOOD)
    reader.post("/feedback/", {**GOOD, "language": "de"})
    numbers = Vote.objects.order_by("id").values_list("language", "revision_number")
    assert list(numbers) == [("tr", 0), ("tr", 1), ("tr", 1), ("de", 2)]


def test_reloading_the_thanks_casts_no_second_vote(reader: Client) -> None:
    location = reader.post("/feedback/", GOOD).headers["Location"]
    get(reader, location)
    get(reader, location)
    assert Vote.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"face": "angry"},
        {"face": ""},
        {"port": "65536"},
        {"port": "-1"},
        {"port": "٣"},
        {"port": "x"},
        {"port": ""},
        {"port": "9" * 400},
        {"language": "xx"},
        {"language": "TR"},
        {"language": ""},
        {"port": "1\x00"},
    ],
)
def test_a_form_that_is_not_ours_stores_nothing_and_says_so(
    reader: Client, change: dict[str, str]
) -> None:
    response = reader.post("/feedback/", {**GOOD, **change}, headers={"accept-language": "nl"})
    assert response.status_code == 400
    assert attribute(response, "lang") == "nl"
    assert not Vote.objects.exists()


def test_an_empty_form_stores_nothing(reader: Client) -> None:
    assert reader.post("/feedback/").status_code == 400
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8000"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:8000.evil.example"},
    ],
)
def test_another_site_cannot_vote_for_its_visitors(reader: Client, headers: dict[str, str]) -> None:
    response = reader.post("/feedback/", GOOD, headers=headers)
    assert response.status_code == 403
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "http://localhost"},
        {"origin": "http://localhost"},
        {"origin": "http://localhost:8000"},
        {},
    ],
)
def test_the_sites_own_pages_can_vote(reader: Client, headers: dict[str, str]) -> None:
    assert reader.post("/feedback/", GOOD, headers=headers).status_code == 303
    assert Vote.objects.count() == 1


def test_voting_sets_no_cookie(reader: Client) -> None:
    response = reader.post("/feedback/", GOOD)
    assert not response.cookies
    assert not reader.get(response.headers["Location"]).cookies


def test_a_thanks_page_nobody_was_sent_to_is_not_found(reader: Client) -> None:
    assert reader.get("/tr/feedback/made-up/").status_code == 404
    token = reader.post("/feedback/", GOOD).headers["Location"].split("/")[3]
    assert reader.get(f"/tr/feedback/{token}x/").status_code == 404


def test_votes_are_posted_not_fetched(reader: Client) -> None:
    assert reader.get("/feedback/", GOOD).status_code == 405
    assert not Vote.objects.exists()


def test_a_vote_costs_one_query(reader: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        reader.post("/feedback/", GOOD)
