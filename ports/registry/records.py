"""The registry's rows as values: records, rejected rows, and the words they are made of.

The format is that of IANA's "Service Name and Transport Protocol Port Number Registry" as CSV:
https://www.iana.org/assignments/service-names-port-numbers
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from operator import itemgetter
from typing import Final, NamedTuple

COLUMNS: Final = (
    "Service Name",
    "Port Number",
    "Transport Protocol",
    "Description",
    "Assignee",
    "Contact",
    "Registration Date",
    "Modification Date",
    "Reference",
    "Service Code",
    "Unauthorized Use Reported",
    "Assignment Notes",
)
"""The header of the published file, in its order."""

LAST_PORT: Final = 65535
FIRST_DYNAMIC_PORT: Final = 49152


class Transport(StrEnum):
    """The transport protocols that port numbers are registered for."""

    TCP = "tcp"
    UDP = "udp"
    SCTP = "sctp"
    DCCP = "dccp"


class Status(StrEnum):
    """What the registry says of a port on one transport protocol (RFC 6335, section 6)."""

    ASSIGNED = "assigned"
    RESERVED = "reserved"
    UNASSIGNED = "unassigned"
    DEASSIGNED = "deassigned"
    DYNAMIC = "dynamic"


class PortRange(StrEnum):
    """The three ranges of port numbers (RFC 6335, section 6)."""

    SYSTEM = "system"
    USER = "user"
    DYNAMIC = "dynamic"

    @property
    def first(self) -> int:
        return _RANGE_BOUNDS[self][0]

    @property
    def last(self) -> int:
        return _RANGE_BOUNDS[self][1]

    @classmethod
    def of(cls, number: int) -> "PortRange":
        """The range that port `number` (0..65535) lies in."""
        return next(port_range for port_range in cls if number <= port_range.last)


_RANGE_BOUNDS: Final = {
    PortRange.SYSTEM: (0, 1023),
    PortRange.USER: (1024, FIRST_DYNAMIC_PORT - 1),
    PortRange.DYNAMIC: (FIRST_DYNAMIC_PORT, LAST_PORT),
}


class Key(NamedTuple):
    """What makes a record the same record in two snapshots.

    Name, port cell and transport are unique but for `rdp`, which stands twice with neither port nor
    transport; `occurrence` counts such repetitions from 0, in the order of the file.
    """

    service_name: str
    port_cell: str
    transport: str
    occurrence: int


class Record(NamedTuple):
    """One row of the registry, its cells as published.

    `port_cell` is "", "3440" or "6000-6063" (or "4748-4748": a range may hold one port).
    `first_port` and `last_port` are its ends, 0..65535 and equal for a single port; both are None
    for a service without a port. `transport` is a Transport's value, or "" where the row names
    none. The dates are `YYYY-MM` or `YYYY-MM-DD`; any other cell may be "".
    """

    service_name: str
    port_cell: str
    first_port: int | None
    last_port: int | None
    transport: str
    description: str
    assignee: str
    contact: str
    registration_date: str
    modification_date: str
    reference: str
    service_code: str
    unauthorized_use: str
    assignment_notes: str
    occurrence: int

    @property
    def key(self) -> Key:
        return Key._make((self[0], self[1], self[4], self[14]))

    @property
    def ports(self) -> range:
        """The ports it covers; none for a service without a port."""
        if self.first_port is None or self.last_port is None:
            return range(0)
        return range(self.first_port, self.last_port + 1)

    @property
    def cells(self) -> dict[str, str]:
        """The cells as published, by name, in the order of COLUMNS."""
        return {
            name: str(cell)
            for name, cell in zip(self._fields, self, strict=True)
            if name not in ("first_port", "last_port", "occurrence")
        }


_KEY_CELLS: Final = itemgetter(0, 1, 4, 14)
_as_key: Final = partial(tuple.__new__, Key)


def keyed(records: Sequence[Record]) -> dict[Key, Record]:
    """Records by their keys, in a third of the time that asking each for its own takes."""
    return dict(zip(map(_as_key, map(_KEY_CELLS, records)), records, strict=True))


class RejectedRow(NamedTuple):
    """A row that cannot be a record: the line it begins on (the header's is 1), why, its cells."""

    line: int
    reason: str
    cells: tuple[str, ...]
