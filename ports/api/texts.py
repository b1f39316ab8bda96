"""How editors' texts look in answers: as Markdown and as HTML, each with its language."""

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any, Final

from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, strip_tags

from ports.api import shapes
from ports.api.addresses import site_url
from ports.editorial import markdown
from ports.editorial.expansion import expanded
from ports.editorial.footnotes import Footnotes, Note
from ports.editorial.page_content import LiveDocument, Part
from ports.editorial.parts import Markup
from ports.languages import Language
from ports.models import Document
from ports.registry_excerpt import RegistryExcerpt
from ports.token_values import token_html
from ports.tokens import PortLink, RegistryToken

# What would be read as Markdown in the value of a token.
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>{}#|~]")


def sentence(text: str, language: Language) -> dict[str, Any]:
    """A sentence that this site makes of facts: it is in the language that was asked for."""
    return {"text": plain(text), "lang": language.tag, "is_fallback": False}


def plain(html: str) -> str:
    """The words of a piece of HTML."""
    return unescape(strip_tags(html))


class DocumentTexts:
    """What editors wrote in some documents, as one who asks in a language is given it.

    Footnotes are numbered in the order in which the members of an answer are made.
    """

    def __init__(
        self, documents: list[LiveDocument], excerpt: RegistryExcerpt, language: Language
    ) -> None:
        self.languages: set[Language] = set()
        self._documents = documents
        self._excerpt = excerpt
        self._language = language
        self._footnotes = Footnotes()

    def of_port(self) -> dict[str, Any]:
        """The members that editors' texts make in the answer about a port."""
        own = next((each for each in self._documents if each.kind == Document.Kind.PORT), None)
        return {
            "article": self._article(own) if own else None,
            "assessment": self._assessment(own) if own else None,
            "usages": list(self._each("usage", self._usage)),
            "histories": list(self._each("history", self._history)),
            "faqs": list(self._each("faq", self._faq)),
            "glosses": self.glosses(),
            "sources": self.sources(),
        }

    def part(self, document: LiveDocument, part: Part) -> dict[str, Any]:
        """The members that a part of a document makes, with the sources that it cites."""
        shown: dict[str, Callable[[LiveDocument, Part], dict[str, Any]]] = {
            "usage": self._usage,
            "history": self._history,
            "faq": self._faq,
        }
        members = shown[part.kind.name](document, part)
        return {**members, "sources": self._sources(self._footnotes.cited())}

    def glosses(self) -> list[dict[str, Any]]:
        """What services are for, in plain words."""
        return list(self._each("gloss", self._gloss))

    def sources(self) -> list[dict[str, Any]]:
        """What the texts cite, by number; those that none of them cites at the end."""
        return self._sources(self._footnotes.notes(self._documents))

    def _sources(self, notes: Iterable[Note]) -> list[dict[str, Any]]:
        return [
            {
                "number": note.number,
                "title": note.source["title"],
                "publisher": note.source["publisher"] or None,
                "url": note.source["url"] or None,
                "published": shapes.date(note.source["published"]),
            }
            for note in notes
        ]

    def _each(
        self, kind: str, shown: Callable[[LiveDocument, Part], dict[str, Any]]
    ) -> Iterable[dict[str, Any]]:
        for document in self._documents:
            for part in document.of_kind(kind):
                yield shown(document, part)

    def _article(self, document: LiveDocument) -> dict[str, Any] | None:
        for part in document.of_kind("article"):
            texts = {name: self._text(document, part, name) for name in part.kind.texts}
            if texts["title"] is not None:
                return {
                    **texts,
                    "reviewed_at": shapes.moment(document.reviewed_at),
                    "is_outdated": document.is_outdated,
                }
        return None

    def _assessment(self, document: LiveDocument) -> dict[str, Any] | None:
        for part in document.of_kind("assessment"):
            return {
                "level": part.fields["level"],
                "as_of": shapes.date(part.fields["as_of"]),
                "expected": self._text(document, part, "expected"),
                "exposure": self._text(document, part, "exposure"),
            }
        return None

    def _usage(self, document: LiveDocument, part: Part) -> dict[str, Any]:
        return {
            "uuid": part.fields["uuid"],
            "name": part.fields["name"],
            "kind": part.fields["kind"],
            "first_port": part.fields["first_port"],
            "last_port": part.fields["last_port"],
            "protocol": part.fields["transport"] or None,
            "description": self._text(document, part, "description"),
        }

    def _history(self, document: LiveDocument, part: Part) -> dict[str, Any]:
        return {
            "uuid": part.fields["uuid"],
            "date": shapes.date(part.fields["date"]),
            "title": self._text(document, part, "title"),
            "text": self._text(document, part, "text"),
        }

    def _faq(self, document: LiveDocument, part: Part) -> dict[str, Any]:
        return {
            "uuid": part.fields["uuid"],
            "question": self._text(document, part, "question"),
            "answer": self._text(document, part, "answer"),
        }

    def _gloss(self, document: LiveDocument, part: Part) -> dict[str, Any]:
        return {
            "service_name": part.fields["service_name"],
            "text": self._text(document, part, "text"),
        }

    def _text(self, document: LiveDocument, part: Part, field: str) -> dict[str, Any] | None:
        text = part.texts.get(field)
        if text is None:
            return None
        self.languages.add(text.language)
        inline = part.kind.texts[field] == Markup.INLINE
        # The facts in a text speak its language, whichever was asked for.
        with translation.override(text.language.code):
            in_markdown = expanded(
                text.source,
                markdown.Values(self._token_in_markdown, self._footnote(document, "[^{}]")),
                inline=inline,
            )
            render = markdown.render_inline if inline else markdown.render
            in_html = render(
                text.source,
                markdown.Values(
                    self._token_in_html,
                    self._footnote(document, '<sup class="footnote">{}</sup>'),
                ),
            )
        return {
            "markdown": in_markdown,
            "html": in_html,
            "lang": text.language.tag,
            "is_fallback": text.language is not self._language,
        }

    def _footnote(self, document: LiveDocument, mark: str) -> Callable[[str], str]:
        def marked(key: str) -> str:
            note = self._footnotes.note(document, key)
            return format_html(mark, note.number) if note else ""

        return marked

    def _token_in_markdown(self, token: RegistryToken) -> str:
        if isinstance(token, PortLink):
            label, address = self._link(token)
            return f"[{label}]({address})"
        return _SPECIAL.sub(r"\\\g<0>", plain(token_html(token, self._excerpt, self._language)))

    def _token_in_html(self, token: RegistryToken) -> str:
        if isinstance(token, PortLink):
            label, address = self._link(token)
            return format_html('<a href="{}" dir="ltr">{}</a>', address, label)
        return token_html(token, self._excerpt, self._language)

    def _link(self, token: PortLink) -> tuple[str, str]:
        """What a link to a port says, and the whole address of the page."""
        path = reverse("port", args=[self._language, token.port])
        if not token.transport:
            return str(token.port), site_url(path)
        return f"{token.port}/{token.transport}", site_url(f"{path}#{token.transport}")
