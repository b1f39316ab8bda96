"""What comes of forms that were opened before others saved, and of parts that are withdrawn."""

import re

import pytest
from django.test import Client

from ports import publishing
from ports.models import (
    FAQ,
    Article,
    Assessment,
    Claim,
    Document,
    Edition,
    Gloss,
    Source,
    Usage,
    User,
    WorkEvent,
)
from tests.ports.admin.forms import Form
from tests.ports.admin.staff import publish_submitted
from tests.ports.admin.test_document_form import errors, messages
from tests.ports.admin.test_two_editors import signed_in
from tests.ports.web.pages import source
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
    write_text,
)

pytestmark = pytest.mark.django_db

PORT = "/admin/ports/port/3440/change/"
PUBLISHING = "/admin/ports/port/3440/publishing/"
WEB = {"publisher": "", "url": "https://example.org/", "published": ""}


@pytest.fixture
def anna(db: None) -> Client:
    return signed_in("anna")


@pytest.fixture
def ben(db: None) -> Client:
    return signed_in("ben")


def test_a_form_keeps_the_languages_it_was_opened_in(anna: Client) -> None:
    """Whatever the profile says when it is sent: no translation is emptied, no text is lost."""
    published_article(3440, body_tr="Bir öykü.", body_de="Eine Geschichte.")
    User.objects.update(working_languages=["de"])
    form = Form(anna, PORT).fill(**{"articles-0-body_de": "Eine neue Geschichte."})
    User.objects.update(working_languages=["tr"])
    assert errors(form.save()) == []
    row = Article.objects.values("body_tr", "body_de").get()
    assert row == {"body_tr": "Bir öykü.", "body_de": "Eine neue Geschichte."}


def test_a_field_that_was_not_sent_is_not_emptied(anna: Client) -> None:
    published_article(3440, summary_en="Short.")
    form = Form(anna, PORT)
    del form.values["articles-0-summary_en"]
    form.fill(**{"articles-0-body_en": "Another story."}).save()
    assert Article.objects.values_list("summary_en", flat=True).get() == "Short."


def test_an_assessment_that_both_begin_is_a_conflict_in_every_field(
    anna: Client, ben: Client
) -> None:
    published_article(3440)
    forms = [Form(client, PORT) for client in (anna, ben)]
    for form, level, year, text in zip(
        forms, ("high", "low"), ("2020", "2021"), ("Anna", "Ben"), strict=True
    ):
        form.fill(
            **{
                "assessments-0-level": level,
                "assessments-0-as_of": year,
                "assessments-0-expected_en": text,
            }
        )
    assert errors(forms[0].save()) == []
    assert len(errors(forms[1].save())) == 3
    row = Assessment.objects.values("level", "as_of", "expected_en").get()
    assert row == {"level": "high", "as_of": "2020", "expected_en": "Anna"}


def test_reverting_leaves_the_texts_of_parts_it_withdraws(anna: Client) -> None:
    owner, _article = published_article(3440)
    faq = add(owner, FAQ, question_en="Why?", answer_en="So.", question_tr="Neden?")
    save(owner)
    publishing.revert(document=owner, language=language("en"), number=1, by=editor())
    row = FAQ.objects.values("question_en", "question_tr").get(pk=faq.pk)
    assert row == {"question_en": "Why?", "question_tr": "Neden?"}
    form = Form(anna, PORT).fill(**{"articles-0-title_en": "Another title"})
    assert errors(form.save()) == []


def test_a_withdrawn_part_needs_no_text_and_takes_none(anna: Client) -> None:
    owner, _article = published_article(3440)
    faq = add(owner, FAQ, question_en="Why?", answer_en="So.")
    save(owner)
    form = Form(anna, PORT).tick("faqs-0-withdrawn").fill(**{"faqs-0-answer_en": "Precious."})
    response = form.save()
    assert any("withdrawn part cannot be changed" in error for error in errors(response))
    assert "Precious." in response.content.decode()
    faq.refresh_from_db()
    assert faq.removed_at is None


def test_a_source_and_the_only_part_that_cites_it_are_withdrawn_together(anna: Client) -> None:
    owner, _article = published_article(3440)
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    add(owner, FAQ, question_en="Why?", answer_en="So.[^rfc]")
    save(owner)
    form = Form(anna, PORT).tick("faqs-0-withdrawn").tick("sources-0-withdrawn")
    assert errors(form.save()) == []


def test_a_new_part_that_cites_a_source_withdrawn_meanwhile_is_refused_and_kept(
    anna: Client, ben: Client
) -> None:
    owner, _article = published_article(3440)
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    save(owner)
    late = Form(ben, PORT)
    assert errors(Form(anna, PORT).tick("sources-0-withdrawn").save()) == []
    late.add("faqs", question_en="Ben's?", answer_en="So.[^rfc]")
    response = late.save()
    assert any("[^rfc]" in error for error in errors(response))
    assert "So.[^rfc]" in response.content.decode()
    assert not FAQ.objects.exists()


def test_a_source_that_is_restored_may_be_cited_in_the_same_save(anna: Client) -> None:
    owner, article = published_article(3440)
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    save(owner)
    Form(anna, PORT).tick("sources-0-withdrawn").save()
    form = Form(anna, PORT).tick("sources-0-withdrawn", on=False)
    assert errors(form.fill(**{"articles-0-body_en": "So.[^rfc]"}).save()) == []
    assert Article.objects.filter(pk=article.pk, body_en="So.[^rfc]").exists()


def test_a_key_that_another_editor_took_meanwhile_is_refused(anna: Client, ben: Client) -> None:
    published_article(3440)
    forms = [Form(client, PORT) for client in (anna, ben)]
    for form in forms:
        form.add("sources", key="rfc6335", title="RFC 6335", **WEB)
    assert errors(forms[0].save()) == []
    assert any("has this key" in error for error in errors(forms[1].save()))
    assert Source.objects.count() == 1


def test_keys_change_hands_within_one_save(anna: Client) -> None:
    owner, _article = published_article(3440)
    for key in ("a", "b", "c"):
        add(owner, Source, key=key, title=key.upper(), url="https://example.org/")
    save(owner)
    form = Form(anna, PORT)
    form.fill(**{"sources-0-key": "b", "sources-1-key": "a"}).tick("sources-2-withdrawn")
    assert errors(form.save()) == []
    active = Source.objects.filter(removed_at=None).values_list("title", "key")
    assert dict(active) == {"A": "b", "B": "a"}
    publishing.revert(document=owner, language=language("en"), number=2, by=editor())
    assert dict(Source.objects.filter(removed_at=None).values_list("title", "key")) == {
        "A": "a", "B": "b", "C": "c",
    }  # fmt: skip


def test_changes_of_both_that_are_wrong_together_are_refused(anna: Client, ben: Client) -> None:
    owner, row = usage(
        name="Worm", kind="malware", first_port=50, last_port=60, description_en="A worm."
    )
    save(owner)
    address = f"/admin/ports/usage/{row.pk}/change/"
    forms = [Form(client, address) for client in (anna, ben)]
    assert errors(forms[0].fill(first_port="58").save()) == []
    told = errors(forms[1].fill(last_port="52").save())
    assert "The last port must not be smaller than the first." in told
    row.refresh_from_db()
    assert (row.first_port, row.last_port) == (58, 60)


def test_a_status_that_is_none_is_refused_with_what_is_valid(anna: Client, ben: Client) -> None:
    owner, _article = published_article(3440)
    add(owner, Claim, claimed_port=22, transport="tcp", kind="service", value="ssh")
    save(owner)
    forms = [Form(client, PORT) for client in (anna, ben)]
    forms[0].fill(**{"claims-0-kind": "status", "claims-0-value": "assigned"})
    assert errors(forms[0].save()) == []
    told = errors(forms[1].fill(**{"claims-0-value": "http"}).save())
    assert told
    assert Claim.objects.get().value == "assigned"


def test_a_gloss_takes_the_registrys_spelling_and_no_other_name(anna: Client) -> None:
    for name in ("no such", "..", "a\nb"):
        form = Form(anna, "/admin/ports/gloss/add/").fill(service_name=name, text_en="Text.")
        assert "The registry has no service of this name." in errors(form.save())
    form = Form(anna, "/admin/ports/gloss/add/").fill(service_name="SSH", text_en="Text.")
    assert errors(form.save()) == []
    assert Gloss.objects.get().service_name == "ssh"
    form = Form(anna, "/admin/ports/gloss/add/").fill(service_name="ssh", text_en="Text.")
    assert "This service has a gloss already." in errors(form.save())


def test_publishing_publishes_what_was_looked_at(anna: Client, reader: Client) -> None:
    owner, article = published_article(3440)
    write_text(article, "body", "en", "Second.")
    save(owner)
    approve(owner)
    shown = re.search(r'name="number" value="(\d+)"', anna.get(PUBLISHING).content.decode())
    assert shown is not None
    write_text(article, "body", "en", "Unseen.")
    save(owner)
    data = {"action": "publish", "language": "en", "number": shown[1]}
    anna.post(PUBLISHING, data)
    assert "Second." in source(reader.get("/en/ports/3440/"))
    response = anna.post(PUBLISHING, {**data, "number": "3"}, follow=True)
    assert any("does not stand as you saw it" in told for told in messages(response))
    assert "Unseen." not in source(reader.get("/en/ports/3440/"))
    approve(owner)
    anna.post(PUBLISHING, {**data, "number": "3"})
    assert "Unseen." in source(reader.get("/en/ports/3440/"))


@pytest.mark.parametrize(
    ("action", "work"),
    [
        ("submit", "draft"),
        ("approve_without_review", "draft"),
        ("approve", "in_review"),
        ("request_changes", "in_review"),
        ("schedule", "approved"),
    ],
)
def test_who_looked_at_an_older_draft_is_told_that_a_newer_one_was_saved_meanwhile(
    anna: Client, action: str, work: str
) -> None:
    owner, article = published_article(3440)
    write_text(article, "body", "en", "Second.")
    save(owner)
    approve(owner)
    write_text(article, "body", "en", "Unseen.")
    save(owner)
    what = {"document": owner, "language": language("en"), "number": 3}
    if work == "in_review":
        publishing.submit(**what, by=editor())
    if work == "approved":
        approve(owner)
    events = WorkEvent.objects.count()
    data = {"action": action, "language": "en", "number": "2", "note": "I read it."}
    response = anna.post(PUBLISHING, {**data, "live_from": "2099-01-01T00:00"}, follow=True)
    assert any("does not stand as you saw it" in told for told in messages(response))
    edition = Edition.objects.get(document=owner)
    assert (edition.work, edition.scheduled_revision) == (work, None)
    assert WorkEvent.objects.count() == events


def test_a_form_for_something_new_starts_from_nothing(anna: Client) -> None:
    published_article(3440)
    form = Form(anna, "/admin/ports/usage/add/")
    assert form.values["base-en"] == "0"
    assert "Where this stands" not in anna.get("/admin/ports/usage/add/").content.decode()


def test_a_new_part_stands_last(anna: Client) -> None:
    owner, _article = published_article(3440)
    add(owner, FAQ, question_en="First?", answer_en="Yes.", position=10)
    save(owner)
    form = Form(anna, PORT)
    form.add("faqs", question_en="Second?", answer_en="Yes.")
    form.add("faqs", question_en="Third?", answer_en="Yes.")
    form.save()
    listed = FAQ.objects.order_by("position", "id").values_list("question_en", flat=True)
    assert list(listed) == ["First?", "Second?", "Third?"]


def test_code_at_the_beginning_of_a_text_stays_code(anna: Client) -> None:
    Form(anna, PORT).fill(
        **{"articles-0-title_en": "A title", "articles-0-body_en": "\r\n    code\r\n\r\ntext \r\n"}
    ).save()
    assert Article.objects.values_list("body_en", flat=True).get() == "    code\n\ntext"
    assert "Nothing was changed" in messages(Form(anna, PORT).save())[0]


def test_the_front_page_names_no_port_whose_article_is_withdrawn(
    anna: Client, reader: Client
) -> None:
    published_article(3440)
    assert 'href="/en/ports/3440/"' in source(reader.get("/en/")).partition("Ports with a story")[2]
    Form(anna, PORT).tick("articles-0-withdrawn").save("_submit")
    publish_submitted(anna, PUBLISHING)
    assert "Ports with a story" not in source(reader.get("/en/"))


def test_a_footnote_mark_is_no_part_of_the_description(reader: Client) -> None:
    owner = document(3440)
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    add(owner, Article, title_en="A title", summary_en="A worm[^rfc].")
    publish(owner)
    assert 'name="description" content="A worm."' in source(reader.get("/en/ports/3440/"))


def test_a_preview_links_to_the_page_it_is_of(anna: Client) -> None:
    published_article(3440)
    page = anna.get("/admin/ports/port/3440/preview/tr/").content.decode()
    assert '<link rel="canonical" href="http://localhost:8000/tr/ports/3440/">' in page
    assert 'href="/de/ports/3440/"' in page


def test_a_usage_that_came_with_the_program_says_so_too(reader: Client) -> None:
    from ports.bundled_articles import load_articles

    load_articles()
    assert "Not yet reviewed" in source(reader.get("/en/ports/3127/"))
    assert Usage.objects.exists()
    assert Document.objects.filter(kind="usage").exists()
    assert Edition.objects.exists()
