"""What is worth a look stands beside the form and on the publishing page, and stops nobody."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from ports.bundled_articles import load_articles
from ports.models import FAQ, Article, Document, Source, SourceLink, User
from ports.source_links.silence import digest
from tests.ports.admin.forms import Form
from tests.ports.admin.staff import publish_submitted
from tests.ports.admin.test_document_form import errors
from tests.ports.writing import add, document, gloss, save, usage

pytestmark = pytest.mark.django_db

PORT = "/admin/ports/port/3440/change/"
PUBLISHING = "/admin/ports/port/3440/publishing/"


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_superuser("editor", working_languages=["tr"])
    client.force_login(user)
    return client


def concerns(response: Any) -> list[str]:
    """The lines of every list of what is worth a look, as text."""
    page = response.content.decode()
    return [
        " ".join(re.sub(r"<[^>]*>", "", item).split())
        for listed in re.findall(r'<ul class="concerns".*?</ul>', page, re.DOTALL)
        for item in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    ]


def written(body: str, number: int = 3440, **texts: str) -> Document:
    owner = document(number)
    add(owner, Article, title_en="A title", body_en=body, **texts)
    save(owner)
    return owner


def test_after_a_save_the_form_shows_what_is_worth_a_look_and_leads_to_the_field(
    editor: Client,
) -> None:
    form = Form(editor, PORT)
    form.fill(**{"articles-0-title_en": "A title", "articles-0-body_en": "So.\r\n\r\nans-console"})
    form.add(
        "sources", key="rfc", title="RFC", publisher="", url="https://example.org/", published=""
    )
    response = form.save()
    assert errors(response) == []
    fact, source = sorted(concerns(response), key=lambda line: "[^rfc]" in line)
    assert fact.startswith("English, Article – body, line 3 ")
    assert "{service 3440/tcp}" in fact
    assert "No text cites the source [^rfc]." in source
    page = response.content.decode()
    for input_id in ("id_articles-0-body_en", "id_sources-0-key"):
        assert f'href="#{input_id}"' in page
        assert f'id="{input_id}"' in page


def test_a_form_shows_what_concerns_its_languages_only(editor: Client) -> None:
    owner = written("A story.", body_tr="Mart 2002", body_de="März 2002")
    add(owner, FAQ, question_en="Why?", answer_en="So.", answer_tr="ans-console")
    save(owner)
    lines = concerns(editor.get(PORT))
    assert [line.partition(" ")[0] for line in lines] == ["Türkçe,", "Türkçe,"]
    assert "question and answer 1 – answer" in " ".join(lines).lower()
    assert len(concerns(editor.get(f"{PORT}?language=de"))) == 1


def test_the_publishing_page_shows_it_with_each_edition_and_publishing_goes_on(
    editor: Client,
) -> None:
    written("ans-console", body_tr="Mart 2002")
    page = editor.get(PUBLISHING)
    english, turkish = concerns(page)
    assert english.startswith("Article – body, line 1 ")
    assert "{registered 3440/tcp}" in turkish
    uuid = Article.objects.get().uuid
    assert f'href="{PORT}?language=tr#part-{uuid}"' in page.content.decode()
    assert f'id="part-{uuid}"' in editor.get(f"{PORT}?language=tr").content.decode()
    assert errors(Form(editor, PORT).save("_submit")) == []
    publish_submitted(editor, PUBLISHING, "en")
    assert Document.objects.get().has_live_article


@pytest.mark.parametrize(
    "address",
    [
        "/en/ports/70000/", "/en/services/no-such/", "/no-such-service", "/en/nothing/",
        "/xx/ports/1/", "/admin/", "http://localhost:8000/en/ports/70000/", "/en/services/%00/",
    ],
)  # fmt: skip
def test_a_link_to_no_page_of_this_site_is_worth_a_look(
    editor: Client, settings: Any, address: str
) -> None:
    settings.SITE_URL = "http://localhost:8000"
    written(f"See [this]({address}).")
    (line,) = concerns(editor.get(PORT))
    assert "leads to no page of this site" in line


def test_links_to_pages_that_there_are_are_fine(editor: Client, settings: Any) -> None:
    settings.SITE_URL = "http://localhost:8000"
    addresses = (
        "/", "/en/", "/tr/ports/22/", "/en/ports/22/#tcp", "/en/ports/22", "/22", "/ssh", "/SSH",
        "/en/services/ssh/", "/en/services/z39.50/", "/en/services/cl/1/", "/en/search/?q=x",
        "/en/changes/", "http://localhost:8000/en/ports/1/", "https://example.org/en/ports/70000/",
        "http://localhost:80001/nothing",
    )  # fmt: skip
    written(" ".join(f"[a]({address})" for address in addresses))
    assert concerns(editor.get(PORT)) == []


def test_facts_of_ports_that_the_text_cites_count_too(editor: Client) -> None:
    written("See [[3144]], which is tarantella.")
    (line,) = concerns(editor.get(PORT))
    assert "{service 3144/tcp}" in line


def test_a_usage_is_about_the_ports_of_its_span_and_a_gloss_about_those_of_its_service(
    editor: Client,
) -> None:
    owner, row = usage(
        name="Worm", kind="malware", first_port=3439, last_port=3441, description_en="ans-console"
    )
    save(owner)
    (line,) = concerns(editor.get(f"/admin/ports/usage/{row.pk}/change/"))
    assert "{service 3440/tcp}" in line
    owner, explained = gloss(service_name="ans-console", text_en="Since March 2002.")
    save(owner)
    page = editor.get(f"/admin/ports/gloss/{explained.pk}/change/")
    assert "{registered 3440/tcp}" in concerns(page)[0]
    assert 'href="#id_text_en"' in page.content.decode()
    assert editor.get(f"/admin/ports/gloss/{explained.pk}/publishing/").status_code == 200


@pytest.mark.parametrize(
    ("answered_at", "words"),
    [
        (datetime(2026, 3, 5, tzinfo=UTC), "did not answer since March 5, 2026"),
        (None, "has not answered so far"),
    ],
)
def test_a_source_that_is_dead_is_worth_a_look(
    editor: Client, answered_at: datetime | None, words: str
) -> None:
    owner = document(3440)
    for key in ("rfc", "iana"):
        url = f"https://example.org/{key}"
        add(owner, Source, key=key, title="A source", url=url)
        SourceLink.objects.create(
            url=url, url_sha256=digest(url), status=404, answered_at=answered_at,
            failures=3 if key == "rfc" else 2,
        )  # fmt: skip
    written("So.[^rfc] [^iana]")
    for page in (PORT, PUBLISHING):
        (line,) = concerns(editor.get(page))
        assert "[^rfc]" in line
        assert words in line
        assert "404" in line


def test_what_is_written_there_is_escaped(editor: Client) -> None:
    written("[x](/<script>alert(1)</script>)")
    assert "<script>alert" not in editor.get(PORT).content.decode()


def test_the_bundled_articles_give_no_false_alarm(editor: Client) -> None:
    load_articles()
    for found in Document.objects.all():
        model, pk = found.owner
        address = f"/admin/ports/{model._meta.model_name}/{pk}/publishing/"
        assert concerns(editor.get(address)) == [], address


def test_it_costs_few_queries_however_much_there_is(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    written("[a](/en/services/ssh/) {service 22/tcp}", body_tr="ans-console")
    owner = Document.objects.get()
    for index in range(10):
        add(owner, Source, key=f"s{index}", title="A", url=f"https://example.org/{index}")
        add(
            owner, FAQ, question_en=f"{index}?",
            answer_en=f"{{service {index + 20}/tcp}} [b](/en/services/no-{index}/) ans-console",
        )  # fmt: skip
    save(owner)
    assert len(concerns(editor.get(PORT))) == 31
    with django_assert_max_num_queries(17):
        editor.get(PORT)


def test_nothing_is_shown_of_what_was_never_written(editor: Client) -> None:
    assert concerns(editor.get("/admin/ports/port/9/change/")) == []
