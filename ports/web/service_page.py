"""The page of a service, put together: its registrations and its explanation."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ports.editorial.contributors import contributors
from ports.editorial.page_content import LiveDocument
from ports.languages import Language
from ports.models import Assignment
from ports.web.contents import service_content
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
    content = service_content(language, name, records, documents)
    texts = content.texts
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
            "registrations": content.registrations,
            "ports": content.ports,
            "remarks": content.remarks,
            "other_names": content.other_names,
            "changes": content.changes,
            "snapshot": content.snapshot,
            "is_preview": is_preview,
        },
        indexable=not is_preview,
        is_translated=texts.is_translated,
        path=reverse("service", args=[language, name]),
    )
