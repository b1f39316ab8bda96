"""The page of a service: everything registered under one name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ports.change_facts import name_before
from ports.editorial import page_content
from ports.languages import Language
from ports.models import Assignment, RegistryChange
from ports.web.gone_service_page import gone_service_page
from ports.web.service_page import service_page


@require_safe
def service(request: HttpRequest, language: Language, name: str) -> HttpResponse:
    """The registrations under a service name, with or without a port."""
    if "\x00" in name:
        raise Http404
    records = list(Assignment.objects.of_service(name))
    if not records:
        return _gone_service(request, language, name)
    published_names = {record.service_name for record in records}
    if name not in published_names:
        return redirect("service", language, records[0].service_name, permanent=True)
    return service_page(request, language, name, records, page_content.on_service(name, language))


def _gone_service(request: HttpRequest, language: Language, name: str) -> HttpResponse:
    """A name that the registry held once; 404 for one that it never held."""
    changes = list(RegistryChange.objects.of_service(name).newest_first().with_snapshots())
    names = [name_before(change) for change in changes]
    published_names = [found for found in names if found.lower() == name.lower()]
    if not published_names:
        raise Http404
    if name not in published_names:
        return redirect("service", language, published_names[0], permanent=True)
    return gone_service_page(request, language, name, changes)
