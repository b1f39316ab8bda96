"""The form of a port: what an editor sees there, saves and publishes, and what is refused."""

import re

import pytest
from django.test import Client

from ports.bundled_articles import load_articles
from ports.models import (
    FAQ,
    Article,
    Claim,
    Document,
    Edition,
    Gloss,
    History,
    Port,
    Revision,
    Source,
    Usage,
    User,
)
from tests.ports.admin.forms import Form, press
from tests.ports.admin.staff import member_of_staff, publish_submitted, with_roles
from tests.ports.writing import (
    add,
    approve,
    document,
    publish,
    published_article,
    save,
    write_text,
)

pytestmark = pytest.mark.django_db

PORT = "/admin/ports/port/3440/change/"
PUBLISHING = "/admin/ports/port/3440/publishing/"


@pytest.fixture
def editor(client: Client) -> Client:
    """A superuser who works in Turkish and Arabic."""
    user = User.objects.create_superuser("editor", "editor@example.org", "a long password")
    User.objects.filter(pk=user.pk).update(working_languages=["tr", "ar"])
    client.force_login(User.objects.get(pk=user.pk))
    return client


def messages(response: object) -> list[str]:
    page = response.content.decode()  # type: ignore[attr-defined]
    listed = re.search(r'<ul class="messagelist">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li[^>]*>(.*?)</li>", listed[1], re.DOTALL) if listed else []


def errors(response: object) -> list[str]:
    page = response.content.decode()  # type: ignore[attr-defined]
    return [
        re.sub(r"<[^>]*>", "", item)
        for listed in re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', page, re.DOTALL)
        for item in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    ]


def test_the_form_holds_english_and_the_editors_languages(editor: Client) -> None:
    names = Form(editor, PORT).values
    assert {"articles-0-body_en", "articles-0-body_tr", "articles-0-body_ar"} <= set(names)
    assert "articles-0-body_de" not in names
    chosen = Form(editor, f"{PORT}?language=de&language=id").values
    assert "articles-0-body_de" in chosen
    assert "articles-0-body_ind" in chosen, "the column of Indonesian"
    assert "articles-0-body_tr" not in chosen


def test_a_form_never_holds_more_languages_than_a_browser_can_send(editor: Client) -> None:
    from ports.languages import LANGUAGES

    every = "&".join(f"language={language.code}" for language in LANGUAGES)
    names = Form(editor, f"{PORT}?{every}").values
    assert sum(name.startswith("articles-0-body_") for name in names) == 9


def test_texts_say_which_language_they_are_in(editor: Client) -> None:
    page = editor.get(PORT).content.decode()
    assert re.search(r'<textarea[^>]*name="articles-0-body_ar"[^>]*>', page)
    arabic = re.search(r'<textarea[^>]*name="articles-0-body_ar"[^>]*>', page)
    assert arabic is not None
    assert 'lang="ar"' in arabic[0]
    assert 'dir="rtl"' in arabic[0]


def test_the_registrys_rows_stand_beside_the_form_and_cannot_be_changed(editor: Client) -> None:
    page = editor.get(PORT).content.decode()
    assert "ans-console | 3440 | tcp | Net Steward Mgmt Console | [John_Richmond] | 2002-03" in page
    form = Form(editor, PORT)
    before = Port.objects.values().get(number=3440)
    form.fill(tcp_status="unassigned", number="1").save()
    assert Port.objects.values().get(number=3440) == before
    assert editor.get("/admin/ports/port/add/").status_code == 403
    assert editor.post("/admin/ports/port/3440/delete/").status_code == 403


def test_a_draft_is_saved_with_everything_that_belongs_to_it(editor: Client) -> None:
    form = Form(editor, PORT)
    form.fill(**{"articles-0-title_en": "A title", "articles-0-title_tr": "Bir başlık"})
    form.fill(**{"articles-0-body_en": "First line\r\nsecond {service 3440/tcp}.[^rfc]"})
    form.add("histories", date="2002-03", title_en="It is registered", text_en="")
    form.add("faqs", question_en="Why?", answer_en="So.", question_ar="لماذا؟", answer_ar="هكذا.")
    form.add(
        "sources", key="rfc", title="RFC", publisher="", url="https://example.org/", published=""
    )
    form.add("claims", claimed_port="3440", transport="tcp", kind="status", value="assigned")
    response = form.save()
    assert errors(response) == []
    assert "English, العربية, Türkçe" in messages(response)[0]
    owner = Document.objects.get(port_id=3440)
    revision = Edition.objects.get(document=owner, language="en").latest_revision
    assert revision is not None
    assert revision.texts[str(Article.objects.get().uuid)]["body"].startswith("First line\nsecond")
    assert revision.created_by.username == "editor"  # type: ignore[union-attr]
    assert not Edition.objects.filter(live_revision__isnull=False).exists()
    assert (FAQ.objects.count(), History.objects.count(), Claim.objects.count()) == (1, 1, 1)


def test_a_form_that_was_only_opened_and_saved_changes_nothing(editor: Client) -> None:
    load_articles()
    before = Revision.objects.count()
    response = Form(editor, PORT).save()
    assert errors(response) == []
    assert "Nothing was changed" in messages(response)[0]
    assert Revision.objects.count() == before
    assert not Document.objects.filter(port_id=9).exists()
    Form(editor, "/admin/ports/port/9/change/").save()
    assert not Document.objects.filter(port_id=9).exists(), "an empty form is no article"


def test_saving_and_submitting_asks_for_a_review_and_publishing_shows_what_the_form_held(
    editor: Client, reader: Client
) -> None:
    form = Form(editor, PORT)
    form.fill(**{"articles-0-title_en": "A title", "articles-0-title_tr": "Bir başlık"})
    response = form.save("_submit")
    assert errors(response) == []
    assert "Submitted for review: English, Türkçe." in messages(response)
    assert dict(Edition.objects.values_list("language", "work")) == {
        "en": "in_review",
        "tr": "in_review",
    }
    assert "Bir başlık" not in reader.get("/tr/ports/3440/").content.decode()
    publish_submitted(editor, PUBLISHING, "en", "tr")
    assert "Bir başlık" in reader.get("/tr/ports/3440/").content.decode()
    live = Edition.objects.exclude(live_revision=None).values_list("language", flat=True)
    assert set(live) == {"en", "tr"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{servise 3440/tcp}", "Line 1: there is no token “{servise 3440/tcp}”"),
        ("Fine\r\n{service 99999/tcp}", "Line 2: “99999” is no port"),
        ("{service 22/icmp}", "Line 1: “icmp” is not one of: tcp, udp, sctp, dccp."),
        ("[^nothing]", "the footnote [^nothing] cites a source that is not there"),
    ],
)
def test_what_is_wrong_in_a_text_is_told_with_its_place_and_nothing_is_lost(
    editor: Client, text: str, complaint: str
) -> None:
    form = Form(editor, PORT)
    form.fill(**{"articles-0-title_en": "A title", "articles-0-body_tr": text})
    response = form.save()
    assert any(complaint in error.replace("&quot;", '"') for error in errors(response))
    assert not Article.objects.exists()
    page = response.content.decode()
    assert "A title" in page
    assert text.partition("\r")[0].replace("<", "&lt;") in page


def test_a_footnote_may_cite_a_source_that_is_added_in_the_same_form(editor: Client) -> None:
    form = Form(editor, PORT)
    form.fill(**{"articles-0-title_en": "A title", "articles-0-body_en": "So.[^new]"})
    form.add(
        "sources", key="new", title="New", publisher="", url="https://example.org/", published=""
    )
    assert errors(form.save()) == []


def test_a_cited_source_cannot_be_withdrawn_while_the_english_text_cites_it(editor: Client) -> None:
    owner = document(3440)
    add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    add(owner, Article, title_en="A title", body_en="So.[^rfc]")
    save(owner)
    response = Form(editor, PORT).tick("sources-0-withdrawn").save()
    assert any("[^rfc]" in error for error in errors(response))
    assert Source.objects.get().removed_at is None


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("date", "yesterday", "is no date"),
        ("date", "2004-02-30", "is no date"),
        ("date", "٢٠٠٤", "is no date"),
    ],
)
def test_a_date_must_be_a_year_a_month_or_a_day(
    editor: Client, field: str, value: str, complaint: str
) -> None:
    form = Form(editor, PORT)
    form.add("histories", title_en="An event", text_en="", **{field: value})
    assert any(complaint in error for error in errors(form.save()))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org/", "example.org", "//x.org/"]
)
def test_a_source_must_have_a_web_address(editor: Client, url: str) -> None:
    form = Form(editor, PORT)
    form.add("sources", key="rfc", title="RFC", publisher="", url=url, published="")
    assert errors(form.save()) != []
    assert not Source.objects.exists()


def test_two_sources_cannot_have_the_same_key(editor: Client) -> None:
    form = Form(editor, PORT)
    for _ in range(2):
        form.add(
            "sources", key="rfc", title="RFC", publisher="", url="https://x.org/", published=""
        )
    assert errors(form.save()) != []
    assert not Source.objects.exists()


def test_parts_are_withdrawn_and_restored_never_deleted(editor: Client, reader: Client) -> None:
    owner, _article = published_article(3440)
    add(owner, FAQ, question_en="Why?", answer_en="So.")
    publish(owner)
    Form(editor, PORT).tick("faqs-0-withdrawn").save("_submit")
    publish_submitted(editor, PUBLISHING)
    assert FAQ.objects.get().removed_at is not None
    assert "Why?" not in reader.get("/en/ports/3440/").content.decode()
    form = Form(editor, PORT)
    assert form.values["faqs-0-withdrawn"] == "on", "it stays in the form"
    form.tick("faqs-0-withdrawn", on=False).save("_submit")
    publish_submitted(editor, PUBLISHING)
    assert "Why?" in reader.get("/en/ports/3440/").content.decode()
    assert "faqs-0-DELETE" not in form.values


def test_a_denied_claim_stops_publishing_shows_the_registrys_row_and_keeps_the_draft(
    editor: Client, reader: Client
) -> None:
    form = Form(editor, "/admin/ports/port/3144/change/")
    form.fill(**{"articles-0-title_en": "Nobody's port"})
    form.add("claims", claimed_port="3144", transport="tcp", kind="status", value="unassigned")
    assert errors(form.save("_submit")) == []
    told = " ".join(messages(publish_submitted(editor, "/admin/ports/port/3144/publishing/")))
    assert "the registry denies the claim “3144/tcp: its status is unassigned”" in told
    assert "tarantella | 3144 | tcp | Tarantella | [Roger_Binns]" in told
    assert "Nobody's port" not in reader.get("/en/ports/3144/").content.decode()
    assert Article.objects.get().title_en == "Nobody's port"  # type: ignore[attr-defined]


def test_a_claim_must_be_one_that_can_be_checked(editor: Client) -> None:
    form = Form(editor, PORT)
    form.add("claims", claimed_port="3440", transport="tcp", kind="status", value="free")
    assert errors(form.save()) != []
    assert not Claim.objects.exists()


def test_the_publishing_page_lists_what_differs_and_publishes_unpublishes_and_reverts(
    editor: Client, reader: Client
) -> None:
    owner, _article = published_article(3440)
    Form(editor, PORT).fill(**{"articles-0-body_en": "A <b>new</b> story."}).save("_submit")
    page = editor.get(PUBLISHING).content.decode()
    assert "A story." in page
    assert "A &lt;b&gt;new&lt;/b&gt; story." in page
    assert "Article – body" in page
    editor.post(PUBLISHING, {"action": "publish", "language": "en", "number": "2"})
    assert "A story." in reader.get("/en/ports/3440/").content.decode(), "it is not approved yet"
    publish_submitted(editor, PUBLISHING)
    assert "new" in reader.get("/en/ports/3440/").content.decode()
    assert "A story." not in editor.get(PUBLISHING).content.decode()
    editor.post(PUBLISHING, {"action": "revert", "language": "en", "number": "1"})
    assert "A story." not in reader.get("/en/ports/3440/").content.decode()
    press(editor, PUBLISHING, "submit")
    publish_submitted(editor, PUBLISHING)
    assert "A story." in reader.get("/en/ports/3440/").content.decode()
    press(editor, PUBLISHING, "unpublish")
    assert "A story." not in reader.get("/en/ports/3440/").content.decode()
    assert Revision.objects.filter(edition__document=owner).count() == 3


@pytest.mark.parametrize(
    "data",
    [
        {"action": "revert", "language": "en", "number": "99"},
        {"action": "revert", "language": "en", "number": "٣"},
        {"action": "revert", "language": "de", "number": "1"},
        {"action": "erase", "language": "en"},
        {"action": "publish", "language": "de"},
        {"action": "publish", "language": "en", "number": "99"},
        {"action": "submit", "language": "en", "number": "1"},
        {"action": "approve", "language": "en", "number": "1"},
        {"action": "request_changes", "language": "en", "number": "1", "note": "Too short."},
        {"action": "approve_without_review", "language": "en", "number": "1", "note": "Urgent."},
        {"action": "schedule", "language": "en", "number": "1", "live_from": "2001-02-03T04:05"},
        {"action": "schedule", "language": "en", "number": "1"},
        {"action": "call_off", "language": "en"},
        {"action": "still_correct", "language": "en", "number": "1", "source_number": "1"},
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    editor: Client, data: dict[str, str]
) -> None:
    published_article(3440)
    before = list(Revision.objects.values_list("pk")), list(Edition.objects.values())
    response = editor.post(PUBLISHING, data, follow=True)
    assert response.status_code == 200
    assert messages(response)
    assert (list(Revision.objects.values_list("pk")), list(Edition.objects.values())) == before


def test_the_preview_is_the_page_as_it_will_be_for_editors_only(
    editor: Client, reader: Client
) -> None:
    published_article(3440)
    Form(editor, PORT).fill(**{"articles-0-body_en": "A new story."}).save()
    address = "/admin/ports/port/3440/preview/ar/"
    response = editor.get(address)
    page = response.content.decode()
    assert "A new story." in page
    assert '<html lang="ar" dir="rtl">' in page
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert '<meta name="robots" content="noindex">' in page
    assert "A new story." not in reader.get("/ar/ports/3440/").content.decode()
    assert reader.get(address).status_code == 302
    assert editor.get("/admin/ports/port/3440/preview/xx/").status_code == 404
    assert editor.get("/admin/ports/port/9/preview/en/").status_code == 404


def test_saving_and_previewing_leads_to_the_preview(editor: Client) -> None:
    form = Form(editor, f"{PORT}?language=tr").fill(**{"articles-0-title_en": "A title"})
    response = form.save("_preview")
    assert response.redirect_chain[-1][0] == "/admin/ports/port/3440/preview/tr/"


def test_a_usage_and_a_gloss_are_written_and_published_alike(
    editor: Client, reader: Client
) -> None:
    form = Form(editor, "/admin/ports/usage/add/")
    form.fill(
        name="Worm", kind="malware", first_port="3127", last_port="3198", transport="tcp",
        description_en="A worm.[^a]", description_tr="Bir solucan.",
    )  # fmt: skip
    form.add(
        "sources", key="a", title="A source", publisher="", url="https://example.org/", published=""
    )
    assert errors(form.save("_submit")) == []
    change = f"/admin/ports/usage/{Usage.objects.get().pk}/change/"
    publishing = change.replace("change", "publishing")
    publish_submitted(editor, publishing, "en", "tr")
    assert "Bir solucan." in reader.get("/tr/ports/3144/").content.decode()
    Form(editor, change).fill(last_port="3199").save()
    assert "A worm." not in reader.get("/en/ports/3199/").content.decode()
    Form(editor, change).save("_submit")
    assert "A worm." not in reader.get("/en/ports/3199/").content.decode()
    publish_submitted(editor, publishing)
    assert "A worm." in reader.get("/en/ports/3199/").content.decode()
    form = Form(editor, change).fill(first_port="9999")
    assert errors(form.save()) != []

    form = Form(editor, "/admin/ports/gloss/add/")
    form.fill(service_name="ssh", text_en="Logging in elsewhere.")
    assert errors(form.save("_submit")) == []
    gloss = Gloss.objects.get()
    publish_submitted(editor, f"/admin/ports/gloss/{gloss.pk}/publishing/")
    assert "Logging in elsewhere." in reader.get("/en/services/ssh/").content.decode()
    assert "ssh | 22 | tcp" in editor.get(f"/admin/ports/gloss/{gloss.pk}/change/").content.decode()
    assert editor.get(f"/admin/ports/gloss/{gloss.pk}/preview/en/").status_code == 200


def test_a_port_form_opens_in_fourteen_queries_however_full(
    editor: Client, django_assert_max_num_queries: object
) -> None:
    owner, _article = published_article(3440)
    for index in range(20):
        add(owner, FAQ, question_en=f"{index}?", answer_en="So.")
        add(owner, History, date="2004", title_en=f"{index}")
    publish(owner)
    address = f"{PORT}?language=tr&language=ar&language=de&language=ja&language=id"
    editor.get(address)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert editor.get(address).status_code == 200


def test_a_port_list_opens_in_six_queries(
    editor: Client, django_assert_max_num_queries: object
) -> None:
    load_articles()
    for query in ("", "?q=3440", "?q=ans-console", "?article=live", "?article=draft"):
        editor.get(f"/admin/ports/port/{query}")
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            assert editor.get(f"/admin/ports/port/{query}").status_code == 200


def test_the_port_list_finds_ports_by_service_and_by_state(editor: Client) -> None:
    owner, _article = published_article(3440)
    add(owner, FAQ, question_en="Why?", answer_en="So.")
    save(owner)
    published_article(22)

    def found(query: str) -> list[str]:
        page = editor.get(f"/admin/ports/port/?{query}").content.decode()
        return re.findall(r"/admin/ports/port/(\d+)/change/", page)

    assert found("q=ans-console") == ["3440"]
    assert found("article=live") == ["22", "3440"]
    assert found("article=draft") == ["3440"]


DOORS = [
    ("get", "/admin/ports/port/3440/change/"),
    ("post", "/admin/ports/port/3440/change/"),
    ("get", "/admin/ports/port/3440/publishing/"),
    ("post", "/admin/ports/port/3440/publishing/"),
    ("get", "/admin/ports/port/3440/preview/en/"),
    ("get", "/admin/ports/usage/add/"),
    ("get", "/admin/ports/gloss/add/"),
]


@pytest.mark.parametrize(("method", "address"), DOORS)
def test_every_door_is_closed_to_strangers_and_to_staff_without_the_right(
    client: Client, method: str, address: str
) -> None:
    published_article(3440)
    assert getattr(client, method)(address).status_code == 302
    member = member_of_staff("view_port", "change_article", "add_faq")
    assert getattr(member, method)(address).status_code == 403


def refuses(client: Client, action: str, number: int) -> bool:
    """Whether neither the publishing page shows a button nor the server does what it would do."""
    page = client.get(PUBLISHING)
    assert page.status_code == 200
    answer = client.post(
        PUBLISHING,
        {
            "action": action, "language": "en", "number": str(number), "source_number": "1",
            "note": "So.", "live_from": "2099-01-01T00:00",
        },
    )  # fmt: skip
    return f'value="{action}"' not in page.content.decode() and answer.status_code == 403


def test_who_may_write_may_not_publish(reader: Client) -> None:
    owner, _article = published_article(3440)
    writer = with_roles("member", "writer")
    assert "_publish" not in writer.get(PORT).content.decode()
    form = Form(writer, PORT).fill(**{"articles-0-title_en": "A draft"})
    assert errors(form.save("_submit")) == []
    for action in ("approve", "approve_without_review", "request_changes"):
        assert refuses(writer, action, 2)
    approve(owner)
    for action in ("publish", "unpublish", "schedule", "call_off"):
        assert refuses(writer, action, 2)
    assert "A draft" not in reader.get("/en/ports/3440/").content.decode()
    edition = Edition.objects.select_related("live_revision").get(document=owner)
    assert edition.live_revision is not None
    assert edition.live_revision.number == 1


def test_who_may_publish_may_not_write() -> None:
    owner, article = published_article(3440)
    write_text(article, "title", "en", "A draft")
    save(owner)
    publisher = with_roles("member", "publisher")
    page = publisher.get(PORT)
    assert page.status_code == 200
    assert "_submit" not in page.content.decode()
    assert publisher.post(PORT, {}).status_code == 403
    for action in ("revert", "submit", "still_correct"):
        assert refuses(publisher, action, 2)
    press(publisher, PUBLISHING, "unpublish")
    assert Edition.objects.get(document=owner).live_revision is None
    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize("code", ["tr", "ar", "ja"])
def test_the_forms_speak_the_editors_language(editor: Client, code: str) -> None:
    User.objects.update(preferred_language=code)
    load_articles()
    for address in (PORT, "/admin/ports/port/3440/publishing/", "/admin/ports/usage/add/"):
        page = editor.get(address).content.decode()
        assert f'lang="{code}"' in page
        for english in (
            "Save draft",
            "submit for review",
            "Where this stands",
            "Withdraw",
            "Make this the draft",
        ):
            assert english not in page
