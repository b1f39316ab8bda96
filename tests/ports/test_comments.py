"""What editors say to each other about a text."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from ports import comments
from ports.comments import CommentTextError, NoSuchFieldError
from ports.models import Article, Comment, Document, Edition, Revision, Source, User
from ports.roles import NotAllowedError
from tests.ports.writing import add, document, person, published_article, save, write_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    """An article in English and Turkish, saved and not published."""
    owner = document(4444)
    row: Article = add(owner, Article, title_en="A title", title_tr="Bir başlık")
    add(owner, Source, key="rfc1", title="A source", url="https://example.org/")
    save(owner)
    return row


def latest(code: str = "en") -> Revision:
    edition = Edition.objects.select_related("latest_revision__edition__document").get(
        language=code
    )
    assert edition.latest_revision is not None
    return edition.latest_revision


def writer() -> User:
    return person("wri", "writer")


def begun(article: Article, code: str = "en", **fields: Any) -> Comment:
    about = {"part": article.uuid, "field": "title", "text": "Why?", "by": writer()}
    return comments.add(revision=latest(code), **about | fields)


def test_a_comment_stands_at_a_field_of_a_revision(article: Article) -> None:
    comment = begun(article, text="  Which program?\r\nSay it.  ")
    stored = Comment.objects.get()
    assert (stored.part, stored.field, stored.thread) == (article.uuid, "title", None)
    assert stored.text == "Which program?\nSay it."
    assert stored.revision == latest()
    assert stored.by == comment.by == writer()
    assert stored.settled_at is None


def test_a_comment_may_be_about_the_whole(article: Article) -> None:
    comment = begun(article, part=None, field="")
    assert (comment.part, comment.field) == (None, "")


@pytest.mark.parametrize(
    ("roles", "code", "may"),
    [
        (["writer"], "en", True),
        (["writer"], "tr", True),
        (["writer:en"], "tr", True),
        (["reviewer:en"], "en", True),
        (["publisher:en"], "en", True),
        (["publisher:en"], "tr", False),
        (["translator:tr"], "tr", True),
        (["reviewer:tr"], "tr", True),
        (["publisher:tr"], "tr", True),
        (["translator:tr"], "en", False),
        (["translator:de"], "tr", False),
        ([], "en", False),
    ],
)
def test_who_has_a_role_in_the_language_or_writes_english_may_comment(
    article: Article, roles: list[str], code: str, may: bool
) -> None:
    by = person("somebody", *roles)
    if may:
        begun(article, code, by=by)
        return
    with pytest.raises(NotAllowedError):
        begun(article, code, by=by)
    thread = begun(article, code)
    for refused in (
        lambda: comments.answer(thread=thread, text="So.", by=by),
        lambda: comments.settle(thread=thread, by=by),
        lambda: comments.reopen(thread=thread, by=by),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001, "a\x00b"])
def test_what_is_no_text_is_refused(article: Article, text: str) -> None:
    with pytest.raises(CommentTextError):
        begun(article, text=text)
    thread = begun(article)
    with pytest.raises(CommentTextError):
        comments.answer(thread=thread, text=text, by=writer())
    assert Comment.objects.count() == 1


def test_the_longest_comment_is_taken_as_browsers_send_it(article: Article) -> None:
    assert len(begun(article, text="x\r\n" * 1999 + "xx").text) == 4000


def test_a_field_must_be_there(article: Article) -> None:
    for about in (
        {"field": "nothing"},
        {"field": "question"},
        {"field": ""},
        {"part": uuid4()},
        {"part": None},
    ):
        with pytest.raises(NoSuchFieldError):
            begun(article, **about)
    assert not Comment.objects.exists()


def test_what_is_no_text_is_commented_on_in_english_only(article: Article) -> None:
    source = Source.objects.get()
    begun(article, part=source.uuid, field="url")
    with pytest.raises(NoSuchFieldError):
        begun(article, "tr", part=source.uuid, field="url")


def test_a_translation_may_be_asked_about_a_part_that_came_later(article: Article) -> None:
    later = add(Document.objects.get(), Source, key="new", title="T", url="https://example.org/")
    save(Document.objects.get())
    with pytest.raises(NoSuchFieldError):
        begun(article, "tr", part=later.uuid, field="title")
    begun(article, "tr", field="body")


def test_a_part_of_another_document_is_not_there(article: Article) -> None:
    _owner, other = published_article(4445)
    edition = Edition.objects.get(document__port=4444, language="en")
    revision = Revision.objects.get(edition=edition)
    with pytest.raises(NoSuchFieldError):
        comments.add(revision=revision, part=other.uuid, field="title", text="?", by=writer())


def test_answers_belong_to_the_comment_that_began_the_thread(article: Article) -> None:
    thread = begun(article)
    first = comments.answer(thread=thread, text="Because.", by=writer())
    second = comments.answer(thread=first, text="I see.", by=writer())
    assert first.thread == second.thread == thread
    assert [each.text for each in thread.answers.all()] == ["Because.", "I see."]
    assert {each.field for each in Comment.objects.all()} == {"title"}


def test_a_thread_is_settled_once_and_opened_again(article: Article) -> None:
    thread = begun(article)
    reviewer = person("rev", "reviewer")
    comments.settle(thread=thread, by=reviewer)
    settled = Comment.objects.get()
    assert (settled.settled_by, settled.settled_at is None) == (reviewer, False)
    comments.settle(thread=thread, by=writer())
    assert Comment.objects.get().settled_by == reviewer
    comments.reopen(thread=thread, by=writer())
    assert (Comment.objects.get().settled_by, Comment.objects.get().settled_at) == (None, None)


def test_an_answer_opens_a_settled_thread_again(article: Article) -> None:
    thread = begun(article)
    comments.settle(thread=thread, by=writer())
    comments.answer(thread=thread, text="Not so fast.", by=writer())
    assert comments.open_threads(Document.objects.get()) == {"en": 1}


def test_open_threads_are_counted_by_language(article: Article) -> None:
    thread = begun(article)
    comments.answer(thread=thread, text="Because.", by=writer())
    begun(article, part=None, field="")
    begun(article, "tr")
    owner = Document.objects.get()
    assert comments.open_threads(owner) == {"en": 2, "tr": 1}
    comments.settle(thread=thread, by=writer())
    assert comments.open_threads(owner) == {"en": 1, "tr": 1}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ports_comment SET text = 'Never said'",
        "UPDATE ports_comment SET at = '2020-01-01'",
        "UPDATE ports_comment SET field = 'body'",
        "UPDATE ports_comment SET part = NULL, field = ''",
        "UPDATE ports_comment SET by_id = by_id + 1",
        "UPDATE ports_comment SET revision_id = revision_id + 1",
        "UPDATE ports_comment SET id = id + 1",
        "UPDATE ports_comment SET thread_id = id",
        "UPDATE ports_comment SET settled_at = at, settled_by_id = by_id, text = 'Never said'",
        "DELETE FROM ports_comment",
    ],
)
def test_the_database_refuses_to_change_or_delete_what_was_said(
    article: Article, statement: str
) -> None:
    begun(article)
    with pytest.raises(IntegrityError, match="ports_comment is append-only"):
        execute(statement)
    assert Comment.objects.get().text == "Why?"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has it")
def test_sqlite_refuses_to_replace_or_renumber_what_was_said(article: Article) -> None:
    begun(article)
    names = [field.column for field in Comment._meta.concrete_fields if field.column != "text"]
    others = ", ".join(names)
    for statement in (
        f"REPLACE INTO ports_comment (text, {others}) SELECT 'No', {others} FROM ports_comment",  # noqa: S608
        "UPDATE ports_comment SET rowid = 99",
    ):
        with pytest.raises(IntegrityError):
            execute(statement)


def test_the_guard_comes_back_when_the_database_is_migrated(article: Article) -> None:
    begun(article)
    on = " ON ports_comment" if connection.vendor == "postgresql" else ""
    execute(
        *(f"DROP TRIGGER ports_comment_no_{action}{on}" for action in ("UPDATE", "DELETE")),
        "UPDATE ports_comment SET text = 'Never said'",
    )
    call_command("migrate", verbosity=0)
    for statement in ("UPDATE ports_comment SET text = 'Nor this'", "DELETE FROM ports_comment"):
        with pytest.raises(IntegrityError):
            execute(statement)
    execute("UPDATE ports_comment SET settled_at = at, settled_by_id = by_id")


def test_a_comment_stays_with_its_revision_when_another_is_saved(article: Article) -> None:
    comment = begun(article)
    write_text(article, "title", "en", "A better title")
    save(Document.objects.get())
    assert Comment.objects.get().revision_id == comment.revision_id != latest().pk


def execute(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
