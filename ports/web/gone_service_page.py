"""The page of a service that was removed from the registry, or renamed: its last known facts."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from ports.change_facts import last_known, name_before, told
from ports.languages import Language
from ports.models import RegistryChange, Snapshot
from ports.port_facts import registrations, remarks
from ports.registry.changes import ChangeKind
from ports.web.page import page


def gone_service_page(
    request: HttpRequest, language: Language, name: str, changes: list[RegistryChange]
) -> HttpResponse:
    """The page of a name that no record carries any more; `changes` are its own, newest first."""
    leaving = [change for change in changes if name_before(change) == name]
    since = leaving[0].snapshot
    records = last_known(change for change in leaving if change.snapshot_id == since.pk)
    return page(
        request,
        language,
        "ports/service_gone.html",
        {
            "name": name,
            "since": since,
            "new_names": list(
                dict.fromkeys(
                    change.service_name for change in leaving if change.kind == ChangeKind.RENAMED
                )
            ),
            "registrations": registrations(records),
            "remarks": remarks(records),
            "changes": told(changes),
            "snapshot": Snapshot.objects.current(),
        },
        status=HTTPStatus.GONE,
    )
