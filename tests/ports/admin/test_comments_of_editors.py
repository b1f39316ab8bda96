"""The comments on a document's publishing page, and the note in its form."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports import comments
from ports.languages import LANGUAGES
from ports.models import FAQ, Article, Comment, Document, Edition, Revision
from tests.ports.admin.forms import press
from tests.ports.admin.staff import with_roles
from tests.ports.writing import add, document, person, save, write, write_text

pytestmark = pytest.mark.django_db

PAGE = "/admin/ports/port/4444/publishing/"
DOOR = "/admin/ports/port/4444/comments/"


@pytest.fixture
def article() -> Article:
    """An article in English and Turkish, saved and not published."""
    owner = document(4444)
    row: Article = add(owner, Article, title_en="A title", title_tr="Bir başlık")
    add(owner, FAQ, question_en="Why?", answer_en="So.")
    save(owner)
    return row


def section(answer: Any, code: str = "en") -> str:
    """What stands on the page about the comments on an edition."""
    page = answer.content.decode()
    return str(page.partition(f'id="comments-{code}"')[2].partition("</section>")[0])


def begin(editor: Client, code: str = "en", **sent: Any) -> Any:
    data = {"action": "begin", "language": code, "number": "1", "about": "", "text": "Which one?"}
    return editor.post(DOOR, data | sent, follow=True)


def in_thread(editor: Client, action: str, text: str = "", code: str = "en") -> Any:
    thread = Comment.objects.filter(thread=None).latest("id")
    data = {"action": action, "language": code, "thread": thread.pk, "text": text}
    return editor.post(DOOR, data, follow=True)


def settled(part: str) -> str:
    return part.partition('<details class="settled">')[2].partition("</details>")[0]


def test_a_comment_stands_under_its_field_in_words(article: Article) -> None:
    editor = with_roles("wri", "writer")
    answer = begin(editor, about=f"{article.uuid}:title")
    assert answer.redirect_chain == [(f"{PAGE}#comments-en", 302)]
    assert "The comment was added." in answer.content.decode()
    part = section(answer)
    assert re.search(r"<h4>Article – title</h4>\s*<div class=\"thread\"", part)
    assert "Which one?" in part
    assert "<bdi>wri</bdi>" in part
    assert "1 open comment" in part
    assert "Which one?" not in section(answer, "tr")


def test_fields_are_offered_in_words_and_the_whole_text_first(article: Article) -> None:
    editor = with_roles("wri", "writer")
    part = section(editor.get(PAGE))
    offered = re.findall(r'<option value="([^"]*)">([^<]*)</option>', part)
    assert offered[0] == ("", "The whole text")
    assert (f"{article.uuid}:body", "Article – body") in offered
    assert (f"{FAQ.objects.get().uuid}:answer", "Question and answer 1 – answer") in offered
    for about, _name in offered:
        begin(editor, about=about)
    assert Comment.objects.count() == len(offered) > 5


def test_a_thread_is_answered_settled_and_opened_again(article: Article) -> None:
    writer, reviewer = with_roles("wri", "writer"), with_roles("rev", "reviewer")
    begin(reviewer, about=f"{article.uuid}:title")
    part = section(in_thread(writer, "answer", "The second one."))
    assert part.index("Which one?") < part.index("The second one.")
    part = section(in_thread(reviewer, "settle"))
    assert "0 open comments" in part
    assert "1 settled comment" in part
    assert "The second one." in settled(part)
    assert "<bdi>rev</bdi>" in settled(part)
    part = section(in_thread(writer, "reopen"))
    assert "1 open comment" in part
    assert settled(part) == ""


def test_what_is_written_beside_settle_becomes_an_answer(article: Article) -> None:
    editor = with_roles("wri", "writer")
    begin(editor)
    part = section(in_thread(editor, "settle", "Done."))
    assert "Done." in settled(part)
    assert Comment.objects.filter(thread=None, settled_at=None).count() == 0


def test_a_comment_on_an_older_revision_stays_and_says_so(article: Article) -> None:
    editor = with_roles("wri", "writer")
    begin(editor, about=f"{article.uuid}:title", text="About the title")
    begin(editor, about=f"{article.uuid}:body", text="About the body")
    begin(editor, about="", text="About it all")
    assert "on revision" not in section(editor.get(PAGE))
    write_text(article, "title", "en", "A better title")
    save(Document.objects.get())
    part = section(editor.get(PAGE))
    assert part.count("on revision 1") == 3
    said = {
        text: "The text has changed since." in thread
        for text in ("About the title", "About the body", "About it all")
        for thread in part.split('<div class="thread"')
        if text in thread
    }
    assert said == {"About the title": True, "About the body": False, "About it all": True}


def test_a_comment_is_on_the_revision_that_its_writer_saw(article: Article) -> None:
    editor = with_roles("wri", "writer")
    write_text(article, "title", "en", "A better title")
    save(Document.objects.get())
    begin(editor, number="1")
    assert Comment.objects.get().revision.number == 1


def test_what_is_about_a_withdrawn_part_is_kept_at_the_end(article: Article) -> None:
    editor = with_roles("wri", "writer")
    question = FAQ.objects.get()
    begin(editor, about=f"{question.uuid}:answer", text="About the answer")
    begin(editor, about=f"{article.uuid}:title", text="About the title")
    write(question, removed_at="2026-01-01T00:00Z")
    save(Document.objects.get())
    part = section(editor.get(PAGE))
    assert "Question and answer 1 – answer (withdrawn)" in part
    assert part.index("About the title") < part.index("About the answer")
    assert f'value="{question.uuid}:answer"' not in part


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_nothing_typed_is_lost_when_it_is_refused(article: Article, text: str) -> None:
    editor = with_roles("wri", "writer")
    about = f"{article.uuid}:body"
    answer = begin(editor, "tr", about=about, text=text)
    assert "Write a comment of at most 4,000 characters." in answer.content.decode()
    part = section(answer, "tr")
    assert '<details class="begin" open>' in part
    assert f'value="{about}" selected' in part
    assert f"required>\n{text}</textarea>" in part
    assert '<details class="begin">' in section(answer, "en")
    begin(editor)
    part = section(in_thread(editor, "answer", text))
    assert f">\n{text}</textarea>" in part
    assert Comment.objects.count() == 1


def test_an_answer_to_what_was_settled_meanwhile_is_not_lost_either(article: Article) -> None:
    editor = with_roles("wri", "writer")
    begin(editor)
    in_thread(editor, "settle")
    text = "x" * 4001
    assert text not in settled(section(in_thread(editor, "answer", text)))
    assert text in section(in_thread(editor, "answer", text))


def test_a_field_that_is_gone_is_told_and_the_text_kept(article: Article) -> None:
    editor = with_roles("wri", "writer")
    for about in ("nothing", f"{article.uuid}", f"{article.uuid}:nothing"):
        answer = begin(editor, about=about, text="Kept & shown")
        assert "not there any more" in answer.content.decode()
        assert "Kept &amp; shown" in section(answer)
    assert not Comment.objects.exists()


def test_the_page_with_what_was_refused_publishes_as_the_page_itself(article: Article) -> None:
    editor = with_roles("wri", "writer")
    page = begin(editor, text="").content.decode()
    actions = re.findall(r'<form method="post" action="([^"]*)"', page)
    assert set(actions) == {PAGE, DOOR}
    assert '<form method="post" class' not in page
    assert "Submitted for review" in press(editor, PAGE, "submit").content.decode()


def test_strangers_are_refused_and_see_no_form(article: Article) -> None:
    editor = with_roles("wri", "writer")
    begin(editor)
    translator = with_roles("tra", "translator:tr")
    assert begin(translator).status_code == 403
    for action in ("answer", "settle", "reopen"):
        assert in_thread(translator, action, "So.").status_code == 403
    part = section(translator.get(PAGE))
    assert "Which one?" in part
    assert "<form" not in part
    assert "<form" in section(translator.get(PAGE), "tr")
    nobody = with_roles("nobody")
    assert begin(nobody).status_code == 403
    assert "login" in begin(Client()).redirect_chain[0][0]
    assert Comment.objects.count() == 1


def test_what_is_not_there_is_not_found(article: Article) -> None:
    editor = with_roles("wri", "writer")
    begin(editor)
    other = document(4445)
    add(other, Article, title_en="Another title")
    save(other)
    assert begin(editor, number="9").status_code == 404
    assert begin(editor, "de").status_code == 404
    assert begin(editor, number="٤").status_code == 404
    assert begin(editor, action="delete").status_code == 404
    thread = {"action": "answer", "language": "en", "text": "So.", "thread": "1" * 30}
    assert editor.post(DOOR, thread).status_code == 404
    thread["thread"] = str(Comment.objects.get().pk)
    assert editor.post(DOOR.replace("4444", "4445"), thread).status_code == 404
    assert editor.get(DOOR).status_code == 302
    assert Comment.objects.count() == 1


def test_the_form_says_how_many_comments_are_open_in_each_language(article: Article) -> None:
    editor = with_roles("wri", "writer")
    form = "/admin/ports/port/4444/change/"
    assert "open comment" not in editor.get(form).content.decode()
    begin(editor, "tr")
    begin(editor, "tr")
    begin(editor)
    page = editor.get(form).content.decode()
    assert re.search(rf'<a href="{PAGE}#comments-tr"><bdi lang="tr">Türkçe</bdi>: 2 open', page)
    assert re.search(rf'<a href="{PAGE}#comments-en"><bdi lang="en">English</bdi>: 1 open', page)


def test_comments_cannot_become_markup(article: Article) -> None:
    editor = with_roles("wri", "writer")
    part = section(begin(editor, text="<script>alert(1)</script>"))
    assert "<script>" not in part
    assert "&lt;script&gt;" in part


def test_200_comments_in_25_languages_cost_two_queries() -> None:
    owner = document(4444)
    titles = {f"title_{each.code.replace('-', '_')}": f"Title {each.code}" for each in LANGUAGES}
    titles["title_ind"] = titles.pop("title_id")
    article = add(owner, Article, **titles)
    save(owner)
    editor, by = with_roles("wri", "writer"), person("rev", "reviewer")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert editor.get(PAGE).status_code == 200
        return len(captured)

    queries()
    before = queries()
    revisions = Revision.objects.select_related("edition__document").order_by("id")
    for revision in revisions:
        for index in range(4):
            about = {"part": article.uuid, "field": "title"} if index else {}
            thread = comments.add(revision=revision, text=f"No. {index}", by=by, **about)
            comments.answer(thread=thread, text="So.", by=by)
            if index == 1:
                comments.settle(thread=thread, by=by)
    for each in titles:
        write(article, **{each: "Another title"})
    save(owner)
    assert Comment.objects.count() == 200
    assert Edition.objects.count() == 25
    assert queries() <= before + 2
