"""The page of a service: everything registered under one name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ports.editorial import page_content
from ports.editorial.page_content import LiveDocument
from ports.editorial.rendering import page_texts
from ports.languages import Language
from ports.models import Assignment
from ports.port_facts import registrations, remarks
from ports.registry_excerpt import registry_excerpt
from ports.web.page import page


@require_safe
def service(request: HttpRequest, language: Language, name: str) -> HttpResponse:
    """The registrations under a service name, with or without a port."""
    if "\x00" in name:
        raise Http404
    records = list(Assignment.objects.of_service(name))
    if not records:
        raise Http404
    published_names = {record.service_name for record in records}
    if name not in published_names:
        return redirect("service", language, records[0].service_name, permanent=True)
    return service_page(request, language, name, records, page_content.on_service(name, language))


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
    excerpt = registry_excerpt(page_content.cited_ports(documents))
    texts = page_texts(documents, excerpt, language)
    return page(
        request,
        language,
        "ports/service.html",
        {
            "name": name,
            "gloss": texts.glosses.get(name.lower()),
            "notes": texts.notes,
            "registrations": registered,
            "ports": sorted(
                {(r.first_port, r.last_port) for r in registered if r.first_port is not None}
            ),
            "remarks": remarks(records),
            "snapshot": excerpt.snapshot,
            "is_preview": is_preview,
        },
        indexable=not is_preview,
        is_translated=texts.is_translated,
    )
