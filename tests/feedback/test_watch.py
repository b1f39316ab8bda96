"""Pages that readers are not satisfied with open one work item, which says why."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from feedback import follow_ups, tallying, watch
from feedback.models import FollowUp
from ports.models import WorkItem
from tests.feedback.voters import NOW, cast, cast_many, in_source, page, receipt
from tests.ports.admin.staff import with_roles

pytestmark = pytest.mark.django_db

TODAY = (NOW + timedelta(days=1)).date()


def look() -> int:
    tallying.count_all()
    return watch.open_items(TODAY)


def items() -> list[WorkItem]:
    return list(WorkItem.objects.filter(kind=WorkItem.Kind.READERS).order_by("id"))


def evidence() -> dict[str, Any]:
    (item,) = items()
    return item.evidence


def say_wrong(count: int, shown: Any = None) -> None:
    for number in range(count):
        vote = cast(shown or page(), "sad", address=f"198.51.100.{number}")
        follow_ups.follow_up(
            receipt=receipt(vote), reason="wrong", comment="", is_trapped=False, address="x",
            now=NOW,
        )  # fmt: skip


def test_thirty_bad_votes_after_a_revision_open_one_item_that_shows_before_and_after() -> None:
    cast_many(in_source(1), NOW - timedelta(days=9), happy=25, doubtful=3, sad=2)
    assert look() == 0
    cast_many(in_source(2), sad=30)
    assert look() == 1
    assert look() == 0, "the same text opens no second one"
    assert evidence() == {
        "reasons": ["below_median", "dropped"],
        "before": [2, 3, 25],
        "after": [30, 0, 0],
        "revision": 2,
        "median": 0.5,
        "wrong": 0,
        "address": "/admin/feedback/tally/3440/en/",
    }
    (item,) = items()
    assert (item.language, item.document.port_id) == ("en", 3440)
    cast_many(in_source(2), sad=10)
    say_wrong(3, in_source(2))
    assert look() == 0
    cast_many(in_source(3), NOW + timedelta(hours=13), sad=12)
    assert look() == 1, "another text opens another one"


def test_two_bad_votes_open_none() -> None:
    cast_many(in_source(1), NOW - timedelta(days=9), happy=30)
    cast_many(in_source(2), sad=2)
    assert look() == 0
    assert items() == []


def test_a_page_is_measured_by_the_sites_median() -> None:
    for number in range(1, 12):
        cast_many(page(number), happy=18, sad=2)
    cast_many(page(100), happy=14, sad=16)
    cast_many(page(101), happy=26, sad=4)
    assert look() == 1
    assert evidence()["median"] == 0.9
    assert items()[0].document.port_id == 100


def test_a_drop_is_told_even_above_the_median() -> None:
    for number in range(1, 12):
        cast_many(page(number), happy=2, sad=10)
    cast_many(in_source(1), NOW - timedelta(days=9), happy=40)
    cast_many(in_source(2), happy=10, sad=10)
    assert look() == 1
    assert evidence()["reasons"] == ["dropped"]


def test_three_reports_that_something_is_wrong_are_enough() -> None:
    say_wrong(2)
    assert look() == 0
    say_wrong(1)
    assert look() == 1
    (item,) = items()
    assert item.severity == WorkItem.Severity.HIGH
    assert evidence()["reasons"] == ["wrong"]
    assert evidence()["wrong"] == 3


def test_spam_and_reports_of_an_earlier_text_do_not_count() -> None:
    say_wrong(3)
    FollowUp.objects.update(state="spam")
    assert look() == 0
    FollowUp.objects.update(state="new")
    cast_many(in_source(1), NOW + timedelta(hours=13), happy=1)
    assert look() == 0


def test_pages_on_which_nobody_voted_lately_are_left_alone() -> None:
    cast_many(page(), sad=30)
    tallying.count_all()
    assert watch.open_items(TODAY + timedelta(days=9)) == 0


def test_the_item_says_it_in_words_and_leads_to_the_chart() -> None:
    cast_many(in_source(1), NOW - timedelta(days=9), happy=1_000, doubtful=3, sad=2)
    cast_many(in_source(2), sad=30)
    say_wrong(3, in_source(2))
    look()
    client = with_roles("w", "writer")
    shown = client.get(f"/admin/ports/workitem/{items()[0].pk}/change/").content.decode()
    words = " ".join(re.sub("<[^>]+>", " ", shown.partition('id="content-main"')[2]).split())
    for sentence in (
        "Readers say that this page is of little use, or wrong.",
        "below the middle of this site’s pages, which is 50.",
        "worse than before the text was changed",
        "3 readers say that something is wrong.",
        "Before: 1,000 yes, 3 partly, 2 no",
        "Since revision 2: 0 yes, 0 partly, 33 no",
    ):
        assert sentence in words
    link = re.search(r'href="([^"]+)">The readers’ answers over time', shown)
    assert link is not None
    assert client.get(link[1]).status_code == 200


def test_nobody_is_troubled_while_nobody_votes(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert watch.open_items(TODAY) == 0
