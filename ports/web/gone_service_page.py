"""The page of a service that was removed from the registry, or renamed: its last known facts."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from ports.languages import Language
from ports.models import RegistryChange
from ports.web.contents import gone_service_content
from ports.web.page import page


def gone_service_page(
    request: HttpRequest, language: Language, name: str, changes: list[RegistryChange]
) -> HttpResponse:
    """The page of a name that no record carries any more; `changes` are its own, newest first."""
    content = gone_service_content(name, changes)
    return page(
        request,
        language,
        "ports/service_gone.html",
        {
            "name": name,
            "since": content.since,
            "new_names": content.new_names,
            "registrations": content.registrations,
            "remarks": content.remarks,
            "changes": content.changes,
            "snapshot": content.snapshot,
        },
        status=HTTPStatus.GONE,
    )
