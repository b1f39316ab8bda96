"""The page of a port, put together: registry facts and what editors wrote."""

import re
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags

from ports import sentences
from ports.check_commands import EXAMPLE_HOST, commands_for
from ports.editorial import page_content
from ports.editorial.contributors import contributors
from ports.editorial.page_content import LiveDocument
from ports.languages import Language
from ports.web import feeds
from ports.web.contents import port_content
from ports.web.page import page

_FOOTNOTE = re.compile(r'<sup class="footnote">.*?</sup>')


def port_page(
    request: HttpRequest,
    language: Language,
    number: int,
    documents: list[LiveDocument],
    *,
    is_preview: bool = False,
) -> HttpResponse:
    """The page of a port with these documents on it."""
    content = port_content(language, number, documents)
    facts, texts, events = content.facts, content.texts, content.timeline
    answer = sentences.answer(facts)
    summary = texts.article.summary if texts.article else None
    return page(
        request,
        language,
        "ports/port.html",
        {
            "facts": facts,
            "texts": texts,
            "has_texts": bool(documents),
            "revision": page_content.revision_of(documents),
            "contributors": None if is_preview else contributors(documents, language),
            "timeline": events,
            "feeds": feeds.of_port(language, number),
            "answer": answer,
            "description": unescape(strip_tags(_FOOTNOTE.sub("", str(summary or answer)))),
            "range_name": sentences.range_name(facts.range),
            "commands": commands_for(number, speaks_tls=facts.speaks_tls),
            "example_host": EXAMPLE_HOST,
            "snapshot": facts.snapshot,
            "is_preview": is_preview,
        },
        indexable=not (is_preview or (facts.says_nothing and texts.is_empty and not events)),
        is_translated=texts.is_translated,
        path=reverse("port", args=[language, number]),
    )
