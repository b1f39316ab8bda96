"""Whatever editors do, in whatever order: no language touches another, no revision changes."""

import uuid
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from modeltranslation.utils import fallbacks

from ports import publishing
from ports.editorial.parts import PARTS, column
from ports.languages import LANGUAGES, SOURCE
from ports.models import FAQ, Article, Document, Edition, History, Revision
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    save,
    write,
    write_text,
)

CODES = [each.code for each in LANGUAGES]
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{[\\`"), max_size=20
).map(str.strip)


def all_columns(owner: Document) -> dict[Any, dict[str, Any]]:
    """Every translated column of every working row of a document."""
    return {
        row.pop("uuid"): row
        for kind in PARTS[owner.kind]
        if kind.texts
        for row in kind.rows(owner).values(
            "uuid", *(column(text, each) for each in LANGUAGES for text in kind.texts)
        )
    }


def revisions(owner: Document) -> dict[str, list[tuple[int, str]]]:
    return {
        edition.language: list(edition.revisions.order_by("number").values_list("number", "digest"))
        for edition in Edition.objects.filter(document=owner)
    }


def save_and_approve(owner: Document) -> None:
    """Make every revision one that may be published."""
    approve(owner, *save(owner))


class AnySequence(TestCase):
    """Runs each example in a transaction of its own."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        code=st.sampled_from(CODES),
        active=st.sampled_from(CODES),
        falls_back=st.booleans(),
        before=st.dictionaries(st.sampled_from(CODES), texts, max_size=6),
        text=texts,
        field=st.sampled_from(["title", "summary", "body", "lesson"]),
    )
    def test_a_text_saved_in_one_language_leaves_every_other_untouched(
        self,
        code: str,
        active: str,
        falls_back: bool,
        before: dict[str, str],
        text: str,
        field: str,
    ) -> None:
        owner = document(22)
        article = add(owner, Article, title_en="A title")
        for other, value in before.items():
            write_text(article, field, other, value)
        save(owner)
        columns, made = all_columns(owner), revisions(owner)
        with translation.override(active), fallbacks(falls_back):
            write_text(article, field, code, text)
            save(owner)
        changed = column(field, language(code))
        for uuid_, row in all_columns(owner).items():
            expected = {**columns[uuid_], **({changed: text} if uuid_ == article.uuid else {})}
            assert row == expected
        now = revisions(owner)
        assert {k: v for k, v in now.items() if k != code} == {
            k: v for k, v in made.items() if k != code
        }

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_any_sequence_gives_back_exactly_the_revision_named(self, data: st.DataObject) -> None:
        owner = document(22)
        rows: list[Any] = [add(owner, Article, title_en="A title", title_tr="Başlık")]
        save_and_approve(owner)
        kept: dict[tuple[str, int], tuple[Any, Any]] = {}
        live: dict[str, int] = {}
        active = data.draw(st.sampled_from(CODES))
        with translation.override(active):
            for _step in range(data.draw(st.integers(1, 10))):
                self._remember(owner, kept)
                code = data.draw(st.sampled_from(["en", "tr", "id"]))
                action = data.draw(
                    st.sampled_from(
                        ["write", "add", "withdraw", "move", "revert", "publish", "unpublish"]
                    )
                )
                numbers = [number for c, number in kept if c == code]
                if action == "write":
                    row = data.draw(st.sampled_from(rows))
                    text = {"Article": "body", "FAQ": "answer", "History": "text"}[
                        type(row).__name__
                    ]
                    write_text(row, text, code, data.draw(texts))
                    save_and_approve(owner)
                elif action == "add":
                    model = data.draw(st.sampled_from([FAQ, History]))
                    values = (
                        {"question_en": "Why?", "answer_en": str(uuid.uuid4())}
                        if model is FAQ
                        else {"date": "2004-01", "title_en": "An event"}
                    )
                    rows.append(add(owner, model, position=data.draw(st.integers(0, 3)), **values))
                    save_and_approve(owner)
                elif action in {"withdraw", "move"} and len(rows) > 1:
                    row = data.draw(st.sampled_from(rows[1:]))
                    write(
                        row,
                        **(
                            {"removed_at": timezone.now()}
                            if action == "withdraw"
                            else {"position": 9}
                        ),
                    )
                    save_and_approve(owner)
                elif action == "revert" and numbers:
                    number = data.draw(st.sampled_from(numbers))
                    latest = publishing.revert(
                        document=owner, language=language(code), number=number, by=editor()
                    )
                    approve(owner, *revisions(owner))
                    assert (latest.structure, latest.texts) == kept[code, number]
                elif action == "publish" and numbers and (code == "en" or "en" in live):
                    number = data.draw(st.sampled_from(numbers))
                    publishing.publish(
                        document=owner, language=language(code), by=editor(), number=number
                    )
                    live[code] = number
                elif action == "unpublish" and code in live:
                    publishing.unpublish(document=owner, language=language(code), by=editor())
                    live = (
                        {} if code == SOURCE.code else {c: n for c, n in live.items() if c != code}
                    )
        self._remember(owner, kept)
        for (code, number), content in kept.items():
            revision = Revision.objects.get(
                edition__document=owner, edition__language=code, number=number
            )
            assert (revision.structure, revision.texts) == content, "a revision changed"
        pointers = {
            edition.language: edition.live_revision.number
            for edition in Edition.objects.filter(document=owner).exclude(live_revision=None)
            if edition.live_revision
        }
        assert pointers == live

    def _remember(self, owner: Document, kept: dict[tuple[str, int], tuple[Any, Any]]) -> None:
        for revision in Revision.objects.filter(edition__document=owner).select_related("edition"):
            key = (revision.edition.language, revision.number)
            content = (revision.structure, revision.texts)
            assert kept.setdefault(key, content) == content, "a revision changed"


pytestmark = pytest.mark.django_db
