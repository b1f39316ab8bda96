"""Whatever is saved in one language on a screen of editors, the others stay as they were."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from modeltranslation.utils import build_localized_fieldname

from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import FAQ, Article, Document, Edition, User
from tests.ports.admin.forms import Form
from tests.ports.test_publishing_any_sequence import all_columns, revisions
from tests.ports.writing import add, document, save

pytestmark = pytest.mark.django_db

TRANSLATIONS = [each for each in LANGUAGES if each is not SOURCE]
# What a browser sends, and a text may be: no surrogates and no NUL; no token or footnote that is
# none, which is refused.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{["), max_size=30),
    st.sampled_from(["", "  ", "1\r\n\r\n2", "  code", "<b>&amp;</b>", "نص", "İı", "\u200f"]),
)
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def stored(text: str, *, is_line: bool) -> str:
    """A text as it is kept: with plain line ends, and without blank space at its ends."""
    lines = text.replace("\r\n", "\n")
    if is_line:
        return lines.strip()
    kept = lines.rstrip().split("\n")
    while len(kept) > 1 and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept)


class OneLanguage(TestCase):
    """Runs each example in a transaction of its own, with the admin in another language."""

    def write(self) -> None:
        """A document that has texts in some languages, so that there is something to spoil."""
        self.owner: Document = document(4242)
        values = {"body_en": "Text", "title_en": "Title"}
        for each in LANGUAGES[1::3]:
            values[build_localized_fieldname("title", each.code)] = f"Title {each.code}"
        self.article: Article = add(self.owner, Article, **values)
        self.question: FAQ = add(
            self.owner, FAQ, question_en="Why?", answer_en="So.", answer_ar="هكذا."
        )
        save(self.owner)

    @given(
        language=st.sampled_from(TRANSLATIONS),
        active=st.sampled_from(LANGUAGES),
        title=texts,
        answer=texts,
        in_step=st.booleans(),
    )
    @few
    def test_the_translation_desk(
        self, language: Language, active: Language, title: str, answer: str, in_step: bool
    ) -> None:
        self.write()
        form = Form(
            self.somebody(active), f"/admin/ports/port/4242/translate/{language.code}/"
        ).tick("in_step", on=in_step)
        form.fill(**{f"{self.article.uuid}-title": title, f"{self.question.uuid}-answer": answer})
        self.save_and_compare(form, language, title, answer)

    @given(
        language=st.sampled_from(TRANSLATIONS),
        active=st.sampled_from(LANGUAGES),
        title=texts,
        answer=texts,
    )
    @few
    def test_the_form_of_a_document(
        self, language: Language, active: Language, title: str, answer: str
    ) -> None:
        self.write()
        form = Form(
            self.somebody(active), f"/admin/ports/port/4242/change/?language={language.code}"
        )
        form.fill(
            **{
                f"articles-0-{build_localized_fieldname('title', language.code)}": title,
                f"faqs-0-{build_localized_fieldname('answer', language.code)}": answer,
            }
        )
        self.save_and_compare(form, language, title, answer)

    def somebody(self, active: Language) -> Client:
        """A superuser whose admin speaks this language."""
        client = Client()
        user = User.objects.create_superuser(f"user-{User.objects.count()}")
        User.objects.filter(pk=user.pk).update(preferred_language=active.code)
        client.force_login(user)
        return client

    def save_and_compare(self, form: Form, language: Language, title: str, answer: str) -> None:
        rows, kept = all_columns(self.owner), self.revisions_but(language)
        response = form.save()
        assert response.status_code == 200
        assert response.redirect_chain, "it was saved"

        wanted: dict[Any, dict[str, str]] = {
            self.article.uuid: {
                build_localized_fieldname("title", language.code): stored(title, is_line=True)
            },
            self.question.uuid: {
                build_localized_fieldname("answer", language.code): stored(answer, is_line=False)
            },
        }
        now = all_columns(self.owner)
        for uuid, row in rows.items():
            changed = wanted.get(uuid, {})
            assert {name: value or "" for name, value in now[uuid].items()} == {
                name: changed.get(name, value or "") for name, value in row.items()
            }
        assert self.revisions_but(language) == kept
        plain = Article.objects.rewrite(False).values_list("title", "body").get()  # type: ignore[attr-defined]
        assert plain == ("Title", "Text"), "the plain column follows English"
        edition = Edition.objects.select_related("latest_revision").filter(language=language.code)
        held = [each.latest_revision.texts for each in edition if each.latest_revision]
        title_held = [texts.get(str(self.article.uuid), {}).get("title", "") for texts in held]
        assert title_held in ([], [stored(title, is_line=True)])

    def revisions_but(self, language: Language) -> dict[str, Any]:
        """What there is of revisions in the other languages."""
        found: dict[str, Any] = revisions(self.owner)
        for code, latest in Edition.objects.values_list("language", "latest_revision"):
            found[code] = (found[code], latest)
        found.pop(language.code, None)
        return found
