"""The page of a port, put together: registry facts and what editors wrote."""

import re
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags

from ports import sentences
from ports.change_facts import concerns, told
from ports.check_commands import EXAMPLE_HOST, commands_for
from ports.editorial import page_content
from ports.editorial.contributors import contributors
from ports.editorial.page_content import LiveDocument
from ports.editorial.rendering import page_texts
from ports.languages import Language
from ports.port_facts import port_facts, shown_beside
from ports.registry_excerpt import registry_excerpt
from ports.web import feeds
from ports.web.page import page
from ports.web.timeline import timeline

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
    excerpt = registry_excerpt(
        {*shown_beside(number), *page_content.cited_ports(documents)},
        changes_of=number,
    )
    facts = port_facts(number, excerpt)
    texts = page_texts(documents, excerpt, language)
    changes = told(change for change in excerpt.changes if concerns(change, number))
    events = timeline(texts.history, facts.registrations, changes, language)
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
