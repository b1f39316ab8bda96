"""Everything that editors wrote and readers can see, as JSON Lines."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, Final

from django.urls import reverse

from ports.api.addresses import site_url
from ports.api.texts import DocumentTexts
from ports.dumps.licences import CC_BY
from ports.dumps.packing import Packing
from ports.editorial import page_content
from ports.editorial.page_content import LiveDocument
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Document, Edition
from ports.registry_excerpt import registry_excerpt

_AT_ONCE: Final = 100


def write_articles(out: Packing) -> int:
    """Every live document in each language in which it is live; return how many lines."""
    return out.write_lines(_records())


def languages_live() -> list[str]:
    """The tags of the languages in which something is live."""
    live = set(_live().values_list("language", flat=True))
    return [each.tag for each in LANGUAGES if each.code in live]


def _live() -> Any:
    """The editions that readers can see something of."""
    sources = Edition.objects.filter(language=SOURCE.code, live_revision__isnull=False)
    return Edition.objects.filter(
        live_revision__isnull=False, document__in=sources.values("document")
    )


def _records() -> Iterator[dict[str, Any]]:
    for language in LANGUAGES:
        ids = _live().filter(language=language.code).order_by("document")
        for batch in batched(list(ids.values_list("document", flat=True)), _AT_ONCE):
            yield from _of_documents(batch, language)


def _of_documents(ids: Sequence[int], language: Language) -> Iterator[dict[str, Any]]:
    documents = page_content.of_documents(ids, language)
    excerpt = registry_excerpt(page_content.cited_ports(documents))
    for document in documents:
        yield {
            "document": document.id,
            "kind": document.kind,
            "port": document.port,
            "lang": language.tag,
            "revision": document.revision.number,
            "page": _page(document, language),
            "licence": CC_BY.spdx,
            **DocumentTexts([document], excerpt, language).of_port(),
        }


def _page(document: LiveDocument, language: Language) -> str:
    """Where a document is read."""
    if document.kind == Document.Kind.GLOSS:
        (gloss,) = document.of_kind("gloss")
        return site_url(reverse("service", args=[language, gloss.fields["service_name"]]))
    port = document.port
    if document.kind == Document.Kind.USAGE:
        (usage,) = document.of_kind("usage")
        port = usage.fields["first_port"]
    return site_url(reverse("port", args=[language, port]))
