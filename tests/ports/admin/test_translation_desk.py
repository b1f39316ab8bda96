"""The translation desk: what a translator sees there, what is saved, and what is refused."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from ports import publishing
from ports.models import FAQ, Article, Edition, GlossaryTerm, History, Source, User, WorkEvent
from tests.ports.admin.forms import Form, shown
from tests.ports.admin.staff import with_roles
from tests.ports.admin.test_document_form import errors, messages
from tests.ports.writing import (
    add,
    approve,
    document,
    gloss,
    language,
    person,
    publish,
    save,
    usage,
    write,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/ports/port/3440/translate/tr/"


@pytest.fixture
def article(db: None) -> Article:
    """An article in English, with its Turkish translation, and a question without one."""
    owner = document(3440)
    row = add(owner, Article, title_en="A quiet port", body_en="It says {service 3440/tcp}.",
              title_tr="Sessiz bir port", body_tr="{service 3440/tcp} der.")  # fmt: skip
    add(owner, FAQ, question_en="Why?", answer_en="Because.")
    save(owner)
    found: Article = row
    return found


@pytest.fixture
def translator(article: Article) -> Client:
    return with_roles("anna", "translator:tr")


def name(row: Any, text: str) -> str:
    return f"{row.uuid}-{text}"


def column(row: Any, column: str) -> str:
    return str(type(row)._default_manager.values_list(column, flat=True).get(pk=row.pk))


def latest(code: str) -> Any:
    edition = Edition.objects.select_related("latest_revision__source_revision").get(language=code)
    return edition.latest_revision


def text_of(page: str, field: str) -> str:
    """What stands on the page about a field, without the marks of HTML."""
    whole = page.partition("translating-part")[2]
    found = [
        block
        for block in whole.split('<div class="translating-text"')
        if f'id="id_{field}"' in block
    ]
    assert len(found) == 1, field
    return unescape(re.sub(r"<[^>]*>|\s+", " ", found[0]))


def get(client: Client, address: str = DESK) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def change_english(row: Any, **columns: str) -> None:
    write(row, **columns)
    save(document(3440))


def test_every_text_stands_beside_the_english_one_in_the_order_of_the_document(
    translator: Client, article: Article
) -> None:
    page = get(translator)
    places = [page.index(f'id="id_{name(article, text)}"') for text in ("title", "body")]
    places.append(page.index(f'id="id_{name(FAQ.objects.get(), "question")}"'))
    assert places == sorted(places)
    assert '<div class="text" lang="en" dir="auto">It says {service 3440/tcp}.</div>' in page
    control = re.search(rf'<textarea[^>]*name="{name(article, "body")}"[^>]*>', page)
    assert control is not None
    assert 'lang="tr"' in control[0]
    assert 'dir="ltr"' in control[0]
    assert f'id="id_{name(article, "lesson")}"' not in page, "there is nothing to translate"


def test_an_arabic_translation_is_typed_from_right_to_left(article: Article) -> None:
    page = get(with_roles("ali", "translator:ar"), DESK.replace("/tr/", "/ar/"))
    control = re.search(rf'<textarea[^>]*name="{name(article, "body")}"[^>]*>', page)
    assert control is not None
    assert 'lang="ar"' in control[0]
    assert 'dir="rtl"' in control[0]
    assert "Nothing has been written yet" in page


def test_only_what_was_changed_is_saved_and_in_one_language(
    translator: Client, article: Article
) -> None:
    response = Form(translator, DESK).fill(**{name(article, "title"): "Sakin"}).save()
    assert "Saved as a draft: Türkçe." in messages(response)
    assert column(article, "title_tr") == "Sakin"
    assert column(article, "title_en") == column(article, "title") == "A quiet port"
    assert [latest("tr").number, latest("en").number] == [2, 1]
    assert latest("tr").created_by.username == "anna"
    response = Form(translator, DESK).save()
    assert "Nothing was changed, so no revision was made." in messages(response)
    assert latest("tr").number == 2


@pytest.mark.parametrize(
    ("roles", "answer", "may_type"),
    [
        (["translator:tr"], 302, True),
        (["translator:de"], 403, False),
        (["reviewer"], 403, False),
        (["writer"], 403, False),
    ],
)
def test_others_than_translators_of_the_language_can_read_only(
    article: Article, roles: list[str], answer: int, may_type: bool
) -> None:
    client = with_roles("ben", *roles)
    page = get(client)
    assert ("<textarea" in page) is may_type
    assert "Sessiz bir port" in page
    numbers = {"base": "1", "source": "1"}
    assert client.post(DESK, numbers).status_code == answer, "who may not save need not try"
    assert client.post(DESK, {**numbers, name(article, "title"): "Değişti"}).status_code == answer
    assert (column(article, "title_tr") == "Değişti") is may_type


def test_who_has_no_role_and_what_there_is_not_are_refused(
    translator: Client, client: Client
) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(DESK).status_code == 403
    for address in (
        DESK.replace("/tr/", "/en/"),
        DESK.replace("/tr/", "/xx/"),
        DESK.replace("3440", "3441"),
        DESK.replace("3440", "none"),
    ):
        assert translator.get(address).status_code == 404, address


def test_what_changed_in_english_is_marked_word_by_word(
    translator: Client, article: Article
) -> None:
    change_english(article, title_en="A busy port")
    page = get(translator)
    assert "<del>quiet</del><ins>busy</ins> port" in page
    assert "changed in English" in text_of(page, name(article, "title"))
    assert "changed in English" not in text_of(page, name(article, "body"))
    assert "Beside the English draft: Behind by changes" in page


def test_parts_that_are_new_and_texts_that_are_not_translated_are_marked(
    translator: Client, article: Article
) -> None:
    event = add(document(3440), History, date="2002", title_en="An event", text_en="")
    save(document(3440))
    page = get(translator)
    assert "new, not translated" in text_of(page, name(event, "title"))
    question = text_of(page, name(FAQ.objects.get(), "question"))
    assert "not translated" in question
    assert "new, not translated" not in question
    todo = page.partition('id="todo"')[2].partition("</section>")[0]
    assert f'href="#id_{name(event, "title")}"' in todo
    assert f'href="#id_{name(article, "title")}"' not in todo


def test_only_what_needs_work_is_shown_where_that_is_asked_for(
    translator: Client, article: Article
) -> None:
    page = get(translator, f"{DESK}?show=todo")
    question = FAQ.objects.get()
    assert f'name="{name(question, "answer")}"' in page
    assert f'name="{name(article, "title")}"' not in page
    form = Form(translator, f"{DESK}?show=todo")
    form.fill(**{name(question, "question"): "Neden?"}).save()
    assert column(question, "question_tr") == "Neden?"
    assert column(article, "title_tr") == "Sessiz bir port", "what was not sent was not emptied"


def test_a_save_in_step_takes_the_marks_away_and_one_that_is_not_leaves_them(
    translator: Client, article: Article
) -> None:
    change_english(article, title_en="A busy port")
    form = Form(translator, DESK)
    assert "in_step" not in form.values, "nobody says without meaning it that it is in step"
    response = form.fill(**{name(article, "body"): "{service 3440/tcp} diyor."}).save()
    assert "without saying that it is in step" in messages(response)[1]
    assert "changed in English" in text_of(get(translator), name(article, "title"))

    form = Form(translator, DESK).tick("in_step")
    form.fill(**{name(article, "title"): "İşlek bir port"}).save()
    assert "<ins>" not in get(translator)
    assert latest("tr").source_revision.number == 2
    assert "in_step" in Form(translator, DESK).values


def test_still_correct_needs_no_new_revision(translator: Client, article: Article) -> None:
    assert 'value="still_correct"' not in get(translator)
    change_english(article, title_en="A quiet port!")
    assert 'value="still_correct"' in get(translator)
    response = Form(translator, DESK).fill(action="still_correct").save()
    assert messages(response) == ["Found still correct: Türkçe."]
    assert latest("tr").number == 1
    assert WorkEvent.objects.get().source_revision.number == 2  # type: ignore[union-attr]
    assert 'value="still_correct"' not in get(translator)


def test_ticking_the_box_and_changing_nothing_says_the_same(
    translator: Client, article: Article
) -> None:
    change_english(article, title_en="A quiet port!")
    response = Form(translator, DESK).tick("in_step").save()
    assert messages(response) == ["Found still correct: Türkçe."]


def test_still_correct_loses_nothing_that_was_typed(translator: Client, article: Article) -> None:
    change_english(article, title_en="A busy port")
    form = Form(translator, DESK).fill(action="still_correct")
    response = form.fill(**{name(article, "title"): "İşlek"}).save()
    assert "You have changed texts" in response.content.decode()
    assert shown(response)[name(article, "title")] == "İşlek"
    assert not WorkEvent.objects.exists()


def test_in_step_is_said_of_the_english_text_that_was_seen(
    translator: Client, article: Article
) -> None:
    form = Form(translator, DESK)
    change_english(article, title_en="A busy port")
    form.fill(**{name(article, "title"): "Sakin bir port"}).save()
    assert latest("tr").source_revision.number == 1
    assert "changed in English" in text_of(get(translator), name(article, "title"))


@pytest.mark.parametrize("how", ["in step", "submit"])
def test_what_is_missing_is_named_at_its_text_and_nothing_is_saved(
    translator: Client, article: Article, how: str
) -> None:
    form = Form(translator, DESK).tick("in_step", on=how == "in step")
    form.fill(action="submit" if how == "submit" else "save")
    form.fill(**{name(article, "body"): "Bir şey der.", name(article, "title"): "Sakin"})
    response = form.save()
    page = response.content.decode()
    assert "Nothing was saved." in page
    assert "{service 3440/tcp}" in "".join(errors(response))
    assert "{service 3440/tcp}" in text_of(page, name(article, "body")).partition("(Türkçe)")[2]
    assert shown(response)[name(article, "body")] == "Bir şey der."
    assert shown(response)[name(article, "title")] == "Sakin"
    assert column(article, "title_tr") == "Sessiz bir port"
    assert latest("tr").number == 1


def test_without_the_box_what_is_missing_is_saved_and_told(
    translator: Client, article: Article
) -> None:
    form = Form(translator, DESK).tick("in_step", on=False)
    response = form.fill(**{name(article, "body"): "Bir şey der."}).save()
    assert "Saved as a draft: Türkçe." in messages(response)
    assert column(article, "body_tr") == "Bir şey der."
    told = text_of(response.content.decode(), name(article, "body")).partition("(Türkçe)")[2]
    assert "{service 3440/tcp}" in told
    assert "faulty" in text_of(response.content.decode(), name(article, "body"))


@pytest.mark.parametrize("typed", ["{nothing 3440/tcp}", "So.[^none]"])
def test_faults_stand_at_their_text(translator: Client, article: Article, typed: str) -> None:
    form = Form(translator, DESK).tick("in_step", on=False)
    response = form.fill(**{name(article, "body"): typed, name(article, "title"): "Sakin"}).save()
    own = text_of(response.content.decode(), name(article, "body")).partition("(Türkçe)")[2]
    assert "Line 1" in own
    assert shown(response)[name(article, "body")] == typed
    assert column(article, "title_tr") == "Sessiz bir port"


@pytest.mark.parametrize("typed", ["a\0b", "x" * 201])
def test_what_cannot_be_stored_is_refused_at_its_text(
    translator: Client, article: Article, typed: str
) -> None:
    response = Form(translator, DESK).fill(**{name(article, "title"): typed}).save()
    assert response.status_code == 200
    assert len(errors(response)) == 1
    assert column(article, "title_tr") == "Sessiz bir port"


@pytest.mark.parametrize("number", ["", "99", "x", "٣", "9" * 30])
def test_numbers_that_no_form_sends_lose_nothing(
    translator: Client, article: Article, number: str
) -> None:
    form = Form(translator, DESK).fill(base=number, source=number)
    response = form.fill(**{name(article, "title"): "Sakin"}).save()
    assert response.status_code == 200
    assert "Somebody else changed this text" in response.content.decode()
    assert column(article, "title_tr") == "Sessiz bir port"


def test_save_and_submit(translator: Client, article: Article) -> None:
    form = Form(translator, DESK).fill(action="submit")
    response = form.fill(**{name(article, "title"): "Sakin"}).save()
    assert messages(response)[-1] == "Submitted for review: Türkçe."
    edition = Edition.objects.get(language="tr")
    assert edition.work == Edition.Work.IN_REVIEW
    assert Edition.objects.get(language="en").work == Edition.Work.DRAFT


class TestTwoTranslators:
    """Two at the same time."""

    @pytest.fixture
    def other(self) -> Client:
        return with_roles("ben", "translator:tr")

    def test_two_texts_are_both_kept(
        self, translator: Client, other: Client, article: Article
    ) -> None:
        anna, ben = Form(translator, DESK), Form(other, DESK)
        anna.fill(**{name(article, "title"): "Anna'nın"}).save()
        response = ben.fill(**{name(article, "body"): "{service 3440/tcp} Ben'in."}).save()
        assert "Saved as a draft: Türkçe." in messages(response)
        assert column(article, "title_tr") == "Anna'nın"
        assert column(article, "body_tr") == "{service 3440/tcp} Ben'in."

    def test_a_real_conflict_shows_all_three_and_saves_nothing(
        self, translator: Client, other: Client, article: Article
    ) -> None:
        question = FAQ.objects.get()
        anna, ben = Form(translator, DESK), Form(other, DESK)
        anna.fill(**{name(article, "title"): "Anna'nın", name(question, "answer"): "Öyle."}).save()
        ben.fill(**{name(article, "title"): "Ben'in", name(question, "question"): "Neden?"})
        response = ben.save()
        page = response.content.decode()
        told = text_of(page, name(article, "title"))
        assert "Sessiz bir port" in told.partition("When you opened it")[2]
        assert "Anna'nın" in told.partition("They wrote")[2]
        assert column(article, "title_tr") == "Anna'nın"
        assert column(question, "question_tr") in ("", "None")
        ben.values = shown(response)
        assert ben.values[name(article, "title")] == "Ben'in"
        assert ben.values[name(question, "question")] == "Neden?"
        assert ben.values[name(question, "answer")] == "Öyle.", "what Anna wrote elsewhere"

        # Ben has seen it: saving again decides.
        response = ben.save()
        assert "Saved as a draft: Türkçe." in messages(response)
        assert column(article, "title_tr") == "Ben'in"
        assert column(question, "question_tr") == "Neden?"
        assert column(question, "answer_tr") == "Öyle."

    def test_a_third_save_in_between_is_a_conflict_again(
        self, translator: Client, other: Client, article: Article
    ) -> None:
        ben = Form(other, DESK)
        Form(translator, DESK).fill(**{name(article, "title"): "Bir"}).save()
        ben.values = shown(ben.fill(**{name(article, "title"): "Ben"}).save())
        Form(translator, DESK).fill(**{name(article, "title"): "İki"}).save()
        response = ben.save()
        assert "İki" in text_of(response.content.decode(), name(article, "title"))
        assert column(article, "title_tr") == "İki"

    def test_the_same_change_is_no_conflict(
        self, translator: Client, other: Client, article: Article
    ) -> None:
        anna, ben = Form(translator, DESK), Form(other, DESK)
        for form in (anna, ben):
            form.fill(**{name(article, "title"): "Aynı"})
            assert "Somebody else" not in form.save().content.decode()
        assert latest("tr").number == 2

    def test_nobody_submits_what_they_have_not_seen(
        self, translator: Client, other: Client, article: Article
    ) -> None:
        ben = Form(other, DESK).fill(action="submit")
        Form(translator, DESK).fill(**{name(article, "title"): "Anna'nın"}).save()
        response = ben.save()
        assert "Somebody else saved this translation meanwhile" in response.content.decode()
        assert Edition.objects.get(language="tr").work == Edition.Work.DRAFT
        ben.values = shown(response)
        assert ben.values[name(article, "title")] == "Anna'nın"
        assert "Submitted for review: Türkçe." in messages(ben.fill(action="submit").save())


def test_a_part_that_was_withdrawn_meanwhile_loses_no_text(
    translator: Client, article: Article
) -> None:
    question = FAQ.objects.get()
    form = Form(translator, DESK).fill(**{name(question, "answer"): "Öyle."})
    publishing.save_revision(document=document(3440), by=person("w", "writer"))
    FAQ.objects.update(removed_at="2026-01-01T00:00Z")
    save(document(3440))
    response = form.save()
    assert "Saved as a draft: Türkçe." in messages(response)
    assert column(question, "answer_tr") == "Öyle."


def test_agreed_terms_stand_beside_the_texts_they_occur_in(
    translator: Client, article: Article
) -> None:
    for key, term, turkish in (("port", "Port", "kapı"), ("or", "or", "veya"), ("x", "x", "y")):
        GlossaryTerm.objects.create(
            key=key, term_en=term, term_tr=turkish, note_en=f"About {term}", note_tr=""
        )
    page = get(translator)
    panel = page.partition('<details class="module translating-glossary">')[2]
    panel = panel.partition("</details>")[0]
    assert "kapı" in panel
    assert '<bdi lang="en" dir="ltr">About Port</bdi>' in panel
    assert "veya" not in panel, "no part of a word is a word"


@pytest.mark.parametrize("what", ["usage", "gloss"])
def test_usages_and_glosses_are_translated_alike(db: None, what: str) -> None:
    if what == "usage":
        owner, row = usage(name="MyDoom", kind="malware", first_port=3127, last_port=3198,
                           description_en="A worm.")  # fmt: skip
        text = "description"
    else:
        owner, row = gloss(service_name="ssh", text_en="A shell.")
        text = "text"
    save(owner)
    desk = f"/admin/ports/{what}/{row.pk}/translate/id/"
    form = Form(with_roles("ida", "translator:id"), desk)
    form.fill(**{name(row, text): "Cacing."}).save()
    assert column(row, f"{text}_ind") == "Cacing."
    assert latest("id").texts == {str(row.uuid): {text: "Cacing."}}


def test_the_publishing_page_leads_to_the_desk(translator: Client, article: Article) -> None:
    page = get(translator, "/admin/ports/port/3440/publishing/")
    assert f'href="{DESK}"' in page
    assert "/translate/en/" not in page


def test_a_long_document_costs_few_queries(
    article: Article, django_assert_max_num_queries: Any
) -> None:
    owner = document(3440)
    for number in range(20):
        add(owner, FAQ, question_en=f"Question {number}?", answer_en="Because.", answer_tr="Öyle.")
        add(owner, History, date="2002", title_en=f"Event {number}", text_en="So.", text_tr="Öyle.")
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    publish(owner)
    approve(owner, "tr")
    publishing.publish(document=owner, language=language("tr"), by=person("p", "publisher"))
    FAQ.objects.rewrite(False).update(question_en="Another question?")
    save(owner)
    GlossaryTerm.objects.create(key="port", term_en="port", note_en="")
    client = with_roles("anna", "translator:tr")
    with django_assert_max_num_queries(15):
        page = get(client)
    assert page.count("<ins>") == 21, "the question of the fixture is one of them"
    assert page.count('<div class="translating-text"') > 80
