"""Work items in the admin: who sees them, what they say, and what becomes of them there."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ports import publishing, work_items
from ports.models import Article, Document, Revision, WorkItem
from ports.work_items.registry_changes import open_for_snapshots
from tests.ports import registry_changes as made
from tests.ports.admin.forms import Form
from tests.ports.admin.staff import member_of_staff, with_roles
from tests.ports.registry_changes import record
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    gloss,
    language,
    person,
    publish,
    published_article,
    usage,
    write_text,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/ports/workitem/"
HOSTILE = "<script>alert(1)</script>"


def page_of(item: WorkItem) -> str:
    return f"{LIST}{item.pk}/change/"


def opened(owner: Document, code: str = "en", **fields: Any) -> WorkItem:
    item = work_items.open_item(
        document=owner,
        language=language(code),
        **{
            "kind": WorkItem.Kind.REVIEW_DATE,
            "cause": "2026-11-01",
            "severity": WorkItem.Severity.LOW,
            **fields,
        },
    )
    assert item is not None
    return item


@pytest.fixture
def item() -> WorkItem:
    """An open item in English."""
    return opened(published_article(3440)[0])


def names(page: str) -> list[str]:
    """What the items of a list are about."""
    return re.findall(r'class="field-about"><a [^>]*><bdi>(.*?)</bdi>', page)


def listed(person_: Client, query: str = "") -> list[str]:
    return names(person_.get(f"{LIST}{query}").content.decode())


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.partition('id="content-main"')[2]).split())


def test_items_are_seen_by_everybody_with_a_role_and_by_nobody_else(item: WorkItem) -> None:
    for address in (LIST, page_of(item)):
        assert member_of_staff("view_workitem", "change_workitem").get(address).status_code == 403
        assert with_roles("tr", "translator:tr").get(address).status_code == 200


def test_nobody_adds_or_deletes_an_item(admin_client: Client, item: WorkItem) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{item.pk}/delete/", {"post": "yes"}).status_code == 403
    assert WorkItem.objects.exists()


def test_the_list_begins_with_what_is_open_in_ones_own_languages_the_weightiest_first() -> None:
    opened(document(50))
    opened(document(60), "tr", severity=WorkItem.Severity.MEDIUM)
    opened(document(70), "tr", severity=WorkItem.Severity.HIGH)
    closed = opened(document(80), "tr")
    work_items.close(item=closed, outcome=WorkItem.Outcome.DONE, note="", by=editor())
    assert listed(with_roles("tr", "translator:tr")) == ["70", "60"]
    assert listed(with_roles("wr", "writer")) == ["50"]
    assert listed(with_roles("rev", "reviewer")) == ["70", "60", "50"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=closed", ["90"]),
        ("state=all", ["50", "70", "90"]),
        ("kind=readers", ["70"]),
        ("language=tr", ["60"]),
        ("language=all", ["50", "60", "70"]),
        ("owner=me", ["50"]),
        ("owner=nobody", ["70"]),
        ("language=%00", ["50", "70"]),
        ("state=nonsense&kind=%D9%A3", ["50", "70"]),
    ],
)
def test_the_list_is_filtered(query: str, found: list[str]) -> None:
    writer = with_roles("wr", "writer")
    mine = opened(document(50))
    work_items.assign(item=mine, owner=person("wr"), due_on=None, note="", by=person("wr"))
    opened(document(60), "tr")
    opened(document(70), kind=WorkItem.Kind.READERS)
    closed = opened(document(90))
    work_items.close(item=closed, outcome=WorkItem.Outcome.DONE, note="", by=person("wr"))
    assert listed(writer, f"?{query}") == found


def test_a_filter_that_somebody_makes_up_is_refused(item: WorkItem) -> None:
    assert with_roles("wr", "writer").get(f"{LIST}?cause=%00").status_code == 400


def test_items_about_usages_and_services_are_named_and_lead_to_their_pages() -> None:
    a_usage, row = usage(
        name="A worm", kind="malware", first_port=50, last_port=60, description_en="Bad."
    )
    a_gloss, word = gloss(service_name="CL/1", text_en="Old.")
    writer = with_roles("wr", "writer")
    for owner, name, form, page in (
        (a_usage, "A worm", f"/admin/ports/usage/{row.pk}/", "/en/ports/50/"),
        (a_gloss, "CL/1", f"/admin/ports/gloss/{word.pk}/", "/en/services/cl/1/"),
    ):
        publish(owner)
        item = opened(owner)
        assert name in listed(writer)
        shown = writer.get(page_of(item)).content.decode()
        for address in (f"{form}change/", f"{form}publishing/", page):
            assert f'href="{address}"' in shown
            assert writer.get(address).status_code == 200


def test_a_change_of_the_registry_is_shown_before_and_after() -> None:
    published_article(3440, body="As {service 3440/tcp} is.")
    made.modified(
        made.snapshot(),
        record("nss", "3440", description=HOSTILE, assignee="[Ann]"),
        record("nss", "3440", description=f"{HOSTILE} ", assignee="[Ben]"),
    )
    open_for_snapshots()
    page = with_roles("tr", "translator:tr").get(page_of(WorkItem.objects.get())).content.decode()
    told = text_of(page)
    assert "The registry says something else of what this document is about." in told
    assert "of what its texts cite, in: English." in told
    rows = re.findall('<tr(?: class="differs")?>.*?</tr>', page, re.DOTALL)
    (assignee,) = [row for row in rows if ">Assignee<" in row]
    assert re.findall("<td[^>]*>(.*?)</td>", assignee) == ["[Ann]", "[Ben]", "changed"]
    (description,) = [row for row in rows if ">Description<" in row]
    assert re.findall("<td[^>]*>(.*?)</td>", description)[-1] == ""
    assert HOSTILE not in page


def test_a_translation_that_is_behind_says_by_how_much() -> None:
    owner = document(3440)
    article = add(owner, Article, title_en="A title", body_en="A story.", body_tr="Öykü.")
    publish(owner, "en", "tr")
    write_text(article, "body", "en", "Another story.")
    publishing.save_revision(document=owner, by=editor(), significance=Revision.Significance.MAJOR)
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())
    page = with_roles("tr", "translator:tr").get(page_of(WorkItem.objects.get())).content.decode()
    assert "Behind by important changes" in page
    assert "Revision 2 of the English text is what readers see now." in page
    assert 'href="/tr/ports/3440/"' in page


@pytest.mark.parametrize("kind", WorkItem.Kind)
def test_items_of_every_kind_can_be_opened(kind: WorkItem.Kind) -> None:
    item = opened(published_article(3440)[0], kind=kind)
    page = with_roles("wr", "writer").get(page_of(item)).content.decode()
    assert str(kind.label) in page


def test_an_item_is_given_away_saved_and_closed(item: WorkItem) -> None:
    person("ann", "writer")
    person("tr", "translator:tr")
    writer = with_roles("wr", "writer")
    form = Form(writer, page_of(item))
    owners = writer.get(page_of(item)).content.decode()
    assert ">ann</option>" in owners
    assert ">tr</option>" not in owners
    answer = form.fill(owner=str(person("ann").pk), due_on="2026-12-24", note="Ask Ann.").save_as(
        "save"
    )
    assert "Saved: 3440." in answer.content.decode()
    item.refresh_from_db()
    assert (str(item.owner), str(item.due_on), item.note) == ("ann", "2026-12-24", "Ask Ann.")
    answer = Form(writer, page_of(item)).fill(note="Mended.").save_as("done")
    assert "Closed: 3440." in answer.content.decode()
    assert names(answer.content.decode()) == []
    item.refresh_from_db()
    assert (item.outcome, item.note, str(item.closed_by)) == ("done", "Mended.", "wr")
    assert str(item.owner) == "ann"
    assert "Mended." in writer.get(page_of(item)).content.decode()


def test_there_may_be_nothing_to_do(item: WorkItem) -> None:
    Form(with_roles("wr", "writer"), page_of(item)).save_as("nothing_to_do")
    item.refresh_from_db()
    assert item.outcome == "nothing_to_do"


@pytest.mark.parametrize("action", ["save", "done", "nothing_to_do"])
def test_who_has_no_role_in_its_language_can_do_nothing_to_it(item: WorkItem, action: str) -> None:
    translator = with_roles("tr", "translator:tr")
    assert 'name="action"' not in translator.get(page_of(item)).content.decode()
    values = {"action": action, "note": "Mine.", "seen": work_items.state_of(item)}
    assert translator.post(page_of(item), values).status_code == 403
    assert member_of_staff("change_workitem").post(page_of(item), values).status_code == 403
    item.refresh_from_db()
    assert (item.outcome, item.note) == ("", "")


@pytest.mark.parametrize("action", ["save", "done"])
def test_who_comes_too_late_is_told_so_and_loses_nothing(item: WorkItem, action: str) -> None:
    form = Form(with_roles("wr", "writer"), page_of(item)).fill(note="All that I typed.")
    work_items.close(
        item=item, outcome=WorkItem.Outcome.NOTHING_TO_DO, note="Is fine.", by=editor()
    )
    answer = form.save_as(action)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has closed it meanwhile" in page
    assert "All that I typed.</textarea>" in page
    assert "Is fine." in page
    assert 'name="action"' not in page
    item.refresh_from_db()
    assert (item.outcome, item.note) == ("nothing_to_do", "Is fine.")


def test_who_saves_second_sees_what_the_first_wrote_and_may_replace_it(item: WorkItem) -> None:
    writer = with_roles("wr", "writer")
    late = Form(writer, page_of(item)).fill(note="Ben's note.")
    Form(with_roles("ann", "writer"), page_of(item)).fill(note="Ann's note.").save_as("save")
    answer = late.save_as("done")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ann&#x27;s note." in page
    assert "Ben&#x27;s note.</textarea>" in page
    item.refresh_from_db()
    assert (item.outcome, item.note) == ("", "Ann's note.")
    late.read(answer)
    late.save_as("done")
    item.refresh_from_db()
    assert (item.outcome, item.note) == ("done", "Ben's note.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"owner": "999999"},
        {"owner": "\0"},
        {"due_on": "tomorrow"},
        {"note": "a\0b"},
        {"note": "x" * 2001},
        {"seen": ""},
        {"action": "explode"},
    ],
)
def test_what_cannot_be_saved_is_told_and_stays_as_it_was_typed(
    item: WorkItem, wrong: dict[str, str]
) -> None:
    values = {"action": "save", "note": "Typed.", "seen": work_items.state_of(item), **wrong}
    answer = with_roles("wr", "writer").post(page_of(item), values)
    assert answer.status_code == (409 if "seen" in wrong else 200)
    assert re.search('class="errorlist|messagelist', answer.content.decode())
    item.refresh_from_db()
    assert (item.owner, item.due_on, item.note) == (None, None, "")


def test_an_item_that_there_is_not_is_not_found(item: WorkItem) -> None:
    writer = with_roles("wr", "writer")
    for pk in ("999999", "x", "%00"):
        assert writer.post(f"{LIST}{pk}/change/", {"action": "save"}).status_code == 404


def test_the_publishing_page_lists_the_open_items(item: WorkItem) -> None:
    opened(document(50))
    closed = opened(item.document, cause="2026-10-01")
    work_items.close(item=closed, outcome=WorkItem.Outcome.DONE, note="", by=editor())
    page = with_roles("wr", "writer").get("/admin/ports/port/3440/publishing/").content.decode()
    assert re.findall(f'href="{LIST}(\\d+)/', page) == [str(item.pk)]


PUBLISHING = "/admin/ports/port/3440/publishing/"


def plan(somebody: Client, day: object) -> Any:
    values = {"action": "plan_review", "review_on": str(day)}
    return somebody.post(PUBLISHING, values, follow=True)


def test_a_day_is_planned_on_the_publishing_page_and_called_off(item: WorkItem) -> None:
    writer, day = with_roles("wr", "writer"), timezone.now().date() + timedelta(days=9)
    assert 'name="review_on"' in writer.get(PUBLISHING).content.decode()
    assert "Planned to be looked at again on this day" in plan(writer, day).content.decode()
    assert Document.objects.get(pk=item.document_id).review_on == day
    assert f'value="{day}"' in writer.get(PUBLISHING).content.decode()
    for wrong in ("2020-01-01", "soon", "\0"):
        assert "the day must not be past" in plan(writer, wrong).content.decode()
    assert Document.objects.get(pk=item.document_id).review_on == day
    plan(writer, "")
    assert Document.objects.get(pk=item.document_id).review_on is None


def test_who_has_no_role_in_english_plans_no_day(item: WorkItem) -> None:
    translator = with_roles("tr", "translator:tr")
    assert 'name="review_on"' not in translator.get(PUBLISHING).content.decode()
    assert plan(translator, timezone.now().date()).status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_and_an_item_cost_few_queries(
    django_assert_max_num_queries: Callable[[int], Any], count: int
) -> None:
    for number in range(count):
        owner, _article = published_article(40_000 + number, body="[[3440]]")
    state = made.snapshot()
    for number in range(count):
        made.modified(
            state, record("nss", "3440"), record("nss", "3440", assignee=f"[Ann{number}]")
        )
    open_for_snapshots()
    for item in WorkItem.objects.all():
        work_items.assign(item=item, owner=editor(), due_on=None, note="", by=editor())
    writer = with_roles("wr", "writer")
    with django_assert_max_num_queries(8):
        assert len(listed(writer)) == count
    with django_assert_max_num_queries(9):
        writer.get(page_of(WorkItem.objects.get(document=owner)))
