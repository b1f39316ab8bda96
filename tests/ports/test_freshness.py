"""How far a translation is behind its source, and what readers are told of it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from ports import publishing
from ports.models import FAQ, Article, Document, Edition, Revision
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    person,
    publish,
    save,
    write,
    write_text,
)

pytestmark = pytest.mark.django_db

NOTICE = "The English text has changed in an important way since this translation was made"
Significance = Revision.Significance


@pytest.fixture
def owner() -> Document:
    """An article that is live in English and Turkish."""
    made = document(3440)
    add(made, Article, title_en="A title", body_en="A story.", title_tr="Başlık", body_tr="Öykü.")
    publish(made, "en", "tr")
    return made


def change(owner: Document, significance: Significance, text: str = "Another story.") -> None:
    """Change the English text and publish it."""
    write_text(Article.objects.get(), "body", "en", text)
    publishing.save_revision(document=owner, by=editor(), significance=significance)
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())


def turkish(owner: Document) -> Edition:
    return Edition.objects.select_related("latest_revision").get(document=owner, language="tr")


def number(owner: Document, code: str) -> int:
    edition = Edition.objects.select_related("latest_revision").get(document=owner, language=code)
    assert edition.latest_revision is not None
    return edition.latest_revision.number


def page(reader: Client) -> str:
    return reader.get("/tr/ports/3440/").content.decode()


def notice() -> str:
    from django.utils import translation

    with translation.override("tr"):
        return translation.gettext(f"{NOTICE}. What it says here may no longer be right.")


@pytest.mark.parametrize("significance", Significance)
def test_a_translation_is_behind_by_as_much_as_the_change_of_its_source_matters(
    owner: Document, reader: Client, significance: Significance
) -> None:
    assert turkish(owner).staleness == ""
    change(owner, significance)
    assert turkish(owner).staleness == significance
    assert (notice() in page(reader)) == (significance is Significance.MAJOR)
    assert NOTICE not in reader.get("/en/ports/3440/").content.decode()


def test_the_weightiest_of_several_changes_counts(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    change(owner, Significance.TYPO, "Another story!")
    assert turkish(owner).staleness == "major"


def test_a_change_that_was_taken_back_leaves_no_translation_behind(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    change(owner, Significance.MEDIUM, "A story.")
    assert turkish(owner).staleness == ""


def test_a_draft_of_the_source_puts_nothing_behind_that_readers_see(
    owner: Document, reader: Client
) -> None:
    write_text(Article.objects.get(), "body", "en", "A draft.")
    publishing.save_revision(document=owner, by=editor(), significance=Significance.MAJOR)
    assert turkish(owner).staleness == ""
    assert notice() not in page(reader)


def test_a_new_part_and_a_changed_date_make_no_translation_wrong(owner: Document) -> None:
    add(owner, FAQ, question_en="Why?", answer_en="So.")
    publishing.save_revision(document=owner, by=editor(), significance=Significance.MAJOR)
    publish(owner)
    assert turkish(owner).staleness == ""
    write(FAQ.objects.get(), position=90)
    publish(owner)
    assert turkish(owner).staleness == ""


def test_a_translation_made_anew_is_up_to_date_once_it_is_published(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    write_text(Article.objects.get(), "body", "tr", "Başka bir öykü.")
    save(owner)
    assert turkish(owner).staleness == "major", "readers still see the old one"
    publish(owner, "tr")
    assert turkish(owner).staleness == ""


def test_a_translation_can_be_saved_without_claiming_to_be_in_step(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    write_text(Article.objects.get(), "title", "tr", "Düzeltilmiş başlık")
    publishing.save_revision(document=owner, by=editor(), not_in_sync=[language("tr")])
    publish(owner, "tr")
    assert turkish(owner).staleness == "major"


def test_a_translation_was_made_from_the_source_that_its_translator_saw(owner: Document) -> None:
    seen = number(owner, "en")
    change(owner, Significance.MAJOR)
    write_text(Article.objects.get(), "body", "tr", "Eskisinden çevrilmiş.")
    publishing.save_revision(document=owner, by=editor(), seen_source=seen)
    publish(owner, "tr")
    assert turkish(owner).staleness == "major"


def test_an_old_translation_brought_back_is_as_old_as_it_was(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    write_text(Article.objects.get(), "body", "tr", "Yeni öykü.")
    publish(owner, "tr")
    assert turkish(owner).staleness == ""
    publishing.revert(document=owner, language=language("tr"), number=1, by=editor())
    publish(owner, "tr")
    assert turkish(owner).staleness == "major"


def test_a_translation_that_is_still_correct_needs_neither_a_revision_nor_a_review(
    owner: Document, reader: Client
) -> None:
    change(owner, Significance.MAJOR)
    before = Revision.objects.count()
    said = {"document": owner, "language": language("tr"), "number": 1}
    with pytest.raises(PermissionDenied):
        publishing.still_correct(**said, source_number=2, by=person("de", "translator:de"))  # type: ignore[arg-type]
    publishing.still_correct(**said, source_number=2, by=editor())  # type: ignore[arg-type]
    assert Revision.objects.count() == before
    assert turkish(owner).staleness == ""
    assert notice() not in page(reader)
    change(owner, Significance.MEDIUM, "A third story.")
    assert turkish(owner).staleness == "medium", "found correct for the second one, not for this"


def test_still_correct_is_said_of_what_was_seen(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    for wrong in ({"number": 7, "source_number": 2}, {"number": 1, "source_number": 9}):
        with pytest.raises((publishing.WrongStateError, publishing.NoSuchRevisionError)):
            publishing.still_correct(document=owner, language=language("tr"), by=editor(), **wrong)
    assert turkish(owner).staleness == "major"


def test_the_translator_sees_what_changed_in_english(owner: Document) -> None:
    change(owner, Significance.MAJOR)
    translator = Client()
    translator.force_login(person("tr", "translator:tr"))
    shown = translator.get("/admin/ports/port/3440/publishing/").content.decode()
    told = shown.partition("What changed in English since this translation was made")[2]
    assert "A story." in told
    assert "Another story." in told
    assert 'value="still_correct"' in shown


def test_an_english_text_that_was_never_translated_makes_no_translation_outdated(
    owner: Document,
) -> None:
    write_text(Article.objects.get(), "lesson", "en", "A lesson.")
    save(owner)
    publish(owner)
    write_text(Article.objects.get(), "lesson", "en", "Another lesson.")
    publishing.save_revision(document=owner, by=editor(), significance=Significance.MAJOR)
    publish(owner)
    assert turkish(owner).staleness == ""


def test_what_was_found_correct_stays_so_when_a_draft_is_saved_as_not_in_step(
    owner: Document,
) -> None:
    change(owner, Significance.MAJOR)
    publishing.still_correct(
        document=owner,
        language=language("tr"),
        number=number(owner, "tr"),
        source_number=number(owner, "en"),
        by=editor(),
    )
    write_text(Article.objects.get(), "title", "tr", "Yeni başlık")
    publishing.save_revision(document=owner, by=editor(), not_in_sync=[language("tr")])
    latest = turkish(owner).latest_revision
    assert latest is not None
    assert latest.source_revision is not None
    assert latest.source_revision.number == number(owner, "en")
