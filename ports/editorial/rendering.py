"""Editors' texts as they stand on a page: rendered, with today's facts and numbered footnotes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ports import formats
from ports.editorial import markdown
from ports.editorial.footnotes import Footnotes, Note
from ports.editorial.page_content import LiveDocument, Part
from ports.editorial.parts import Markup
from ports.formats import registry_date
from ports.languages import Language
from ports.models import Assessment, Document, Usage
from ports.registry_excerpt import RegistryExcerpt
from ports.token_values import token_html


class Fragment(NamedTuple):
    """A rendered text, marked with its language where that is not the page's."""

    html: SafeString
    is_translated: bool

    def __str__(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class ArticleTexts:
    """The story of a port."""

    title: Fragment
    summary: Fragment | None
    body: Fragment | None
    lesson: Fragment | None


@dataclass(frozen=True, slots=True)
class AssessmentTexts:
    """Whether to worry."""

    level: str
    label: str
    as_of: str
    expected: Fragment | None
    exposure: Fragment | None


@dataclass(frozen=True, slots=True)
class UsageTexts:
    """What really runs on a port or a span of ports."""

    name: str
    kind: str
    label: str
    first_port: int
    last_port: int
    transport: str
    description: Fragment | None


@dataclass(frozen=True, slots=True)
class EventTexts:
    """A dated event: `date` for machines, `when` for people."""

    date: str
    when: str
    title: Fragment | None
    text: Fragment | None


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    """A question and its answer."""

    question: Fragment | None
    answer: Fragment | None


@dataclass(frozen=True, slots=True)
class PageTexts:
    """Everything editors wrote for a page. `glosses` are by lowercase service name.

    `reviewed_on` is the day, in words, on which the last of it was approved by somebody who wrote
    none of it; "" where some of it was not, or where there is nothing.
    """

    article: ArticleTexts | None
    assessment: AssessmentTexts | None
    usages: list[UsageTexts]
    history: list[EventTexts]
    questions: list[QuestionTexts]
    glosses: dict[str, Fragment]
    notes: list[Note]
    is_translated: bool
    is_outdated: bool
    reviewed_on: str

    @property
    def has_malware(self) -> bool:
        return any(usage.kind == Usage.Kind.MALWARE for usage in self.usages)

    @property
    def is_empty(self) -> bool:
        return not (
            self.article or self.assessment or self.usages or self.history or self.questions
        )


def page_texts(
    documents: list[LiveDocument], excerpt: RegistryExcerpt, language: Language
) -> PageTexts:
    """Render what stands on a page in `language`, in its order, so that footnotes count up."""
    page = _Page(excerpt, language)
    own = next((d for d in documents if d.kind == Document.Kind.PORT), None)
    article = page.article(own) if own else None
    glosses = dict(page.glosses(documents))
    assessment = page.assessment(own) if own else None
    usages = [page.usage(d, part) for d in documents for part in d.of_kind("usage")]
    history = [page.event(own, part) for part in own.of_kind("history")] if own else []
    questions = [page.question(own, part) for part in own.of_kind("faq")] if own else []
    return PageTexts(
        article=article,
        assessment=assessment,
        usages=usages,
        history=history,
        questions=questions,
        glosses=glosses,
        notes=page.footnotes.notes(documents),
        is_translated=page.is_translated,
        is_outdated=any(document.is_outdated for document in documents),
        reviewed_on=_reviewed_on(documents),
    )


def _reviewed_on(documents: list[LiveDocument]) -> str:
    reviews = [document.reviewed_at for document in documents]
    reviewed = [review for review in reviews if review is not None]
    if not reviewed or len(reviewed) < len(reviews):
        return ""
    return registry_date(max(reviewed).date().isoformat())


class _Page:
    def __init__(self, excerpt: RegistryExcerpt, language: Language) -> None:
        self.footnotes = Footnotes()
        self.is_translated = True
        self._excerpt = excerpt
        self._language = language

    def article(self, document: LiveDocument) -> ArticleTexts | None:
        for part in document.of_kind("article"):
            title = self._text(document, part, "title")
            if title is not None:
                return ArticleTexts(
                    title=title,
                    summary=self._text(document, part, "summary"),
                    body=self._text(document, part, "body"),
                    lesson=self._text(document, part, "lesson"),
                )
        return None

    def assessment(self, document: LiveDocument) -> AssessmentTexts | None:
        for part in document.of_kind("assessment"):
            return AssessmentTexts(
                level=part.fields["level"],
                label=str(Assessment.Level(part.fields["level"]).label),
                as_of=formats.registry_date(part.fields["as_of"]),
                expected=self._text(document, part, "expected"),
                exposure=self._text(document, part, "exposure"),
            )
        return None

    def usage(self, document: LiveDocument, part: Part) -> UsageTexts:
        return UsageTexts(
            name=part.fields["name"],
            kind=part.fields["kind"],
            label=str(Usage.Kind(part.fields["kind"]).label),
            first_port=part.fields["first_port"],
            last_port=part.fields["last_port"],
            transport=part.fields["transport"],
            description=self._text(document, part, "description"),
        )

    def event(self, document: LiveDocument, part: Part) -> EventTexts:
        return EventTexts(
            date=part.fields["date"],
            when=formats.registry_date(part.fields["date"]),
            title=self._text(document, part, "title"),
            text=self._text(document, part, "text"),
        )

    def question(self, document: LiveDocument, part: Part) -> QuestionTexts:
        return QuestionTexts(
            question=self._text(document, part, "question"),
            answer=self._text(document, part, "answer"),
        )

    def glosses(self, documents: Iterable[LiveDocument]) -> Iterable[tuple[str, Fragment]]:
        for document in documents:
            for part in document.of_kind("gloss"):
                text = self._text(document, part, "text")
                if text is not None:
                    yield part.fields["service_name"].lower(), text

    def _text(self, document: LiveDocument, part: Part, field: str) -> Fragment | None:
        text = part.texts.get(field)
        if text is None:
            return None
        is_translated = text.language is self._language
        self.is_translated = self.is_translated and is_translated
        values = markdown.Values(
            token=lambda token: token_html(token, self._excerpt, self._language),
            footnote=lambda key: self.footnotes.mark(document, key),
        )
        inline = part.kind.texts[field] == Markup.INLINE
        # The facts in a text speak its language, also on a page that is in another.
        with translation.override(text.language.code):
            render = markdown.render_inline if inline else markdown.render
            html = SafeString(render(text.source, values))
        if is_translated:
            return Fragment(html, is_translated)
        return Fragment(
            format_html(
                '<{0} lang="{1}" dir="{2}">{3}</{0}>',
                "span" if inline else "div",
                text.language.tag,
                text.language.direction,
                html,
            ),
            is_translated,
        )
