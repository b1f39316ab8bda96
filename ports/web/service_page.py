"""The page of a service, put together: its registrations and its explanation."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ports.change_facts import told
from ports.editorial import page_content
from ports.editorial.contributors import contributors
from ports.editorial.page_content import LiveDocument
from ports.editorial.rendering import page_texts
from ports.languages import Language
from ports.models import Assignment
from ports.port_facts import registrations, remarks
from ports.registry_excerpt import registry_excerpt
from ports.web.page import page


def service_page(
    request: HttpRequest,
    language: Language,
    name: str,
    records: list[Assignment],
    documents: list[LiveDocument],
    *,
    is_preview: bool = False,
) -> HttpResponse:
    """The page of a service with these records and documents on it."""
    registered = registrations(records)
    excerpt = registry_excerpt(
        page_content.cited_ports(documents),
        changes_of=name,
    )
    texts = page_texts(documents, excerpt, language)
    return page(
        request,
        language,
        "ports/service.html",
        {
            "name": name,
            "gloss": texts.glosses.get(name.lower()),
            "notes": texts.notes,
            "texts": texts,
            "has_texts": bool(documents),
            "contributors": None if is_preview else contributors(documents, language),
            "registrations": registered,
            "ports": sorted(
                {(r.first_port, r.last_port) for r in registered if r.first_port is not None}
            ),
            "remarks": remarks(records),
            "other_names": Assignment.objects.other_names_of(name),
            "changes": told(excerpt.changes),
            "snapshot": excerpt.snapshot,
            "is_preview": is_preview,
        },
        indexable=not is_preview,
        is_translated=texts.is_translated,
        path=reverse("service", args=[language, name]),
    )
