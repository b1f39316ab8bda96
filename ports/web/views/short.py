"""Short addresses of ports and services, as people type them: /3440, /ssh."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ports.models import Assignment, RegistryChange
from ports.web.middleware import accepted
from ports.web.views.home import lead_to


@require_safe
def port(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to the page of a port in the reader's language."""
    return lead_to(reverse("port", args=[accepted(request), number]))


@require_safe
def service(request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the page of a service, withdrawn ones too, in the reader's language."""
    found = _published(name.removesuffix("/"))
    return lead_to(reverse("service", args=[accepted(request), found]))


def _published(name: str) -> str:
    """The name as the registry spells it, or spelled it last; raises Http404."""
    if "\x00" in name:
        raise Http404
    names = list(Assignment.objects.of_service(name).values_list("service_name", flat=True))
    for change in RegistryChange.objects.of_service(name)[:1] if not names else ():
        names = [change.service_name, change.former_name]
    alike = [found for found in names if found.lower() == name.lower()]
    if not alike:
        raise Http404
    return name if name in alike else alike[0]
