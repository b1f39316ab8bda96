"""Two editors at once: each one's text stays, and who would overwrite another's is told first."""

import html
import re

import pytest
from django.test import Client

from ports.models import FAQ, Article, Assessment, Edition, History, Revision, User
from tests.ports.admin.forms import Form, shown
from tests.ports.admin.test_document_form import errors
from tests.ports.writing import add, document, published_article, save

pytestmark = pytest.mark.django_db

PORT = "/admin/ports/port/3440/change/?language=tr&language=de"


def signed_in(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser(name))
    return client


@pytest.fixture
def editors(db: None) -> tuple[Client, Client]:
    owner, _article = published_article(3440, body_tr="Bir öykü.", body_de="Eine Geschichte.")
    add(owner, FAQ, question_en="Why?", answer_en="So.")
    add(owner, History, date="2002-03", title_en="An event")
    save(owner)
    return signed_in("anna"), signed_in("ben")


def columns(*names: str) -> dict[str, object]:
    return Article.objects.values(*names).get()


def test_two_translators_do_not_touch_each_others_language(editors: tuple[Client, Client]) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.fill(**{"articles-0-body_tr": "Anna'nın öyküsü."})
    ben.fill(**{"articles-0-body_de": "Bens Geschichte."})
    assert errors(anna.save()) == []
    assert errors(ben.save()) == []
    assert columns("body_en", "body_tr", "body_de") == {
        "body_en": "A story.",
        "body_tr": "Anna'nın öyküsü.",
        "body_de": "Bens Geschichte.",
    }


def test_two_fields_of_one_language_are_both_kept(editors: tuple[Client, Client]) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.fill(**{"articles-0-title_en": "Anna's title"}).save()
    ben.fill(**{"articles-0-body_en": "Ben's story."})
    assert errors(ben.save()) == []
    assert columns("title_en", "body_en") == {
        "title_en": "Anna's title",
        "body_en": "Ben's story.",
    }


def test_structure_and_text_are_both_kept(editors: tuple[Client, Client]) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.fill(**{"histories-0-date": "1999"}).tick("faqs-0-withdrawn")
    assert errors(anna.save()) == []
    ben.fill(**{"histories-0-title_en": "Ben's event"})
    assert errors(ben.save()) == []
    history = History.objects.values("date", "title_en").get()
    assert history == {"date": "1999", "title_en": "Ben's event"}
    assert FAQ.objects.get().removed_at is not None


def test_a_real_conflict_shows_both_texts_and_saves_neither_over_the_other(
    editors: tuple[Client, Client],
) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.fill(**{"articles-0-body_tr": "Anna'nın öyküsü.", "articles-0-title_de": "Annas Titel"})
    anna.save()
    ben.fill(**{"articles-0-body_tr": "Ben'in öyküsü."})
    response = ben.save()
    assert any("Anna&#x27;nın öyküsü." in error for error in errors(response))
    assert "Ben&#x27;in öyküsü." in response.content.decode()
    assert columns("body_tr") == {"body_tr": "Anna'nın öyküsü."}

    # Ben has seen it, brings both together and saves again; Anna's German title stays hers.
    ben.values = shown(response)
    ben.fill(**{"articles-0-body_tr": "Anna ile Ben'in öyküsü."})
    assert errors(ben.save()) == []
    assert columns("body_tr", "title_de") == {
        "body_tr": "Anna ile Ben'in öyküsü.",
        "title_de": "Annas Titel",
    }
    kept = [
        text["body"]
        for revision in Revision.objects.filter(edition__language="tr").order_by("number")
        for text in revision.texts.values()
    ]
    assert kept == ["Bir öykü.", "Anna'nın öyküsü.", "Anna ile Ben'in öyküsü."]


def test_a_third_save_in_between_is_a_conflict_again(editors: tuple[Client, Client]) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.fill(**{"articles-0-body_tr": "Bir."}).save()
    response = ben.fill(**{"articles-0-body_tr": "Ben."}).save()
    ben.values = shown(response)
    Form(editors[0], PORT).fill(**{"articles-0-body_tr": "İki."}).save()
    response = ben.save()
    assert any("İki." in error for error in errors(response))
    assert columns("body_tr") == {"body_tr": "İki."}


def test_the_same_change_by_both_is_no_conflict(editors: tuple[Client, Client]) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    for form in (anna, ben):
        form.fill(**{"articles-0-body_tr": "Aynı."})
        assert errors(form.save()) == []
    edition = Edition.objects.select_related("latest_revision").get(language="tr")
    assert edition.latest_revision.number == 2  # type: ignore[union-attr]


def test_parts_that_another_editor_added_stay(editors: tuple[Client, Client]) -> None:
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.add("faqs", question_en="Anna's?", answer_en="Yes.")
    assert errors(anna.save()) == []
    ben.add("faqs", question_en="Ben's?", answer_en="Yes.")
    assert errors(ben.save()) == []
    assert set(FAQ.objects.values_list("question_en", flat=True)) == {"Why?", "Anna's?", "Ben's?"}


def test_an_article_that_both_begin_is_begun_once(db: None) -> None:
    anna, ben = (Form(signed_in(name), PORT) for name in ("anna", "ben"))
    assert errors(anna.fill(**{"articles-0-title_en": "Anna's"}).save()) == []
    response = ben.fill(**{"articles-0-title_en": "Ben's"}).save()
    assert errors(response) != []
    assert "Ben&#x27;s" in response.content.decode()
    assert list(Article.objects.values_list("title_en", flat=True)) == ["Anna's"]


def test_a_source_withdrawn_while_another_cites_it_stops_the_save_and_loses_nothing(
    db: None,
) -> None:
    from ports.models import Source

    owner, _article = published_article(3440)
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    save(owner)
    anna, ben = (Form(signed_in(name), PORT) for name in ("anna", "ben"))
    assert errors(anna.tick("sources-0-withdrawn").save()) == []
    response = ben.fill(**{"articles-0-body_en": "So.[^rfc]"}).save()
    assert any("[^rfc]" in error for error in errors(response))
    assert "So.[^rfc]" in response.content.decode()
    assert columns("body_en") == {"body_en": "A story."}


def versions(response: object) -> list[tuple[str, str]]:
    """The versions of a field that a conflict shows: what stands above each, and the text."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return [
        (summary, text)
        for summary, text in re.findall(
            r'<details class="version" open><summary>(.*?)</summary><div class="text"[^>]*>(.*?)'
            r"</div></details>",
            page,
            re.DOTALL,
        )
    ]


def test_a_conflict_shows_what_was_there_and_who_wrote_what_and_keeps_mine_in_the_field(
    editors: tuple[Client, Client],
) -> None:
    ben = Form(editors[1], PORT)
    # Dora's came first, and Anna's in its place.
    Form(signed_in("dora"), PORT).fill(**{"articles-0-body_en": "Dora's story."}).save()
    anna = Form(editors[0], PORT)
    theirs = "Anna's <b>story</b>.\n\nIn two paragraphs."
    anna.fill(**{"articles-0-body_en": theirs.replace("\n", "\r\n")}).save()
    # Somebody else saves something else in between: the text is still Anna's.
    Form(signed_in("cem"), PORT).fill(**{"articles-0-title_en": "Cem's title"}).save()
    response = ben.fill(**{"articles-0-body_en": "Ben's story."}).save()
    (was, base), (who, now) = versions(response)
    assert (was, base) == ("When you opened the form:", "A story.")
    assert who.startswith("anna, ")
    assert html.unescape(now) == theirs
    assert "<b>" not in now
    assert shown(response)["articles-0-body_en"] == "Ben's story."


def test_the_versions_of_a_text_carry_its_language_and_direction(
    editors: tuple[Client, Client],
) -> None:
    arabic = "/admin/ports/port/3440/change/?language=ar"
    anna, ben = (Form(editor, arabic) for editor in editors)
    anna.fill(**{"articles-0-body_ar": "قصة آنا."}).save()
    response = ben.fill(**{"articles-0-body_ar": "قصة بن."}).save()
    page = response.content.decode()
    assert '<div class="text" lang="ar" dir="rtl">قصة آنا.</div>' in page
    (_was, base), (_who, _theirs) = versions(response)
    assert base == "<em>empty</em>"


def test_a_conflict_of_a_choice_is_told_in_words(
    editors: tuple[Client, Client],
) -> None:
    owner = document(3440)
    add(owner, Assessment, level="low", as_of="2026", expected_en="Nothing.")
    save(owner)
    anna, ben = (Form(editor, PORT) for editor in editors)
    anna.fill(**{"assessments-0-level": "high"}).save()
    response = ben.fill(**{"assessments-0-level": "medium"}).save()
    (_was, base), (who, theirs) = versions(response)
    assert (base, theirs) == ("Little reason to worry", "Reason to worry")
    assert who.startswith("anna, ")
    assert shown(response)["assessments-0-level"] == "medium"
