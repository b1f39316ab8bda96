"""Filters that several lists have."""

from typing import Final

from django.db.models import Q

from ports.api.listing import Filter
from ports.api.parameters import integer, one_of, words
from ports.registry.records import LAST_PORT, PortRange, Status, Transport

RANGE: Final = one_of("range", "Of a range of RFC 6335.", [*PortRange])
PROTOCOL: Final = one_of("protocol", "Of a transport protocol.", [*Transport])
SERVICE: Final = words("service", "Of a service name, in any letter case.")
FROM: Final = integer("port__gte", "Of this port number or a higher one.", most=LAST_PORT)
TO: Final = integer("port__lte", "Of this port number or a lower one.", most=LAST_PORT)
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
