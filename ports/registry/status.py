"""What the records together say of each port: its status per transport protocol.

Standard library only. The words the registry uses for ports that are not assigned have changed
over the years; all that stood in it in 2015, 2024 and 2026 are known here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from ports.registry.records import FIRST_DYNAMIC_PORT, Record, Status, Transport

_RESERVED: Final = re.compile(r"reserved\b", re.IGNORECASE)
_WITHDRAWN: Final = re.compile(
    r"(de-?registered|removed|deprecated|de-?comm?issioned)\b", re.IGNORECASE
)
# "Unassigned [was netstat]", "Unassigned (FRP-Released 12/7/00)"
_WAS_ASSIGNED: Final = re.compile(r"unassigned\s*[\[(]", re.IGNORECASE)
# "Possibly used by Sun Solaris????", "(unassigned) Possibly assigned"
_UNASSIGNED: Final = re.compile(r"\(?unassigned\b|possibly\b", re.IGNORECASE)

# Nearly every description begins otherwise, and need not be matched at all.
_FIRST_CHARACTERS: Final = frozenset("RrDdUuPp(")


def record_status(record: Record) -> Status:
    """The status that one record gives its ports.

    A record with a service name is an assignment even where its description holds a word like
    "unassigned" (`remoteware-un` is "RemoteWare Unassigned"), unless the description says that it
    is reserved or was withdrawn (`stun-behaviors` on UDP, `sua` on UDP). A nameless record with
    other words ("any private mail system") is an assignment too.
    """
    description = record.description
    if description[:1] not in _FIRST_CHARACTERS:
        return Status.ASSIGNED
    if _RESERVED.match(description):
        return Status.RESERVED
    if _WITHDRAWN.match(description):
        return Status.DEASSIGNED
    if record.service_name:
        return Status.ASSIGNED
    if _WAS_ASSIGNED.match(description):
        return Status.DEASSIGNED
    if _UNASSIGNED.match(description):
        return Status.UNASSIGNED
    return Status.ASSIGNED


class PortStatuses(NamedTuple):
    """The status of one port on each transport protocol."""

    tcp: Status
    udp: Status
    sctp: Status
    dccp: Status


_DYNAMIC: Final = PortStatuses(*[Status.DYNAMIC] * len(Transport))
_UNASSIGNED_PORT: Final = PortStatuses(*[Status.UNASSIGNED] * len(Transport))


def default_status(number: int) -> Status:
    """The status of a port on which the registry has no record."""
    return Status.DYNAMIC if number >= FIRST_DYNAMIC_PORT else Status.UNASSIGNED


def default_statuses(number: int) -> PortStatuses:
    """The statuses of a port on which the registry has no record."""
    return _DYNAMIC if number >= FIRST_DYNAMIC_PORT else _UNASSIGNED_PORT


# Among several records for one port and transport the strongest status counts.
_STRENGTH: Final = {
    Status.UNASSIGNED: 1,
    Status.DEASSIGNED: 2,
    Status.RESERVED: 3,
    Status.ASSIGNED: 4,
}
_BY_STRENGTH: Final = {strength: status for status, strength in _STRENGTH.items()}


class Statuses(dict[int, PortStatuses]):
    """The statuses of every port by its number; it holds those that differ from the default."""

    def __missing__(self, number: int) -> PortStatuses:
        return default_statuses(number)

    def of(self, numbers: Iterable[int]) -> "Statuses":
        """Those of some ports only."""
        return Statuses((number, self[number]) for number in numbers if number in self)


def derive_statuses(records: Iterable[Record]) -> Statuses:
    """The statuses of every port.

    A record that names a transport speaks for that one; a record that names none speaks for
    every transport on which the port has no record of its own.
    """
    found: dict[str, dict[int, int]] = {transport: {} for transport in ("", *Transport)}
    unassigned: list[Record] = []
    for record in records:
        status = record_status(record)
        if status == Status.UNASSIGNED:
            unassigned.append(record)
            continue
        strength = _STRENGTH[status]
        strengths = found[record.transport]
        # Nearly all have one port, and a range made for each would take half of the time.
        one_port = (record.first_port,) if record.first_port == record.last_port else None
        for number in one_port or record.ports:
            if number is not None and strength > strengths.get(number, 0):
                strengths[number] = strength
    general = found[""]
    # Most records only say "Unassigned" of long spans, which is what a port without records is.
    # It counts where a record of the port's own stands against one that names no transport.
    for record in unassigned:
        if record.transport:
            for number in record.ports:
                if number in general:
                    found[record.transport].setdefault(number, _STRENGTH[Status.UNASSIGNED])
    statuses = Statuses()
    of_transport = [found[transport] for transport in Transport]
    for number in set().union(*found.values()):
        shared = general.get(number, 0)
        strengths_here = tuple([own.get(number) or shared for own in of_transport])
        statuses[number] = _combination(strengths_here, default_status(number))
    return statuses


@lru_cache(maxsize=1024)
def _combination(strengths: tuple[int, ...], default: Status) -> PortStatuses:
    """There are few different ones, and making each once saves half of the time."""
    return PortStatuses(*(_BY_STRENGTH.get(strength, default) for strength in strengths))
