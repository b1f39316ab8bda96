"""The page of a service: everything registered under one name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ports.editorial import page_content
from ports.languages import Language
from ports.models import Assignment
from ports.web.service_page import service_page


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
