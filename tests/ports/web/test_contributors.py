"""Who wrote what stands on a page, and under which licence."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports import publishing
from ports.models import Article, Document, User
from tests.ports.web.pages import get, source, text
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
    save,
    usage,
    write_text,
)

pytestmark = pytest.mark.django_db


def credit(reader: Client, path: str) -> str:
    """The words of the line that names them, "" where there is none."""
    found = re.search(
        r'<p class="quiet contributors">(.*?)</p>', source(get(reader, path)), re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""


def named(username: str, first_name: str, last_name: str) -> User:
    user = person(username, "writer", "translator")
    user.first_name, user.last_name = first_name, last_name
    user.save()
    return user


def saved_by(owner: Document, row: Any, by: User, code: str, title: str) -> None:
    write_text(row, "title", code, title)
    publishing.save_revision(document=owner, by=by)


def test_those_who_wrote_what_is_live_are_named_in_the_order_they_came(reader: Client) -> None:
    owner, row = published_article(4444)
    saved_by(owner, row, named("b", "Zoë", "Brown"), "en", "Second")
    saved_by(owner, row, person("anonymous", "writer"), "en", "Third")
    saved_by(owner, row, editor(), "en", "Fourth")
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())
    assert credit(reader, "/en/ports/4444/").startswith("Text: ed, Zoë Brown, and anonymous.")


def test_a_later_draft_names_nobody(reader: Client) -> None:
    owner, row = published_article(4444)
    saved_by(owner, row, named("b", "Zoë", "Brown"), "en", "A draft")
    assert credit(reader, "/en/ports/4444/").startswith("Text: ed.")


def test_translators_are_named_where_their_translation_is_shown(reader: Client) -> None:
    owner, row = published_article(4444)
    saved_by(owner, row, named("t", "Ayşe", "Yılmaz"), "tr", "Başlık")
    assert "Yılmaz" not in source(get(reader, "/tr/ports/4444/"))
    approve(owner, "tr")
    publishing.publish(document=owner, language=language("tr"), by=editor())
    words = credit(reader, "/tr/ports/4444/")
    assert words.index("ed") < words.index("Ayşe Yılmaz")
    assert "Yılmaz" not in source(get(reader, "/en/ports/4444/"))
    assert "Yılmaz" not in source(get(reader, "/de/ports/4444/"))


def test_what_came_with_the_program_was_written_by_portsite(reader: Client) -> None:
    owner = document(4444)
    add(owner, Article, title_en="A title")
    publishing.save_revision(document=owner, by=None, origin="bundled")  # type: ignore[arg-type]
    publishing.publish(document=owner, language=language("en"), by=None)
    assert credit(reader, "/en/ports/4444/").startswith("Text: Portsite.")


def test_usages_and_glosses_name_their_writers_too(reader: Client) -> None:
    owner, _row = usage(
        name="A program", kind="legacy", first_port=4444, last_port=4444, description_en="Text."
    )
    publish(owner)
    assert credit(reader, "/en/ports/4444/").startswith("Text: ed.")
    assert "/history/" not in source(get(reader, "/en/ports/4444/"))
    explained, _gloss = gloss(service_name="ssh", text_en="Logging in elsewhere.")
    assert credit(reader, "/en/services/ssh/") == ""
    publish(explained)
    assert credit(reader, "/en/services/ssh/").startswith("Text: ed.")


def test_the_licence_and_the_history_are_linked(reader: Client) -> None:
    published_article(4444)
    page = source(get(reader, "/ar/ports/4444/"))
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license"' in page
    assert '<a href="/ar/ports/4444/history/">' in page
    assert "<bdi>ed</bdi>" in page


def test_a_page_without_texts_names_nobody_and_asks_nothing(reader: Client) -> None:
    owner = document(4444)
    add(owner, Article, title_en="A title")
    save(owner)
    assert credit(reader, "/en/ports/4444/") == ""
    assert "CC BY" not in text(get(reader, "/en/ports/4444/"))
    with CaptureQueriesContext(connection) as without:
        get(reader, "/en/ports/4444/")
    publish(owner)
    with CaptureQueriesContext(connection) as with_texts:
        get(reader, "/en/ports/4444/")
    assert len(with_texts) == len(without) + 1


def test_names_cannot_become_markup(reader: Client) -> None:
    owner, row = published_article(4444)
    saved_by(owner, row, named("x", "<b>", "&amp;"), "en", "Another")
    publish(owner)
    assert "<bdi>&lt;b&gt; &amp;amp;</bdi>" in source(get(reader, "/en/ports/4444/"))


def test_the_etag_changes_with_a_name(reader: Client) -> None:
    published_article(4444)
    before = get(reader, "/en/ports/4444/").headers["ETag"]
    User.objects.filter(username="ed").update(first_name="Ed")
    assert get(reader, "/en/ports/4444/").headers["ETag"] != before


def test_a_preview_names_nobody(reader: Client) -> None:
    published_article(4444)
    client = Client()
    client.force_login(editor())
    page = client.get("/admin/ports/port/4444/preview/en/").content.decode()
    assert "A title" in page
    assert "contributors" not in page
