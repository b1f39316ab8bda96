"""Voting on a page, and saying why."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback import receipts
from feedback.models import FollowUp, Vote
from feedback.page_reference import signed
from ports.models import Article
from tests.feedback.forms import reference_on, token_on
from tests.feedback.voters import NOW, cast, form, page, vote_over_http
from tests.ports.web.pages import attribute, get, source, text
from tests.ports.writing import add, document, publish, save, write_text

pytestmark = pytest.mark.django_db

GOOD = form(page(3440, "tr"))


def test_the_question_stands_under_every_port_page_in_its_language(reader: Client) -> None:
    for path, question in (
        ("/en/ports/3440/", "Was this page useful?"),
        ("/en/ports/50001/", "Was this page useful?"),
        ("/tr/ports/3440/", "Bu sayfa"),
    ):
        shown = get(reader, path)
        assert question in text(shown)
        assert source(shown).count('name="face"') == 3
        assert source(shown).count('<svg class="face" aria-hidden="true"') == 3


def test_the_form_holds_what_the_vote_needs_and_is_the_same_for_everyone(reader: Client) -> None:
    pages = {source(get(reader, "/tr/ports/3440/")) for _ in range(2)}
    assert len(pages) == 1
    assert reference_on(pages.pop()) == signed(page(3440, "tr"))


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
    assert ("<textarea" in source(thanks)) == (face != "happy"), "who is content is asked nothing"


def test_a_vote_is_for_the_revision_that_its_reader_saw(reader: Client) -> None:
    owner = document(3440)
    article = add(owner, Article, title_en="A title")
    save(owner)

    def vote(code: str) -> None:
        shown = source(get(reader, f"/{code}/ports/3440/"))
        reader.post("/feedback/", {"page": reference_on(shown), "face": "happy"})

    vote("tr")  # a draft is no article
    publish(owner)
    before = reference_on(source(get(reader, "/tr/ports/3440/")))
    vote("tr")  # in English, for want of a translation
    write_text(article, "title", "en", "Another title")
    write_text(article, "title", "tr", "Bir başlık")
    publish(owner, "en", "tr")
    vote("tr")
    vote("de")
    reader.post("/feedback/", {"page": before, "face": "sad"})  # from a cache
    told = Vote.objects.order_by("id").values_list("language", "text_language", "revision_number")
    assert list(told) == [
        ("tr", "", 0),
        ("tr", "en", 1),
        ("tr", "tr", 1),
        ("de", "en", 2),
        ("tr", "en", 1),
    ]


def test_reloading_the_thanks_casts_no_second_vote(reader: Client) -> None:
    location = vote_over_http(reader)
    get(reader, location)
    get(reader, location)
    assert Vote.objects.count() == 1


def test_a_vote_is_changed_with_the_token_and_stays_one(reader: Client) -> None:
    location = vote_over_http(reader)
    token = token_on(source(get(reader, location)))
    changed = reader.post("/feedback/", {"token": token, "face": "sad"})
    assert changed.headers["Location"] == location
    assert [vote.face for vote in Vote.objects.all()] == ["sad"]
    pressed = re.findall(r'value="(\w+)" aria-pressed="true"', source(get(reader, location)))
    assert pressed == ["sad"]


def test_colleagues_behind_one_address_do_not_overwrite_each_other(reader: Client) -> None:
    for face in ("happy", "sad", "happy"):
        vote_over_http(reader, face=face)
    assert [vote.face for vote in Vote.objects.order_by("id")] == ["happy", "sad", "happy"]


@pytest.mark.parametrize(
    "change",
    [
        {"face": "angry"},
        {"face": ""},
        {"page": ""},
        {"page": "3440.tr..0"},
        {"page": f"{GOOD['page']}x"},
        {"page": GOOD["page"].replace("3440", "3441")},
        {"page": f"{GOOD['page']}\x00"},
        {"page": "9" * 4000},
        {"token": "made up"},
        {"token": f"{GOOD['page']}"},
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


@pytest.mark.parametrize("path", ["/feedback/", "/feedback/why/"])
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
def test_another_site_cannot_vote_for_its_visitors(
    reader: Client, headers: dict[str, str], path: str
) -> None:
    token = receipts.give(cast(page()), NOW)
    both = {**GOOD, "token": token, "face": "sad", "reason": "wrong"}
    response = reader.post(path, both, headers=headers)
    assert response.status_code == 403
    assert [vote.face for vote in Vote.objects.all()] == ["happy"]
    assert not FollowUp.objects.exists()


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
    token = vote_over_http(reader).split("/")[3]
    assert reader.get(f"/tr/feedback/{token}x/").status_code == 404


def test_a_day_later_the_token_is_too_old(reader: Client) -> None:
    vote = cast(page())
    token = receipts.give(vote, NOW)  # months ago
    for answer in (
        reader.get(f"/en/feedback/{token}/"),
        reader.post("/feedback/", {"token": token, "face": "sad"}),
        reader.post("/feedback/why/", {"token": token, "reason": "wrong"}),
    ):
        assert answer.status_code == 410
        assert "for a day" in text(answer)
    assert receipts.read(token, NOW + timedelta(days=1)).vote_id == vote.pk
    with pytest.raises(receipts.ReceiptExpiredError):
        receipts.read(token, NOW + timedelta(days=1, seconds=1))
    assert Vote.objects.get().face == "happy"


def test_votes_are_posted_not_fetched(reader: Client) -> None:
    assert reader.get("/feedback/", GOOD).status_code == 405
    assert reader.get("/feedback/why/").status_code == 405
    assert not Vote.objects.exists()


def test_a_refused_vote_says_so_and_when_to_come_again(reader: Client) -> None:
    for _ in range(5):
        vote_over_http(reader)
    refused = reader.post("/feedback/", form())
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 60 * 60
    assert refused.headers["Cache-Control"] == "no-store"
    assert "was not stored" in text(refused)
    assert Vote.objects.count() == 5


def test_a_vote_costs_at_most_four_queries(reader: Client) -> None:
    reader.post("/feedback/", form(page(80)))
    with CaptureQueriesContext(connection) as asked:
        reader.post("/feedback/", GOOD)
    of_the_transaction = ("SAVEPOINT", "RELEASE")
    queries = [query for query in asked if not query["sql"].startswith(of_the_transaction)]
    assert 1 <= len(queries) <= 4


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_while_the_database_fails_a_vote_is_refused_in_words(
    client: Client,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feedback_allowance RENAME TO feedback_away")
    try:
        answer = client.post("/feedback/", form(), headers={"host": "localhost"})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_away RENAME TO feedback_allowance")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"


class TestWhy:
    """After a sad or doubtful face."""

    @pytest.fixture
    def location(self, reader: Client) -> str:
        return vote_over_http(reader, shown=page(3440, "tr"), face="sad")

    def say(self, reader: Client, location: str, **said: str) -> Any:
        token = location.split("/")[3]
        return reader.post("/feedback/why/", {"token": token, **said})

    def test_a_reason_and_a_comment_are_stored(self, reader: Client, location: str) -> None:
        answer = self.say(reader, location, reason="outdated", comment=" Not any more.\r\nReally ")
        assert answer.status_code == 303
        assert answer.headers["Location"] == location
        said = FollowUp.objects.get()
        assert (said.reason, said.comment) == ("outdated", "Not any more.\nReally")
        assert said.vote == Vote.objects.get()
        shown = source(get(reader, location))
        assert 'value="outdated" checked' in shown
        assert "Not any more." in shown, "what was said can be corrected"

    def test_either_is_enough_and_nothing_is_not(self, reader: Client, location: str) -> None:
        assert self.say(reader, location).status_code == 400
        assert not FollowUp.objects.exists()
        self.say(reader, location, reason="unclear")
        self.say(reader, location, comment="Why?")
        said = FollowUp.objects.get()
        assert (said.reason, said.comment) == ("", "Why?")

    def test_a_comment_that_is_too_long_is_not_lost(self, reader: Client, location: str) -> None:
        comment = "ğ" * 1003
        answer = self.say(reader, location, reason="missing", comment=comment)
        assert answer.status_code == 400
        assert attribute(answer, "lang") == "tr"
        assert comment in source(answer)
        assert 'value="missing" checked' in source(answer)
        assert "3" in re.findall(r'role="alert">([^<]*)', source(answer))[0]
        assert not FollowUp.objects.exists()
        assert self.say(reader, location, comment="ğ" * 1000).status_code == 303

    @pytest.mark.parametrize("said", [{"reason": "bored"}, {"comment": "a\x00b"}])
    def test_what_no_form_sends_is_refused(
        self, reader: Client, location: str, said: dict[str, str]
    ) -> None:
        assert self.say(reader, location, **said).status_code == 400
        assert not FollowUp.objects.exists()

    def test_only_a_translated_page_can_be_badly_translated(
        self, reader: Client, location: str
    ) -> None:
        english = vote_over_http(reader, face="doubtful")
        assert 'value="translation"' in source(get(reader, location))
        assert 'value="translation"' not in source(get(reader, english))
        assert self.say(reader, english, reason="translation").status_code == 400
        assert self.say(reader, location, reason="translation").status_code == 303

    def test_what_an_editor_has_read_is_not_replaced(self, reader: Client, location: str) -> None:
        self.say(reader, location, comment="First")
        FollowUp.objects.update(state="useful", handled_at=NOW)
        answer = self.say(reader, location, comment="Second")
        assert answer.status_code == 400
        assert "Second" in source(answer), "it can be copied"
        assert FollowUp.objects.get().comment == "First"

    def test_a_trap_that_no_reader_sees_and_haste_make_spam_that_editors_still_find(
        self, reader: Client, location: str
    ) -> None:
        assert self.say(reader, location, comment="Buy", website="x").status_code == 303
        assert FollowUp.objects.get().state == "spam"
        self.say(reader, location, comment="Typed within a second")
        assert FollowUp.objects.get().state == "spam"
        self.say(reader, location, reason="wrong")
        assert FollowUp.objects.get().state == "new", "a reason is chosen quickly"

    def test_a_token_of_nobody_is_refused(self, reader: Client) -> None:
        assert self.say(reader, "/en/feedback/made-up/", reason="wrong").status_code == 400
