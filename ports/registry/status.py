"""What the records together say of each port: its status per transport protocol.

Standard library only. The words the registry uses for ports that are not assigned have changed
over the years; all that stood in it in 2015, 2024 and 2026 are known here.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from ports.registry.records import FIRST_DYNAMIC_PORT, LAST_PORT, Record, Status, Transport

_RESERVED: Final = re.compile(r"reserved\b", re.IGNORECASE)
_WITHDRAWN: Final = re.compile(
    r"(de-?registered|removed|deprecated|de-?comm?issioned)\b", re.IGNORECASE
)
# "Unassigned [was netstat]", "Unassigned (FRP-Released 12/7/00)"
_WAS_ASSIGNED: Final = re.compile(r"unassigned\s*[\[(]", re.IGNORECASE)
# "Possibly used by Sun Solaris????", "(unassigned) Possibly assigned"
_UNASSIGNED: Final = re.compile(r"\(?unassigned\b|possibly\b", re.IGNORECASE)


def record_status(record: Record) -> Status:
    """The status that one record gives its ports.

    A record with a service name is an assignment even where its description holds a word like
    "unassigned" (`remoteware-un` is "RemoteWare Unassigned"), unless the description says that it
    is reserved or was withdrawn (`stun-behaviors` on UDP, `sua` on UDP). A nameless record with
    other words ("any private mail system") is an assignment too.
    """
    description = record.description
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


def default_status(number: int) -> Status:
    """The status of a port on which the registry has no record."""
    return Status.DYNAMIC if number >= FIRST_DYNAMIC_PORT else Status.UNASSIGNED


# Among several records for one port and transport the strongest status counts.
_STRENGTH: Final = {
    Status.UNASSIGNED: 1,
    Status.DEASSIGNED: 2,
    Status.RESERVED: 3,
    Status.ASSIGNED: 4,
}
_BY_STRENGTH: Final = {strength: status for status, strength in _STRENGTH.items()}


def derive_statuses(records: Iterable[Record]) -> list[PortStatuses]:
    """The statuses of all 65,536 ports, by number.

    A record that names a transport speaks for that one; a record that names none speaks for
    every transport on which the port has no record of its own.
    """
    strengths = {transport: bytearray(LAST_PORT + 1) for transport in ("", *Transport)}
    for record in records:
        first, last = record.first_port, record.last_port
        if first is None or last is None:
            continue
        strength = _STRENGTH[record_status(record)]
        row = strengths[record.transport]
        for number in range(first, last + 1):
            if strength > row[number]:
                row[number] = strength
    general = strengths[""]
    combined = zip(
        *(
            (own or shared for own, shared in zip(strengths[transport], general, strict=True))
            for transport in Transport
        ),
        strict=True,
    )
    # There are few different combinations: building each one once keeps this fast.
    known: dict[tuple[tuple[int, ...], Status], PortStatuses] = {}
    statuses = []
    for number, found in enumerate(combined):
        default = default_status(number)
        combination = known.get((found, default))
        if combination is None:
            combination = PortStatuses(
                *(_BY_STRENGTH[strength] if strength else default for strength in found)
            )
            known[(found, default)] = combination
        statuses.append(combination)
    return statuses
