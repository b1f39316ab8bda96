"""The registry as a whole: the snapshot that is stored, what changed in it, its ranges."""

from typing import Any, Final

from django.db.models import Q, QuerySet

from ports.api import shapes
from ports.api.filters import OF_PROTOCOL, SERVICE, SPANS
from ports.api.listing import Filter, Listing, Row
from ports.api.parameters import LARGEST_KEY, integer, one_of
from ports.api.resource import Resource
from ports.api.schemas import (
    ADDRESS,
    COMPONENTS,
    MOMENT,
    NUMBER,
    PORT,
    a_list,
    an_object,
    or_null,
    text,
    with_members,
)
from ports.api.schemas import one_of as schema_of
from ports.models import RegistryChange, Snapshot
from ports.registry.records import PortRange

_SOURCE: Final = "https://www.iana.org/assignments/service-names-port-numbers"
_LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_TERMS: Final = {
    PortRange.SYSTEM: "System Ports",
    PortRange.USER: "User Ports",
    PortRange.DYNAMIC: "Dynamic Ports",
}


class Registry(Resource):
    """Which state of IANA's registry the answers are made of."""

    schema = an_object(
        snapshot=or_null(
            with_members(
                "Snapshot",
                sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
                record_count=NUMBER,
                accepted_at=MOMENT,
                checked_at=or_null(MOMENT),
            )
        ),
        last_change=or_null(NUMBER),
        source=ADDRESS,
        licence=ADDRESS,
    )

    def versions(self) -> tuple[object, ...]:
        checked = Snapshot.objects.order_by("-id").values_list("checked_at", flat=True)[:1]
        return (*super().versions(), *checked)

    def modified(self) -> int | None:
        return None

    def body(self) -> Any:
        current = Snapshot.objects.current()
        changes = RegistryChange.objects.order_by("-id").values_list("id", flat=True)
        return {
            "snapshot": _whole(current) if current else None,
            "last_change": changes.first(),
            "source": _SOURCE,
            "licence": _LICENCE,
        }


class Ranges(Resource):
    """The three ranges of port numbers of RFC 6335."""

    schema = an_object(
        results=a_list(
            an_object(
                name=schema_of(PortRange), registry_term=text(), first_port=PORT, last_port=PORT
            )
        ),
        next={"type": "null"},
    )

    def body(self) -> Any:
        return {
            "results": [
                {
                    "name": each.value,
                    "registry_term": _TERMS[each],
                    "first_port": each.first,
                    "last_port": each.last,
                }
                for each in PortRange
            ],
            "next": None,
        }


class Changes(Listing):
    """What changed in the registry, in the order in which it became known here."""

    result = COMPONENTS["Change"]
    filters = (
        Filter(
            integer(
                "since",
                "Only changes after the one with this number: what `last_change` of the registry "
                "said when somebody last looked, or the last `id` they saw.",
                most=LARGEST_KEY,
            ),
            lambda number: Q(id__gt=number),
        ),
        Filter(
            one_of("kind", "What happened to the record.", RegistryChange.Kind.values),
            lambda kind: Q(kind=kind),
        ),
        *SPANS,
        OF_PROTOCOL,
        Filter(SERVICE, lambda name: Q(service_name__iexact=name) | Q(former_name__iexact=name)),
    )

    def queryset(self) -> QuerySet[RegistryChange]:
        return RegistryChange.objects.with_snapshots()

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        return [Row(each.pk, shapes.change(each)) for each in rows]


def _whole(found: Snapshot) -> dict[str, Any]:
    return {
        **shapes.snapshot(found),
        "sha256": found.sha256,
        "record_count": found.record_count,
        "accepted_at": shapes.moment(found.accepted_at),
        "checked_at": shapes.moment(found.checked_at),
    }
