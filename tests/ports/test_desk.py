"""What waits for an editor stands in the order of reads, weight and age."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from ports import publishing
from ports.desk import desk_of
from ports.languages import SOURCE
from ports.models import Article, Document, PageReads, User, WorkItem
from ports.work_items import assign, close, open_item
from tests.ports.writing import add, document, editor, language, person, save, usage

pytestmark = pytest.mark.django_db

Severity = WorkItem.Severity


def submitted(number: int) -> Document:
    """The article of a port, waiting for a review."""
    owner = document(number)
    add(owner, Article, title_en=f"Port {number}")
    save(owner)
    publishing.submit(document=owner, language=SOURCE, number=1, by=editor())
    return owner


def read(number: int, code: str, count: int, *, days_ago: int = 0) -> None:
    day = timezone.now().date() - timedelta(days=days_ago)
    PageReads.objects.create(port_id=number, language=code, day=day, count=count)


def names(user: User) -> list[str]:
    return [entry.name for entry in desk_of(user).waiting]


def item(
    owner: Document, code: str = "en", severity: Severity = Severity.LOW, days: int = 0
) -> WorkItem:
    opened = open_item(
        document=owner,
        language=language(code),
        kind=WorkItem.Kind.REVIEW_DATE,
        cause=f"{code} {severity} {days}",
        severity=severity,
    )
    assert opened is not None
    WorkItem.objects.filter(pk=opened.pk).update(opened_at=opened.opened_at - timedelta(days=days))
    return opened


def test_what_is_read_most_comes_first() -> None:
    for number in (7001, 7002, 7003):
        submitted(number)
    read(7002, "en", 5)
    read(7003, "en", 2)
    read(7003, "tr", 9)  # readers of translations read what the English text says
    reviewer = person("rev", "reviewer")
    assert names(reviewer) == ["7003", "7002", "7001"]
    assert [entry.reads for entry in desk_of(reviewer).waiting] == [11, 5, 0]


def test_reads_of_long_ago_do_not_count() -> None:
    submitted(7001)
    submitted(7002)
    read(7001, "en", 1000, days_ago=29)
    read(7002, "en", 1, days_ago=28)
    assert names(person("rev", "reviewer")) == ["7002", "7001"]


def test_a_translation_counts_the_reads_in_its_language() -> None:
    owner = submitted(7001)
    item(owner, "tr")
    read(7001, "en", 50)
    read(7001, "tr", 3)
    assert [entry.reads for entry in desk_of(person("t", "translator:tr")).waiting] == [3]


def test_a_usage_counts_the_reads_of_the_ports_it_stands_on() -> None:
    owner, _row = usage(
        name="A worm", kind="malware", first_port=7001, last_port=7003, description_en="It spreads."
    )
    item(owner)
    for number in (7000, 7001, 7003, 7004):
        read(number, "en", 10)
    assert [entry.reads for entry in desk_of(person("w", "writer")).waiting] == [20]


def test_weight_and_age_count_like_reads() -> None:
    light, heavy, old = (submitted(number) for number in (7001, 7002, 7003))
    item(light, severity=Severity.LOW, days=1)
    item(heavy, severity=Severity.HIGH, days=1)
    item(old, severity=Severity.LOW, days=9)
    writer = person("w", "writer")
    assert names(writer) == ["7003", "7002", "7001"]
    read(7001, "en", 9)
    assert names(writer) == ["7001", "7003", "7002"]


def test_only_the_languages_of_ones_roles_are_listed() -> None:
    owner = submitted(7001)
    item(owner, "tr")
    item(owner, "de")
    assert [entry.language.code for entry in desk_of(person("t", "translator:tr")).waiting] == [
        "tr"
    ]
    assert desk_of(User.objects.create_user("nobody", is_staff=True)).waiting == []


def test_what_is_somebody_elses_or_closed_is_not_listed() -> None:
    owner = submitted(7001)
    mine, theirs, done = (item(owner, days=days) for days in (1, 2, 3))
    writer, other = person("w", "writer"), person("o", "writer")
    due = datetime(2030, 5, 1, tzinfo=UTC).date()
    assign(item=mine, owner=writer, due_on=due, note="", by=other)
    assign(item=theirs, owner=other, due_on=None, note="", by=other)
    close(item=done, outcome=WorkItem.Outcome.DONE, note="", by=other)
    assert [entry.due_on for entry in desk_of(writer).waiting] == [due]


def test_a_long_list_says_how_much_there_is() -> None:
    owner = submitted(7001)
    for days in range(60):
        item(owner, days=days)
    found = desk_of(person("w", "writer"))
    assert (len(found.waiting), found.in_all) == (50, 60)


def test_whoever_wrote_the_latest_revision_is_not_asked_to_review_it() -> None:
    both = person("both", "writer", "reviewer")
    owner = document(7001)
    add(owner, Article, title_en="Port 7001")
    publishing.save_revision(document=owner, by=both)
    publishing.submit(document=owner, language=SOURCE, number=1, by=both)
    assert names(both) == []
    assert names(person("rev", "reviewer")) == ["7001"]
