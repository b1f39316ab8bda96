"""The timeline on a port's page: the registry's events among the editors'."""

import re
from typing import Any

import pytest
from django.test import Client

from ports.models import Assignment, History
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record, unassigned
from tests.ports.web.pages import get, source, text
from tests.ports.writing import add, document, publish, published_article, write

pytestmark = pytest.mark.django_db

MARK = "From the registry"


def events(reader: Client, number: int, language: str = "en") -> list[tuple[str, str]]:
    """The date of each event and its words."""
    page = source(get(reader, f"/{language}/ports/{number}/"))
    found = re.findall(
        r'<time datetime="([^"]+)">[^<]*</time>(.*?)</li>',
        page.partition('class="timeline"')[2].partition("</ol>")[0],
        re.DOTALL,
    )
    return [
        (date, " ".join(re.sub(r"<[^>]*>", "", words.replace("</p>", " ")).split()))
        for date, words in found
    ]


def register(number: int, **fields: str) -> None:
    Assignment.objects.filter(first_port=number).update(**fields)


def test_a_registration_is_told_once_for_a_name_and_marked_in_words(reader: Client) -> None:
    assert events(reader, 3410) == [("2002-02", f"{MARK} Registered with IANA: networklenss.")]


def test_a_modification_date_is_told(reader: Client) -> None:
    register(3410, modification_date="2010-05-06")
    assert events(reader, 3410)[1] == (
        "2010-05-06",
        f"{MARK} Changed in the registry: networklenss.",
    )


def test_a_modification_that_a_change_tells_is_not_told_twice(reader: Client) -> None:
    register(3410, modification_date="2026-07-20")
    state = made.snapshot("2026-07-23")
    before = record("networklenss", "3410")
    for transport in ("tcp", "udp"):
        made.modified(
            state,
            {**before, "transport": transport},
            {**before, "transport": transport, "modification_date": "2026-07-20", "contact": "[A]"},
        )
    ((date, words),) = events(reader, 3410)[1:]
    assert date == "2026-07-23"
    assert words == (
        f"{MARK} Changed in the registry: networklenss 3410/tcp, 3410/udp. "
        "What differs: contact and modification date. Seen in the registry of July 23, 2026."
    )


def test_a_change_leads_to_the_state_it_was_seen_in(reader: Client, db: None) -> None:
    state = made.snapshot("2026-07-23")
    change = made.added(state, record("new", "10"), before=(unassigned("10"),))
    page = source(get(reader, "/en/ports/10/"))
    assert f'href="/en/changes/?snapshot={state.pk}#change-{change.pk}"' in page
    assert '<meta name="robots" content="noindex">' not in page


def test_changes_of_the_same_state_stand_in_its_order_and_older_ones_before(
    reader: Client, db: None
) -> None:
    old, new = made.snapshot("2026-01-01"), made.snapshot("2026-02-01")
    same_date = made.snapshot("2026-02-01")
    made.added(old, record("a", "10"))
    made.renamed(new, record("a", "10"), record("b", "10"))
    made.added(new, record("c", "10", "udp"))
    made.removed(same_date, record("c", "10", "udp"))
    told = [words.removeprefix(f"{MARK} ").partition(".")[0] for _date, words in events(reader, 10)]
    assert told == [
        "New in the registry: a 10/tcp",
        "Renamed in the registry: a is now b 10/tcp",
        "New in the registry: c 10/udp",
        "Removed from the registry: c 10/udp",
    ]


@pytest.mark.parametrize(
    ("date", "is_told_by_editors_alone"),
    [
        ("2002-02", True),
        ("2002-02-14", True),
        ("2002", False),
        ("2002-03", False),
        ("2002-03-01", False),
    ],
)
def test_where_editors_tell_of_a_registration_theirs_stands_alone(
    reader: Client, date: str, is_told_by_editors_alone: bool
) -> None:
    owner, _article = published_article(3410)
    add(owner, History, date=date, title_en="Told by an editor")
    publish(owner)
    told = events(reader, 3410)
    assert (date, "Told by an editor") in told
    assert (len(told) == 1) == is_told_by_editors_alone


def test_of_two_days_in_a_month_both_are_told(reader: Client) -> None:
    register(3410, registration_date="2002-02-14")
    owner, _article = published_article(3410)
    add(owner, History, date="2002-02-15", title_en="Told by an editor")
    publish(owner)
    assert [date for date, _words in events(reader, 3410)] == ["2002-02-14", "2002-02-15"]


def test_dates_stand_in_order_as_far_as_they_are_known(reader: Client, db: None) -> None:
    register(3410, registration_date="2004-01-20", modification_date="2005-01-02")
    owner, _article = published_article(3410)
    for date in ("2005", "2004-01-26", "2004-01", "2003-12-31", "2004"):
        add(owner, History, date=date, title_en=f"On {date}")
    publish(owner)
    made.added(made.snapshot("2004-12-31"), record("networklenss", "3410"))
    assert [date for date, _words in events(reader, 3410)] == [
        "2003-12-31", "2004", "2004-01", "2004-01-26", "2004-12-31", "2005", "2005-01-02",
    ]  # fmt: skip


def test_a_wide_span_is_told_only_where_something_changed(reader: Client, db: None) -> None:
    made.cut(
        made.snapshot(),
        (unassigned("4461-4483", ""),),
        (unassigned("4461-4470", ""), record("", "4471-4483", description="Reserved")),
    )
    assert events(reader, 4465) == []
    assert "Timeline" not in text(get(reader, "/en/ports/4465/"))
    assert len(events(reader, 4475)) == 1


@pytest.mark.parametrize("number", [10, 3410])
def test_the_feeds_are_linked_with_a_timeline_and_without(reader: Client, number: int) -> None:
    page = source(get(reader, f"/fa/ports/{number}/"))
    head, _tag, body = page.partition("</head>")
    for form, kind in (("atom", "atom+xml"), ("json", "feed+json")):
        address = f"/fa/ports/{number}/feed.{form}"
        assert f'type="application/{kind}"' in head
        assert f'href="{address}">' in head
        assert body.count(f'href="{address}"') == 1


def test_a_page_with_many_events_costs_five_queries(
    reader: Client, django_assert_max_num_queries: Any
) -> None:
    owner = document(3410)
    for year in range(2020, 2026):
        add(owner, History, date=str(year), title_en="Told by an editor")
        made.added(made.snapshot(f"{year}-05-01"), record("networklenss", "3410"))
    publish(owner)
    get(reader, "/tr/ports/3410/")
    with django_assert_max_num_queries(5):
        assert len(events(reader, 3410, "tr")) == 13


def test_events_of_the_same_date_stand_as_editors_put_them(reader: Client, db: None) -> None:
    owner, _article = published_article(3410)
    first = add(owner, History, date="2010", title_en="One", position=1)
    add(owner, History, date="2010", title_en="Two", position=2)
    publish(owner)
    assert [words for date, words in events(reader, 3410) if date == "2010"] == ["One", "Two"]
    write(first, position=3)
    publish(owner)
    assert [words for date, words in events(reader, 3410) if date == "2010"] == ["Two", "One"]
