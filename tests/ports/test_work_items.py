"""Work items: opened once, given away, closed, and gone again when their cause is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ports import publishing, roles, work_items
from ports.languages import LANGUAGES
from ports.models import Article, Document, Revision, User, WorkItem
from ports.work_items import stale_translations
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    person,
    publish,
    reviewer,
    save,
    write_text,
)

pytestmark = pytest.mark.django_db

MEDIUM, HIGH = WorkItem.Severity.MEDIUM, WorkItem.Severity.HIGH
Significance = Revision.Significance
TODAY = timezone.now().date()


@pytest.fixture
def owner() -> Document:
    """An article that is live in English, Turkish and German."""
    made = document(3440)
    texts = {f"{field}_{code}": "A text." for field in ("title", "body") for code in ("tr", "de")}
    add(made, Article, title_en="A title", body_en="A story.", **texts)
    publish(made, "en", "tr", "de")
    return made


def change(owner: Document, significance: Significance, text: str) -> None:
    """Change the English text and publish it."""
    write_text(Article.objects.get(), "body", "en", text)
    publishing.save_revision(document=owner, by=editor(), significance=significance)
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())


def stale(code: str = "tr") -> list[tuple[str, int, str]]:
    """The items of a translation: cause, severity and outcome, the oldest first."""
    items = WorkItem.objects.filter(kind="stale_translation", language=code).order_by("id")
    return [(item.cause, item.severity, item.outcome) for item in items]


def still_correct(owner: Document, source_number: int) -> None:
    publishing.still_correct(
        document=owner, language=language("tr"), number=1, source_number=source_number, by=editor()
    )


@pytest.mark.parametrize(
    ("significance", "severity"),
    [(Significance.TYPO, None), (Significance.MEDIUM, MEDIUM), (Significance.MAJOR, HIGH)],
)
def test_a_translation_that_falls_behind_is_put_in_front_of_its_translators(
    owner: Document, significance: Significance, severity: int | None
) -> None:
    change(owner, significance, "Another story.")
    for code in ("tr", "de"):
        assert stale(code) == ([("source revision 2", severity, "")] if severity else [])
    assert not WorkItem.objects.filter(language="en").exists()


def test_a_second_change_raises_the_item_and_opens_no_other(owner: Document) -> None:
    change(owner, Significance.MEDIUM, "Another story.")
    change(owner, Significance.MAJOR, "A third story.")
    change(owner, Significance.TYPO, "A third story!")
    assert stale() == [("source revision 4", HIGH, "")]


def test_the_item_goes_away_with_its_cause(owner: Document) -> None:
    change(owner, Significance.MAJOR, "Another story.")
    still_correct(owner, 2)
    assert stale("tr") == [("source revision 2", HIGH, "went_away")]
    assert stale("de") == [("source revision 2", HIGH, "")], "that of another language stays"
    change(owner, Significance.MEDIUM, "A third story.")
    assert stale("tr")[1:] == [("source revision 3", MEDIUM, "")]


def test_a_translation_made_anew_closes_the_item_once_it_is_published(owner: Document) -> None:
    change(owner, Significance.MEDIUM, "Another story.")
    write_text(Article.objects.get(), "body", "tr", "Yeni öykü.")
    save(owner)
    assert stale() == [("source revision 2", MEDIUM, "")]
    publish(owner, "tr")
    assert stale() == [("source revision 2", MEDIUM, "went_away")]


@pytest.mark.parametrize("code", ["tr", "en"])
def test_what_nobody_sees_any_more_needs_no_work_until_it_is_shown_again(
    owner: Document, code: str
) -> None:
    change(owner, Significance.MEDIUM, "Another story.")
    publishing.unpublish(document=owner, language=language(code), by=editor())
    assert stale() == [("source revision 2", MEDIUM, "went_away")]
    for each in dict.fromkeys((code, "tr")):
        publishing.publish(document=owner, language=language(each), by=editor())
    assert stale() == [("source revision 2", MEDIUM, "")]


def test_what_an_editor_closed_is_not_opened_again_by_the_same_cause(owner: Document) -> None:
    change(owner, Significance.MEDIUM, "Another story.")
    change(owner, Significance.MEDIUM, "A third story.")
    item = WorkItem.objects.get(language="tr")
    work_items.close(item=item, outcome=WorkItem.Outcome.NOTHING_TO_DO, note="", by=editor())
    publishing.unpublish(document=owner, language=language("de"), by=editor())
    publishing.publish(document=owner, language=language("de"), by=editor())
    assert stale() == [("source revision 3", MEDIUM, "nothing_to_do")]
    change(owner, Significance.MEDIUM, "A fourth story.")
    assert stale()[1:] == [("source revision 4", MEDIUM, "")]


def test_a_day_can_be_planned_by_everybody_with_a_role_in_english(owner: Document) -> None:
    for role in ("writer", "reviewer:en", "publisher"):
        publishing.plan_review(document=owner, on=TODAY, by=person(role, role))
    for role in ("translator", "reviewer:tr"):
        with pytest.raises(PermissionDenied):
            publishing.plan_review(document=owner, on=TODAY, by=person(role, role))


def test_a_day_that_is_past_cannot_be_planned(owner: Document) -> None:
    with pytest.raises(publishing.WrongTimeError):
        publishing.plan_review(document=owner, on=TODAY - timedelta(days=1), by=editor())
    owner.refresh_from_db()
    assert owner.review_on is None


def test_an_item_is_opened_once_when_the_day_has_come(owner: Document) -> None:
    day = TODAY + timedelta(days=30)
    publishing.plan_review(document=owner, on=day, by=editor())
    assert publishing.open_due_reviews() == 0
    assert publishing.open_due_reviews(day + timedelta(days=1)) == 1
    assert publishing.open_due_reviews(day + timedelta(days=1)) == 0
    item = WorkItem.objects.get()
    assert (item.kind, item.language, item.severity) == ("review_date", "en", 1)
    assert item.cause == day.isoformat()
    owner.refresh_from_db()
    assert owner.review_on is None


def test_a_day_that_was_called_off_opens_nothing(owner: Document) -> None:
    publishing.plan_review(document=owner, on=TODAY, by=editor())
    publishing.plan_review(document=owner, on=None, by=editor())
    assert publishing.open_due_reviews() == 0


@pytest.fixture
def item(owner: Document) -> WorkItem:
    """An open item in Turkish."""
    opened = work_items.open_item(
        document=owner,
        language=language("tr"),
        kind=WorkItem.Kind.READERS,
        cause="readers 2026",
        severity=MEDIUM,
    )
    assert opened is not None
    return opened


def test_the_same_cause_opens_no_second_item(owner: Document, item: WorkItem) -> None:
    same = {"kind": item.kind, "cause": item.cause, "severity": HIGH, "document": owner}
    assert work_items.open_item(language=language("tr"), **same) is None  # type: ignore[arg-type]
    assert work_items.open_item(language=language("de"), **same) is not None  # type: ignore[arg-type]


def test_an_item_is_given_to_somebody_with_a_role_in_its_language(item: WorkItem) -> None:
    due = date(2026, 12, 1)
    translator = person("tr", "translator:tr")
    work_items.assign(item=item, owner=translator, due_on=due, note=" Look. ", by=reviewer())
    item.refresh_from_db()
    assert (item.owner, item.due_on, item.note) == (translator, due, "Look.")
    for by, to in ((person("de", "translator:de"), translator), (reviewer(), person("de"))):
        with pytest.raises(PermissionDenied):
            work_items.assign(item=item, owner=to, due_on=None, note="", by=by)


def test_who_did_not_see_the_last_change_overwrites_nothing(item: WorkItem) -> None:
    seen = work_items.state_of(item)
    work_items.assign(item=item, owner=None, due_on=None, note="One.", by=editor(), seen=seen)
    with pytest.raises(work_items.ItemChangedError):
        work_items.assign(item=item, owner=None, due_on=None, note="Two.", by=editor(), seen=seen)
    item.refresh_from_db()
    assert item.note == "One."


def test_an_item_is_closed_once(item: WorkItem) -> None:
    with pytest.raises(PermissionDenied):
        work_items.close(
            item=item, outcome=WorkItem.Outcome.DONE, note="", by=person("w", "writer")
        )
    work_items.close(item=item, outcome=WorkItem.Outcome.DONE, note="Mended.", by=editor())
    with pytest.raises(work_items.ItemClosedError):
        work_items.close(item=item, outcome=WorkItem.Outcome.NOTHING_TO_DO, note="", by=reviewer())
    with pytest.raises(work_items.ItemClosedError):
        work_items.assign(item=item, owner=None, due_on=None, note="Late.", by=reviewer())
    item.refresh_from_db()
    assert (item.outcome, item.note, item.closed_by) == ("done", "Mended.", editor())


def test_the_people_of_a_language_are_those_who_may_work_on_its_items() -> None:
    made = [
        person(role or "nobody", *filter(None, [role]))
        for role in ("", "writer", "translator", "translator:tr", "translator:de", "reviewer:tr",
                     "publisher:en")
    ]  # fmt: skip
    made.append(User.objects.create_superuser("root"))
    made.append(User.objects.create_superuser("left", is_active=False))
    for code in ("en", "tr", "de"):
        may = {each for each in made if roles.has_one_in(each, language(code))}
        assert set(roles.people(language(code))) == may
    assert {each.username for each in roles.people(language("tr"))} == {
        "translator", "translator:tr", "reviewer:tr", "root",
    }  # fmt: skip


def test_all_translations_of_a_document_are_followed_in_a_few_queries(
    owner: Document, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    behind = {each.code: "medium" for each in LANGUAGES if each.code != "en"}
    for number, how in ((2, behind), (3, behind), (4, {**behind, "tr": ""})):
        with django_assert_max_num_queries(7):
            stale_translations.follow(owner, how, source_number=number)
    assert WorkItem.objects.filter(outcome="", cause="source revision 4").count() == 23
    assert stale("tr") == [("source revision 3", MEDIUM, "went_away")]
