"""Saving, publishing, unpublishing and reverting: what becomes of revisions and pointers."""

import pytest
from django.db import connection
from django.utils import timezone
from modeltranslation.utils import fallbacks

from ports import publishing
from ports.editorial import working
from ports.models import (
    FAQ,
    Article,
    Claim,
    Document,
    Edition,
    History,
    PublicationEvent,
    Revision,
    Source,
    Usage,
)
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    publish,
    published_article,
    save,
    usage,
    write,
    write_text,
)

pytestmark = pytest.mark.django_db


def edition(owner: Document, code: str = "en") -> Edition:
    return Edition.objects.select_related("latest_revision", "live_revision").get(
        document=owner, language=code
    )


def test_a_save_makes_a_revision_of_each_language_whose_text_differs() -> None:
    owner = document(22)
    article = add(owner, Article, title_en="Secure Shell", title_tr="Güvenli Kabuk")
    assert set(save(owner)) == {"en", "tr"}
    write_text(article, "title", "tr", "Güvenli kabuk")
    saved = save(owner)
    assert set(saved) == {"tr"}
    assert saved["tr"].number == 2
    assert saved["tr"].texts == {str(article.uuid): {"title": "Güvenli kabuk"}}


def test_a_save_without_a_change_makes_no_revision() -> None:
    owner, _article = published_article(22)
    assert save(owner) == {}
    assert Revision.objects.count() == 1


def test_a_revision_says_what_it_was_made_from_and_by_whom() -> None:
    owner, article = published_article(22)
    write_text(article, "title", "nl", "Een titel")
    dutch = save(owner)["nl"]
    assert dutch.structure is None
    assert dutch.source_revision == edition(owner).latest_revision
    assert dutch.created_by == editor()
    assert dutch.origin == Revision.Origin.EDITOR


def test_structure_stands_in_the_source_revision_only_and_has_its_own_version() -> None:
    owner, article = published_article(22)
    owner.refresh_from_db()
    assert owner.structure_version == 1
    write_text(article, "title", "en", "Another title")
    save(owner)
    owner.refresh_from_db()
    assert (owner.structure_version, edition(owner).version) == (1, 2)
    add(owner, History, date="1995-07", title_en="SSH is published")
    assert set(save(owner)) == {"en"}
    owner.refresh_from_db()
    assert owner.structure_version == 2


def test_parts_stand_in_the_order_of_position_then_of_id() -> None:
    owner, _article = published_article(22)
    third = add(owner, FAQ, question_en="Third", answer_en="3", position=20)
    first = add(owner, FAQ, question_en="First", answer_en="1", position=10)
    second = add(owner, FAQ, question_en="Second", answer_en="2", position=10)
    structure = save(owner)["en"].structure
    assert structure is not None
    assert [part["uuid"] for part in structure["faq"]] == [
        str(row.uuid) for row in (first, second, third)
    ]


def test_publishing_moves_the_pointer_and_leaves_the_draft_alone() -> None:
    owner, article = published_article(22)
    write_text(article, "title", "en", "A draft")
    save(owner)
    now = edition(owner)
    assert now.live_revision is not None
    assert now.latest_revision is not None
    assert (now.live_revision.number, now.latest_revision.number) == (1, 2)
    publish(owner)
    assert edition(owner).live_revision == edition(owner).latest_revision


def test_an_earlier_revision_can_be_published_by_its_number() -> None:
    owner, article = published_article(22)
    write_text(article, "title", "en", "Second")
    publish(owner)
    publishing.publish(document=owner, language=language("en"), by=editor(), number=1)
    live = edition(owner).live_revision
    assert live is not None
    assert live.number == 1
    with pytest.raises(publishing.NoSuchRevisionError):
        publishing.publish(document=owner, language=language("en"), by=editor(), number=9)


def test_no_translation_is_live_without_a_live_source() -> None:
    owner = document(22)
    add(owner, Article, title_en="Secure Shell", title_tr="Güvenli Kabuk")
    save(owner)
    approve(owner, "tr")
    with pytest.raises(publishing.NotPublishableError):
        publishing.publish(document=owner, language=language("tr"), by=editor())
    publish(owner, "en", "tr")
    publishing.unpublish(document=owner, language=language("en"), by=editor())
    assert not Edition.objects.filter(live_revision__isnull=False).exists()


def test_what_was_never_saved_cannot_be_published() -> None:
    with pytest.raises(publishing.NotPublishableError):
        publishing.publish(document=document(22), language=language("en"), by=editor())


def test_unpublishing_a_translation_leaves_the_others() -> None:
    owner = document(22)
    add(owner, Article, title_en="Secure Shell", title_tr="Güvenli Kabuk")
    publish(owner, "en", "tr")
    publishing.unpublish(document=owner, language=language("tr"), by=editor())
    assert edition(owner).live_revision is not None
    assert edition(owner, "tr").live_revision is None


def test_every_move_of_a_pointer_is_told_with_who_and_what() -> None:
    owner, _article = published_article(22)
    publishing.publish(document=owner, language=language("en"), by=editor())  # live already
    publishing.unpublish(document=owner, language=language("en"), by=editor("max"))
    told = PublicationEvent.objects.order_by("id").values_list(
        "action", "revision__number", "by__username"
    )
    assert list(told) == [("published", 1, "ed"), ("unpublished", 1, "max")]


def test_withdrawn_parts_leave_the_structure_and_keep_their_row_and_translations() -> None:
    owner, _article = published_article(22)
    faq = add(
        owner, FAQ, question_en="Why?", answer_en="So.", question_tr="Neden?", answer_tr="Öyle."
    )
    publish(owner, "en", "tr")
    write(faq, removed_at=timezone.now())
    saved = save(owner)
    assert set(saved) == {"en"}, "a change of structure is no change of a translation"
    structure = saved["en"].structure
    assert structure is not None
    assert structure["faq"] == []
    assert str(faq.uuid) not in saved["en"].texts
    assert FAQ.objects.filter(pk=faq.pk).exists()


def test_reverting_brings_back_structure_and_texts_as_a_new_revision() -> None:
    owner, article = published_article(22)
    faq = add(owner, FAQ, question_en="Why?", answer_en="So.")
    save(owner)  # revision 2
    write(faq, removed_at=timezone.now())
    write_text(article, "body", "en", "Another story.")
    added = add(owner, FAQ, question_en="When?", answer_en="Then.")
    save(owner)  # revision 3
    latest = publishing.revert(document=owner, language=language("en"), number=2, by=editor())
    wanted = Revision.objects.get(edition__document=owner, number=2)
    assert latest.number == 4
    assert (latest.structure, latest.texts) == (wanted.structure, wanted.texts)
    faq.refresh_from_db()
    added.refresh_from_db()
    assert faq.removed_at is None
    assert added.removed_at is not None


def test_reverting_a_translation_touches_no_other_language() -> None:
    owner = document(22)
    article = add(owner, Article, title_en="One", title_tr="Bir", title_de="Eins")
    save(owner)
    write_text(article, "title", "tr", "İki")
    write_text(article, "title", "de", "Zwei")
    save(owner)
    publishing.revert(document=owner, language=language("tr"), number=1, by=editor())
    row = Article.objects.values("title_en", "title_tr", "title_de").get()
    assert row == {"title_en": "One", "title_tr": "Bir", "title_de": "Zwei"}
    assert edition(owner, "de").latest_revision.number == 2  # type: ignore[union-attr]


def test_a_key_can_pass_from_one_source_to_another_by_reverting() -> None:
    owner, _article = published_article(22)
    old = add(owner, Source, key="rfc", title="Old", url="https://example.org/old")
    save(owner)
    write(old, removed_at=timezone.now())
    add(owner, Source, key="rfc", title="New", url="https://example.org/new")
    save(owner)
    publishing.revert(document=owner, language=language("en"), number=2, by=editor())
    active = Source.objects.get(removed_at=None)
    assert active.pk == old.pk
    publishing.revert(document=owner, language=language("en"), number=3, by=editor())
    assert Source.objects.get(removed_at=None).title == "New"


def test_what_cannot_be_shown_is_not_saved() -> None:
    owner, article = published_article(22)
    write_text(article, "body", "en", "Right {service 22/tcp}\nwrong {servise 22/tcp} [^nothing]")
    with pytest.raises(publishing.ContentError) as refused:
        save(owner)
    first, second = refused.value.problems
    assert (first.uuid, first.field, first.line) == (str(article.uuid), "body", 2)
    assert "servise" in first.message
    assert "{service 3440/tcp}" in first.message
    assert "[^nothing]" in second.message
    assert Revision.objects.count() == 1


def test_a_faulty_text_of_another_language_does_not_stop_a_save_that_leaves_it_alone() -> None:
    owner = document(22)
    source = add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    article = add(owner, Article, title_en="One", title_tr="Bir", body_tr="Kaynak.[^rfc]")
    save(owner)
    write(source, removed_at=timezone.now())
    assert set(save(owner)) == {"en"}
    write_text(article, "title", "tr", "İki")
    with pytest.raises(publishing.ContentError):
        save(owner)


def test_claims_the_registry_denies_stop_publishing_and_come_with_its_rows() -> None:
    owner, _article = published_article(3144)
    add(owner, Claim, claimed_port=3144, transport="tcp", kind="status", value="unassigned")
    save(owner)
    approve(owner)
    with pytest.raises(publishing.ClaimsDeniedError) as refused:
        publishing.publish(document=owner, language=language("en"), by=editor())
    (denied,) = refused.value.denied
    assert {record.service_name for record in denied.records} == {"tarantella"}
    live = edition(owner).live_revision
    assert live is not None
    assert live.number == 1, "what was live stays live"


def test_a_compiled_snapshot_decides_nothing_about_assignees_and_dates() -> None:
    owner, _article = published_article(3144)
    add(owner, Claim, claimed_port=3144, transport="tcp", kind="assignee", value="Somebody Else")
    publish(owner)


def test_the_pages_a_document_stands_on_follow_its_live_revision() -> None:
    owner, row = usage(
        name="Worm", kind="malware", first_port=3127, last_port=3198, transport="tcp",
        description_en="A worm.",
    )  # fmt: skip
    save(owner)
    owner.refresh_from_db()
    assert owner.live_first_port is None
    publish(owner)
    owner.refresh_from_db()
    assert (owner.live_first_port, owner.live_last_port) == (3127, 3198)
    write(row, last_port=3199)
    save(owner)
    owner.refresh_from_db()
    assert owner.live_last_port == 3198
    publishing.unpublish(document=owner, language=language("en"), by=editor())
    owner.refresh_from_db()
    assert owner.live_first_port is None
    assert Usage.objects.exists()


@pytest.mark.parametrize("active", ["en", "tr", "id", "ar"])
def test_saving_is_the_same_under_any_active_language(active: str) -> None:
    from django.utils import translation

    owner = document(22)
    with translation.override(active), fallbacks(True):
        article = add(owner, Article, title_en="One", title_ind="Satu")
        write_text(article, "title", "tr", "Bir")
        saved = save(owner)
    assert {code: list(r.texts.values()) for code, r in saved.items()} == {
        "en": [{"title": "One"}],
        "id": [{"title": "Satu"}],
        "tr": [{"title": "Bir"}],
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, title_en, title_de FROM ports_article")
        assert cursor.fetchone() in {("One", "One", None), ("One", "One", "")}


def test_the_working_rows_give_back_what_was_written_to_them() -> None:
    owner, _article = published_article(22, summary_en="Short.", lesson_en="Learn.")
    add(owner, FAQ, question_en="Why?", answer_en="So.")
    texts = working.read_texts(owner)["en"]
    structure = working.read_structure(owner)
    working.write_structure(owner, structure, at=timezone.now())
    working.write_texts(owner, language("en"), texts)
    assert working.read_structure(owner) == structure
    assert working.read_texts(owner)["en"] == texts
