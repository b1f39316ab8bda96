"""What the records together say of each port: its status per transport protocol.

Standard library only. The words the registry uses for ports that are not assigned have changed
over the years; all that stood in it in 2015, 2024 and 2026 are known here.
"""

import re
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from ports.registry.records import FIRST_DYNAMIC_PORT, Record, Status, Transport

_RESERVED: Final = re.compile(r"reserved\b", re.IGNORECASE | re.ASCII)
_WITHDRAWN: Final = re.compile(
    r"(de-?registered|removed|deprecated|de-?comm?issioned)\b", re.IGNORECASE | re.ASCII
)
# "Unassigned [was netstat]", "Unassigned (FRP-Released 12/7/00)"
_WAS_ASSIGNED: Final = re.compile(r"unassigned\s*[\[(]", re.IGNORECASE | re.ASCII)
# "Possibly used by Sun Solaris????", "(unassigned) Possibly assigned"
_UNASSIGNED: Final = re.compile(r"\(?unassigned\b|possibly\b", re.IGNORECASE | re.ASCII)

# Nearly every description begins otherwise, and need not be matched at all.
_BEGINNINGS: Final = frozenset(
    ("res", "rem", "de-", "der", "dep", "dec", "una", "(un", "pos")  # of the words above
)
_DESCRIPTION: Final = attrgetter("description")


def record_status(record: Record) -> Status:
    """The status that one record gives its ports.

    A record with a service name is an assignment even where its description holds a word like
    "unassigned" (`remoteware-un` is "RemoteWare Unassigned"), unless the description says that it
    is reserved or was withdrawn (`stun-behaviors` on UDP, `sua` on UDP). A nameless record with
    other words ("any private mail system") is an assignment too.
    """
    description = record.description
    if description[:3].lower() not in _BEGINNINGS:
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


def record_statuses(records: Sequence[Record]) -> list[Status]:
    """The status that each record gives its ports."""
    return [
        # As `record_status` begins, without calling it ten thousand times.
        record_status(record) if description[:3].lower() in _BEGINNINGS else Status.ASSIGNED
        for record, description in zip(records, map(_DESCRIPTION, records), strict=True)
    ]


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
_BY_STRENGTH: Final = (Status.UNASSIGNED, Status.DEASSIGNED, Status.RESERVED, Status.ASSIGNED)


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
    said: dict[str, dict[Status, set[int]]] = {
        str(transport): {status: set() for status in _BY_STRENGTH} for transport in ("", *Transport)
    }
    unassigned: list[Record] = []
    records = records if isinstance(records, list) else [*records]
    for record, status in zip(records, record_statuses(records), strict=True):
        if status is Status.UNASSIGNED:
            unassigned.append(record)
        elif record.first_port == record.last_port is not None:
            # Nearly all have one port, and a range made for each would take half of the time.
            said[record.transport][status].add(record.last_port)
        else:
            said[record.transport][status].update(record.ports)
    general = set().union(*said[""].values())
    # Most records only say "Unassigned" of long spans, which is what a port without records is.
    # It counts where a record of the port's own stands against one that names no transport.
    for record in unassigned:
        if record.transport:
            said[record.transport][Status.UNASSIGNED].update(general.intersection(record.ports))
    of_transport = [_strongest(said[""], said[transport]) for transport in Transport]
    del said  # of every port several times: memory that what follows can use
    statuses = Statuses()
    for default, numbers in _by_default(set().union(*of_transport)):
        combinations = zip(*(map(found.get, numbers) for found in of_transport), strict=True)
        statuses.update(
            zip(numbers, map(_Combined(default).__getitem__, combinations), strict=True)
        )
    return statuses


def _strongest(*said: dict[Status, set[int]]) -> dict[int, Status]:
    """The status of each port by the strongest of what is said last of it."""
    found: dict[int, Status] = {}
    for ports in said:
        for status in _BY_STRENGTH:
            found.update(dict.fromkeys(ports[status], status))
    return found


def _by_default(numbers: Iterable[int]) -> list[tuple[Status, list[int]]]:
    """Ports by the status that each would have without a record."""
    dynamic = [number for number in numbers if number >= FIRST_DYNAMIC_PORT]
    others = [number for number in numbers if number < FIRST_DYNAMIC_PORT]
    return [(Status.DYNAMIC, dynamic), (Status.UNASSIGNED, others)]


class _Combined(dict[tuple[Status | None, ...], PortStatuses]):
    """The combinations of statuses, each made once: there are few, and ten thousand ports."""

    def __init__(self, default: Status) -> None:
        self._default = default

    def __missing__(self, found: tuple[Status | None, ...]) -> PortStatuses:
        made = self[found] = PortStatuses(*(status or self._default for status in found))
        return made
