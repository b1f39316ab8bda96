"""The page of a service: everything registered under one name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ports.languages import Language
from ports.models import Assignment, Snapshot
from ports.port_facts import registrations, remarks
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
    registered = registrations(records)
    return page(
        request,
        language,
        "ports/service.html",
        {
            "name": name,
            "registrations": registered,
            "ports": sorted(
                {(r.first_port, r.last_port) for r in registered if r.first_port is not None}
            ),
            "remarks": remarks(records),
            "snapshot": Snapshot.objects.current(),
        },
    )
