"""Saves that wait for another's: whoever comes second is told, on connections of their own."""

import shutil
import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from ports import publishing
from ports.bundled_articles import ARTICLES, Fate, load_articles
from ports.models import Article, Edition, Port, Revision, Usage
from tests.ports.admin.forms import Form
from tests.ports.admin.test_document_form import errors
from tests.ports.admin.test_two_editors import signed_in
from tests.ports.writing import add, document, editor, save, usage, write_text

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite lets one transaction write at a time, and its test database has one "
        "connection",
    ),
]


def wait_until_one_waits() -> None:
    """Return once another connection waits for a lock of this one."""
    deadline = time.monotonic() + 10
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks "
                "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.02)


class Aside(Thread):
    """Runs something on a connection of its own."""

    def __init__(self, work: Any) -> None:
        super().__init__()
        self.work, self.result = work, None

    def run(self) -> None:
        try:
            self.result = self.work()
        finally:
            connection.close()


def test_a_usage_saved_while_another_save_waited_is_not_overwritten() -> None:
    Port.objects.get_or_create(number=50)
    owner, row = usage(
        name="Worm", kind="malware", first_port=50, last_port=60, description_en="Base."
    )
    save(owner)
    form = Form(signed_in("ben"), f"/admin/ports/usage/{row.pk}/change/")
    form.fill(description_en="Ben's.")
    late = Aside(form.save)
    with transaction.atomic():
        publishing.lock(owner)
        late.start()
        wait_until_one_waits()
        write_text(row, "description", "en", "Anna's.")
        save(owner)
    late.join()
    assert any("Anna&#x27;s." in error for error in errors(late.result))
    assert Usage.objects.values_list("description_en", flat=True).get() == "Anna's."


def test_a_first_article_saved_while_another_waited_is_not_begun_twice() -> None:
    form = Form(signed_in("ben"), "/admin/ports/port/3440/change/")
    form.fill(**{"articles-0-title_en": "Ben's"})
    late = Aside(form.save)
    with transaction.atomic():
        publishing.lock_owner(Port, 3440)
        late.start()
        wait_until_one_waits()
        owner = document(3440)
        add(owner, Article, title_en="Anna's")
        save(owner)
    late.join()
    assert any("Anna&#x27;s" in error for error in errors(late.result))
    assert list(Article.objects.values_list("title_en", flat=True)) == ["Anna's"]


def test_loading_the_bundled_articles_waits_for_an_editor_and_leaves_their_work(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(ARTICLES, tmp_path / "articles"))
    load_articles(folder)
    owner, article = document(3440), Article.objects.get(port_id=3440)
    path = folder / "port/3440/en.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    late = Aside(lambda: load_articles(folder))
    with transaction.atomic():
        publishing.lock(owner)
        late.start()
        wait_until_one_waits()
        write_text(article, "title", "en", "An editor's title")
        publishing.save_revision(document=owner, by=editor())
    late.join()
    assert Fate.KEPT in {loaded.fate for loaded in late.result}
    article = Article.objects.get(port_id=3440)
    assert "More." not in Article.objects.values_list("body_en", flat=True).get(pk=article.pk)


def test_a_form_shows_the_text_of_the_revision_it_says_it_was_opened_with() -> None:
    Port.objects.get_or_create(number=50)
    owner = document(50)
    article = add(owner, Article, title_en="Before")
    save(owner)
    saved: list[Aside] = []

    def save_another() -> None:
        write_text(article, "title", "en", "After")
        save(owner)

    def interrupt(execute: Any, sql: str, *arguments: Any) -> Any:
        found = execute(sql, *arguments)
        reads_editions = sql.startswith(f'SELECT "{Edition._meta.db_table}"')
        if not saved and reads_editions:
            saved.append(Aside(save_another))
            saved[0].start()
            saved[0].join()
        return found

    ben = signed_in("ben")
    with connection.execute_wrapper(interrupt):
        form = Form(ben, "/admin/ports/port/50/change/")
    assert Revision.objects.count() == 2, "somebody saved while the form was read"
    assert (form.values["base-en"], form.values["articles-0-title_en"]) == ("1", "Before")
