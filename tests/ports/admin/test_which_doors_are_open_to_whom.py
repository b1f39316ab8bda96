"""Through which door who may change what: the whole table, written out, over HTTP.

`test_who_may_do_what` has the actions on editions, in every state.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from ports import comments, work_items
from ports.models import (
    FAQ,
    Article,
    Comment,
    Document,
    Edition,
    GlossaryTerm,
    PublicationEvent,
    Revision,
    User,
    WorkEvent,
    WorkItem,
)
from tests.ports.admin.forms import Form
from tests.ports.writing import (
    add,
    document,
    editor,
    every_column,
    language,
    person,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PORT: Final = "/admin/ports/port/4444/"
FORM: Final = f"{PORT}change/?language=tr"
DESK: Final = f"{PORT}translate/tr/"

PEOPLE: Final = {
    "nobody": (),
    "a writer": ("writer",),
    "a translator into Turkish": ("translator:tr",),
    "a translator into German": ("translator:de",),
    "a translator": ("translator",),
    "a reviewer of English": ("reviewer:en",),
    "a reviewer of Turkish": ("reviewer:tr",),
    "a reviewer": ("reviewer",),
    "a publisher of English": ("publisher:en",),
    "a publisher of Turkish": ("publisher:tr",),
    "a publisher": ("publisher",),
}
# In the order of PEOPLE, then of a superuser, who has every role. x: done; o: opened, and nothing
# done; -: forbidden.
TABLE: Final = {
    "open the form": "- o o o o o o o o o o o",
    "open the publishing page": "- o o o o o o o o o o o",
    "open the preview": "- o o o o o o o o o o o",
    "open the desk": "- o o o o o o o o o o o",
    "open the matrix": "- o o o o o o o o o o o",
    "open the list of work items": "- o o o o o o o o o o o",
    "open the glossary": "- o o o o o o o o o o o",
    "take a translation away": "- o o o o o o o o o o o",
    "open the page to bring it back": "- - o - o - - - - - - o",
    "write English in the form": "- x o o o - - - - - - x",
    "write Turkish in the form": "- o x o x - - - - - - x",
    "add a question in the form": "- x o o o - - - - - - x",
    "withdraw a question in the form": "- x o o o - - - - - - x",
    "delete the article": "- - - - - - - - - - - -",
    "delete articles from the list": "- o o o o o o o o o o o",
    "write Turkish at the desk": "- - x - x - - - - - - x",
    "find Turkish still correct": "- - x - x - - - - - - x",
    "bring Turkish back as a file": "- - x - x - - - - - - x",
    "comment on the English text": "- x - - - x - x x - x x",
    "comment on the Turkish text": "- x x - x - x x - x x x",
    "answer about the Turkish text": "- x x - x - x x - x x x",
    "settle about the Turkish text": "- x x - x - x x - x x x",
    "reopen about the English text": "- x - - - x - x x - x x",
    "assign an item on English": "- x - - - x - x x - x x",
    "assign an item on Turkish": "- - x - x - x x - x x x",
    "close an item on English": "- x - - - x - x x - x x",
    "close an item on Turkish": "- - x - x - x x - x x x",
    "delete an item": "- - - - - - - - - - - -",
    "plan a review": "- x - - - x - x x - x x",
    "change an English term": "- x o o o - - - - - - x",
    "change a Turkish term": "- o x o x - - - - - - x",
    "add a term": "- x - - - - - - - - - x",
    "delete a term": "- - - - - - - - - - - -",
}


class Made(NamedTuple):
    """What there is to be changed, and the forms as a superuser's browser shows them."""

    owner: Document
    form: dict[str, str]
    desk: dict[str, str]
    term: dict[str, str]
    new_term: dict[str, str]
    article: Article
    english: Comment
    turkish: Comment
    item_en: WorkItem
    item_tr: WorkItem
    glossary: GlossaryTerm


def opened(owner: Document, code: str) -> WorkItem:
    item = work_items.open_item(
        document=owner, language=language(code), kind=WorkItem.Kind.REVIEW_DATE,
        cause="2026-11-01", severity=WorkItem.Severity.LOW,
    )  # fmt: skip
    assert item is not None
    return item


def commented(owner: Document, code: str) -> Comment:
    revision = Revision.objects.filter(edition__document=owner, edition__language=code).latest("id")
    return comments.add(revision=revision, text="Which one?", by=editor())


@pytest.fixture
def made(admin_client: Client) -> Made:
    """A live article in English and Turkish, the English changed since."""
    owner = document(4444)
    article = add(owner, Article, title_en="A title", title_tr="Bir başlık")
    add(owner, FAQ, question_en="Why?", answer_en="Because.", position=10)
    publish(owner, "en", "tr")
    opened_form = Form(admin_client, FORM)
    opened_form.fill(**{field(opened_form.values, "title_en"): "A better title"}).save()
    english, turkish = commented(owner, "en"), commented(owner, "tr")
    comments.settle(thread=english, by=editor())
    term = GlossaryTerm.objects.create(
        key="daemon", term="daemon", term_en="daemon", term_tr="artalan"
    )
    return Made(
        owner,
        Form(admin_client, FORM).values,
        Form(admin_client, DESK).values,
        Form(admin_client, f"/admin/ports/glossaryterm/{term.pk}/change/?language=tr").values,
        Form(admin_client, "/admin/ports/glossaryterm/add/?language=tr").values,
        article,
        english,
        turkish,
        opened(owner, "en"),
        opened(owner, "tr"),
        term,
    )


def everything() -> list[Any]:
    """All that could have been changed."""
    models = (Document, Edition, Revision, WorkEvent, PublicationEvent, Article, FAQ, Comment,
              WorkItem, GlossaryTerm)  # fmt: skip
    return [every_column(model._default_manager.order_by("pk")) for model in models]


def field(values: dict[str, str], end: str) -> str:
    """The name of the only field of a form that ends so."""
    found = [name for name in values if name.endswith(end) and "initial" not in name]
    assert len(found) == 1, (end, found)
    return found[0]


def added_question(form: dict[str, str]) -> dict[str, str]:
    prefix = field(form, "-0-question_en").removesuffix("-0-question_en")
    return {
        f"{prefix}-TOTAL_FORMS": "2",
        f"{prefix}-1-id": "",
        f"{prefix}-1-position": "20",
        f"{prefix}-1-question_en": "And then?",
        f"{prefix}-1-answer_en": "Then this.",
    }


def withdrawn_question(form: dict[str, str]) -> dict[str, str]:
    return {field(form, "-0-question_en").removesuffix("question_en") + "withdrawn": "on"}


def tries(made: Made) -> dict[str, Callable[[Client], Any]]:
    """What is sent through each door."""
    form, desk, terms = made.form, made.desk, "/admin/ports/glossaryterm/"
    title_en, title_tr = field(form, "title_en"), field(form, "title_tr")
    own_term = f"{terms}{made.glossary.pk}/change/?language=tr"
    items = "/admin/ports/workitem/"

    def comment(code: str) -> Callable[[Client], Any]:
        number = (
            Revision.objects.filter(edition__document=made.owner, edition__language=code)
            .latest("id")
            .number
        )
        data = {"action": "begin", "language": code, "number": number, "about": "", "text": "Hm."}
        return lambda who: who.post(f"{PORT}comments/", data)

    def in_thread(action: str, thread: Comment, code: str) -> Callable[[Client], Any]:
        data = {"action": action, "language": code, "thread": thread.pk, "text": ""}
        if action == "answer":
            data["text"] = "This one."
        return lambda who: who.post(f"{PORT}comments/", data)

    def work_on(action: str, item: WorkItem) -> Callable[[Client], Any]:
        data = {"action": action, "note": "Seen.", "seen": work_items.state_of(item)}
        return lambda who: who.post(f"{items}{item.pk}/change/", data)

    def send_file(who: Client) -> Any:
        file = SimpleUploadedFile("port-4444.tr.po", made_file.encode())
        return who.post(f"{DESK}po/", {"file": file})

    reader = Client()
    reader.force_login(person("for the file", "translator:tr"))
    made_file = reader.get(f"{DESK}po/").content.decode()
    assert "#, fuzzy" in made_file, "the English text was changed since"
    made_file = made_file.replace("#, fuzzy\n", "").replace("Bir başlık", "Daha iyi başlık")
    return {
        "open the form": lambda who: who.get(FORM),
        "open the publishing page": lambda who: who.get(f"{PORT}publishing/"),
        "open the preview": lambda who: who.get(f"{PORT}preview/tr/"),
        "open the desk": lambda who: who.get(DESK),
        "open the matrix": lambda who: who.get("/admin/ports/document/matrix/"),
        "open the list of work items": lambda who: who.get(items),
        "open the glossary": lambda who: who.get(terms),
        "take a translation away": lambda who: who.get(f"{DESK}po/"),
        "open the page to bring it back": lambda who: who.get(f"{DESK}import/"),
        "write English in the form": lambda who: who.post(
            FORM, {**form, title_en: "Another title"}
        ),
        "write Turkish in the form": lambda who: who.post(FORM, {**form, title_tr: "Başka"}),
        "add a question in the form": lambda who: who.post(FORM, {**form, **added_question(form)}),
        "withdraw a question in the form": lambda who: who.post(
            FORM, {**form, **withdrawn_question(form)}
        ),
        "delete the article": lambda who: who.post(f"{PORT}delete/", {"post": "yes"}),
        "delete articles from the list": lambda who: who.post(
            "/admin/ports/port/",
            {"action": "delete_selected", "_selected_action": "4444", "post": "yes"},
        ),
        "write Turkish at the desk": lambda who: who.post(
            DESK, {**desk, f"{made.article.uuid}-title": "Başka", "action": "save"}
        ),
        "find Turkish still correct": lambda who: who.post(
            DESK, {**desk, "in_step": "on", "action": "save"}
        ),
        "bring Turkish back as a file": send_file,
        "comment on the English text": comment("en"),
        "comment on the Turkish text": comment("tr"),
        "answer about the Turkish text": in_thread("answer", made.turkish, "tr"),
        "settle about the Turkish text": in_thread("settle", made.turkish, "tr"),
        "reopen about the English text": in_thread("reopen", made.english, "en"),
        "assign an item on English": work_on("save", made.item_en),
        "assign an item on Turkish": work_on("save", made.item_tr),
        "close an item on English": work_on("done", made.item_en),
        "close an item on Turkish": work_on("nothing_to_do", made.item_tr),
        "delete an item": lambda who: who.post(
            f"{items}{made.item_en.pk}/delete/", {"post": "yes"}
        ),
        "plan a review": lambda who: who.post(
            f"{PORT}publishing/", {"action": "plan_review", "review_on": "2999-01-01"}
        ),
        "change an English term": lambda who: who.post(
            own_term, {**made.term, field(made.term, "term_en"): "demon"}
        ),
        "change a Turkish term": lambda who: who.post(
            own_term, {**made.term, field(made.term, "term_tr"): "iblis"}
        ),
        "add a term": lambda who: who.post(
            f"{terms}add/?language=tr", {**made.new_term, field(made.new_term, "term_en"): "knock"}
        ),
        "delete a term": lambda who: who.post(
            f"{terms}{made.glossary.pk}/delete/", {"post": "yes"}
        ),
    }


def found_at(door: Callable[[Client], Any], who: Client, before: list[Any]) -> str:
    """What comes of it; which is taken back."""
    with transaction.atomic():
        status = door(who).status_code
        is_done = everything() != before
        transaction.set_rollback(True)
    if status == 403 and not is_done:
        return "-"
    if status in (200, 302, 303):
        return "x" if is_done else "o"
    return f"{status}{' and something was done' if is_done else ''}"


def test_every_door_is_open_to_those_it_is_written_for(made: Made, admin_client: Client) -> None:
    clients = {name: Client() for name in PEOPLE}
    for name, roles in PEOPLE.items():
        clients[name].force_login(person(name, *roles))
    clients["a superuser"] = admin_client
    doors = tries(made)
    assert doors.keys() == TABLE.keys()
    before = everything()
    found = {
        name: " ".join(found_at(door, who, before) for who in clients.values())
        for name, door in doors.items()
    }
    assert found == TABLE


def test_no_door_is_open_to_somebody_who_is_no_member_of_staff(made: Made) -> None:
    was = person("was", "writer", "translator", "reviewer", "publisher")
    User.objects.filter(pk=was.pk).update(is_staff=False)
    left, stranger = Client(), Client()
    left.force_login(was)
    for name, door in tries(made).items():
        for who in (left, stranger):
            before = everything()
            answer = door(who)
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/admin/login/?next="), name
            assert everything() == before, name
