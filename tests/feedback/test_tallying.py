"""Counting votes: each once, by revision, by day, and for as long as a text says the same."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from feedback import published, tallying, voting
from feedback.models import DailyTally, Face, PublishedTally, Tally, VoteDelta
from feedback.runs import runs_of
from feedback.scores import Votes
from ports import publishing
from ports.languages import SOURCE
from ports.models import Article, Document, Revision
from tests.feedback.voters import NOW, cast, cast_many, in_source, page
from tests.ports.writing import approve, editor, language, publish, published_article, write

pytestmark = pytest.mark.django_db


def tallies() -> dict[tuple[Any, ...], tuple[int, ...]]:
    return {
        row[:4]: row[4:]
        for row in Tally.objects.values_list(
            "port_id", "language", "text_language", "revision_number", "sad", "doubtful", "happy"
        )
    }


def test_votes_are_counted_by_revision_and_by_day() -> None:
    cast_many(page(), sad=1, happy=2)
    cast_many(page(), NOW + timedelta(days=1), happy=1)
    cast_many(page(3440, "tr", "en", 2), doubtful=1)
    assert tallying.count_all() == 5
    assert tallies() == {
        (3440, "en", "", 0): (1, 0, 3),
        (3440, "tr", "en", 2): (0, 1, 0),
    }
    by_day = DailyTally.objects.filter(language="en").order_by("day")
    assert [(each.day, each.sad, each.happy) for each in by_day] == [
        (date(2026, 7, 23), 1, 2),
        (date(2026, 7, 24), 0, 1),
    ]
    assert not VoteDelta.objects.exists()
    assert tallying.count_all() == 0


def test_what_is_counted_is_added_to_what_was(django_assert_num_queries: Any) -> None:
    cast_many(page(), sad=1)
    tallying.count_all()
    cast_many(page(), sad=1, happy=1)
    with django_assert_num_queries(8) as asked:
        tallying.count()
    assert [query["sql"].split()[0] for query in asked] == [
        "SAVEPOINT", "DELETE", "SELECT", "INSERT", "WITH", "INSERT", "WITH", "RELEASE",
    ]  # fmt: skip
    assert tallies() == {(3440, "en", "", 0): (2, 0, 1)}


def test_a_changed_vote_is_counted_once_whenever_it_is_changed() -> None:
    first, second = cast(page()), cast(page())
    voting.change(vote_id=first.pk, face=Face.SAD, address="x", now=NOW)
    tallying.count_all()
    assert tallies() == {(3440, "en", "", 0): (1, 0, 1)}
    voting.change(vote_id=second.pk, face=Face.DOUBTFUL, address="x", now=NOW)
    tallying.count_all()
    assert tallies() == {(3440, "en", "", 0): (1, 1, 0)}


def test_many_votes_are_counted_in_several_transactions() -> None:
    cast_many(page(), sad=5)
    assert [tallying.count(most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert tallies() == {(3440, "en", "", 0): (5, 0, 0)}


def revise(
    owner: Document, row: Article, significance: Revision.Significance, **columns: str
) -> int:
    """Publish another English text; the number of its revision."""
    write(row, **columns)
    publishing.save_revision(document=owner, by=editor(), significance=significance)
    approve(owner)
    publishing.publish(document=owner, language=SOURCE, by=editor())
    return owner.editions.select_related("live_revision").get(language="en").live_revision.number


def runs(code: str = "en") -> list[tuple[str, int, Votes]]:
    found = runs_of([(3440, code)])[3440, code]
    return [(run.text_language, run.since_revision, run.votes) for run in found]


def test_a_corrected_typo_keeps_the_tally_running_and_another_text_begins_anew() -> None:
    typo, major = Revision.Significance.TYPO, Revision.Significance.MAJOR
    owner, article = published_article(3440)
    cast_many(in_source(1), happy=3)
    assert revise(owner, article, typo, title_en="The title") == 2
    cast_many(in_source(2), NOW + timedelta(days=1), sad=1)
    assert revise(owner, article, typo, title_en="This title") == 3
    cast_many(in_source(3), NOW + timedelta(days=2), sad=1)
    tallying.count_all()
    assert runs() == [("en", 1, Votes(2, 0, 3))]
    assert revise(owner, article, major, title_en="Another title") == 4
    cast_many(in_source(4), NOW + timedelta(days=3), doubtful=1)
    tallying.count_all()
    assert runs() == [("en", 4, Votes(0, 1, 0)), ("en", 1, Votes(2, 0, 3))]


def test_typos_of_drafts_that_were_something_else_do_not_hide_that() -> None:
    typo, major = Revision.Significance.TYPO, Revision.Significance.MAJOR
    owner, article = published_article(3440)
    cast_many(in_source(1), happy=1)
    write(article, title_en="Another title")
    publishing.save_revision(document=owner, by=editor(), significance=major)  # never live
    assert revise(owner, article, typo, title_en="Another titel") == 3
    cast_many(in_source(3), NOW + timedelta(days=1), sad=1)
    tallying.count_all()
    assert [since for _text, since, _votes in runs()] == [3, 1]


def test_a_translation_is_another_text_than_the_english_one_it_follows() -> None:
    body = "Bu portta kayıtlı hizmet yıllardır görülmüyor. " * 20
    owner, article = published_article(3440)
    cast_many(page(3440, "tr", "en", 1), sad=2)
    write(article, title_tr="Bir başlık", body_tr=body)
    publish(owner, "tr")
    cast_many(page(3440, "tr", "tr", 1), NOW + timedelta(days=1), happy=2)
    write(article, body_tr=f"{body} Yani.")  # a typo's worth
    publish(owner, "tr")
    cast_many(page(3440, "tr", "tr", 2), NOW + timedelta(days=2), happy=1)
    write(article, body_tr="Bambaşka bir metin.")
    publish(owner, "tr")
    cast_many(page(3440, "tr", "tr", 3), NOW + timedelta(days=3), sad=1)
    tallying.count_all()
    assert runs("tr") == [
        ("tr", 3, Votes(1, 0, 0)),
        ("tr", 1, Votes(0, 0, 3)),
        ("en", 1, Votes(2, 0, 0)),
    ]
    assert language("tr").code == "tr"


def publish_tallies() -> int:
    """As a worker does it, and what the web processes see a minute later."""
    told = published.publish()
    published.look_again()
    return told


def question_on(page: str) -> str:
    return page.partition('id="vote-question"')[2].partition("<form")[0]


def test_pages_say_what_was_counted_once_there_is_enough(reader: Any) -> None:
    cast_many(in_source(1, 3441), happy=9)
    cast_many(page(), happy=7, sad=2, doubtful=1)
    tallying.count_all()
    sentence = "7 of 10 readers who answered found this page useful."
    assert sentence not in reader.get("/en/ports/3440/").content.decode()
    assert publish_tallies() == 1
    assert sentence in reader.get("/en/ports/3440/").content.decode()
    for path in ("/tr/ports/3440/", "/en/ports/3441/"):
        assert 'class="vote"' in reader.get(path).content.decode()
        assert "<p>" not in question_on(reader.get(path).content.decode())
    cast_many(page(), happy=5)
    tallying.count_all()
    assert publish_tallies() == 1
    assert "12 of 15 readers who" in reader.get("/en/ports/3440/").content.decode()


def test_what_was_said_of_another_text_is_not_told_any_more() -> None:
    cast_many(page(), happy=12)
    tallying.count_all()
    published.publish()
    cast_many(in_source(1), NOW + timedelta(days=1), happy=3)
    tallying.count_all()
    assert published.publish() == 0
    assert not PublishedTally.objects.exists()


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Tally, {"sad": -1}, "tally_counts"),
        (Tally, {"language": "xx"}, "tally_language_known"),
        (Tally, {"since_revision": 3}, "tally_run_begins_before"),
        (Tally, {}, "tally_once_per_revision|feedback_tally.port_id"),
        (DailyTally, {"happy": -1}, "daily_tally_counts"),
        (DailyTally, {"language": "xx"}, "daily_tally_language_known"),
        (DailyTally, {}, "daily_tally_once|feedback_dailytally.port_id"),
        (PublishedTally, {"doubtful": -1}, "published_tally_counts"),
        (PublishedTally, {"language": "xx"}, "published_tally_language_known"),
        (PublishedTally, {}, "published_tally_once|feedback_publishedtally.port_id"),
    ],
)
def test_the_database_refuses_what_no_tally_can_be(
    model: Any, values: dict[str, Any], constraint: str
) -> None:
    plain: dict[str, Any] = {"port_id": 1, "language": "en"}
    if model is Tally:
        plain |= {"revision_number": 2, "since_revision": 1, "first_vote_on": date(2026, 7, 23)}
    if model is DailyTally:
        plain |= {"day": date(2026, 7, 23)}
    model.objects.create(**plain)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**{**plain, "language": "de", **values} if values else plain)
