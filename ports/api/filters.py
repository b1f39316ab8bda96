"""Filters that several lists have."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q, QuerySet

from ports.api.listing import Filter
from ports.api.parameters import LARGEST_KEY, integer, one_of, words
from ports.models import Assignment, RegistryChange
from ports.registry.records import LAST_PORT, PortRange, Status, Transport

RANGE: Final = one_of("range", "Of a range of RFC 6335.", [*PortRange])
PROTOCOL: Final = one_of("protocol", "Of a transport protocol.", [*Transport])
SERVICE: Final = words("service", "Of a service name, in any letter case.")
FROM: Final = integer("port__gte", "Of this port number or a higher one.", most=LAST_PORT)
TO: Final = integer("port__lte", "Of this port number or a lower one.", most=LAST_PORT)
UPDATED_SINCE: Final = integer(
    "updated_since",
    "Only what the registry has added or changed since the change with this number: `last_change` "
    "of the registry, when somebody last looked. What it has removed stands in the changes.",
    most=LARGEST_KEY,
)
SEARCHED: Final = words("q", "With all of these words in the name or the description of a record.")
PORT: Final = integer("port", "Of this port number.", most=LAST_PORT)
STATUSES: Final = (Status.ASSIGNED, Status.RESERVED, Status.UNASSIGNED, Status.DEASSIGNED)

SPANS: Final = (
    Filter(PORT, lambda number: Q(first_port__lte=number, last_port__gte=number)),
    Filter(FROM, lambda number: Q(last_port__gte=number)),
    Filter(TO, lambda number: Q(first_port__lte=number)),
    Filter(
        RANGE,
        lambda name: Q(first_port__lte=PortRange(name).last, last_port__gte=PortRange(name).first),
    ),
)
"""Filters of what is about a span of ports: it has some of those asked for."""

OF_PROTOCOL: Final = Filter(PROTOCOL, lambda name: Q(transport=name))


def holds_all(said: str) -> Q:
    """That a record has all of these words in its name or description."""
    condition = Q()
    for word in said.split():
        condition &= Q(service_name__icontains=word) | Q(description__icontains=word)
    return condition


def records_changed_since(number: int) -> Q:
    """That a record is one of those that changes after this one left behind."""
    left = {
        (record["service_name"], record["port_cell"], record["transport"])
        for records in changed_since(number).values_list("after", flat=True)
        for record in records
    }
    rows = Assignment.objects.values_list("pk", "service_name", "port_cell", "transport")
    return Q(pk__in=[pk for pk, *names in rows if tuple(names) in left] if left else [])


def changed_since(number: int) -> QuerySet[RegistryChange]:
    """The changes after this one, in no order."""
    return RegistryChange.objects.filter(id__gt=number).order_by()


def numbers_in(spans: Iterable[tuple[int | None, int | None]]) -> set[int]:
    """The port numbers in some spans; a record without a port has none."""
    return {
        number
        for first, last in spans
        if first is not None and last is not None
        for number in range(first, last + 1)
    }
