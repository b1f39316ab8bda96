"""Choosing a port that nobody has claimed, for a program that needs one of its own.

A port is eligible that
- lies among the user ports (RFC 6335), well below those that systems hand out for a while,
- is unassigned in the registry on every protocol that it is wanted for,
- was never withdrawn from anybody, as old programs may still use it,
- has no live usage or article here: malware and unregistered programs are known on it,
- is not blocked by browsers.

Best are those that are unassigned on all protocols, and then those with the most room to the
nearest registered port, up to ROOM: IANA tends to assign and programs tend to count upwards from a
number. Among equals the order is arbitrary but fixed by `seed`, so that whoever asks with another
seed is given another port, and whoever asks again the same one.
"""

import hashlib
import heapq
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from ports.browser_ports import BLOCKED
from ports.models import Document, Port, RegistryChange, Snapshot
from ports.port_facts import EPHEMERAL_SPANS
from ports.registry.records import FIRST_DYNAMIC_PORT, PortRange, Status, Transport
from ports.registry.status import PortStatuses, default_statuses

ROOM: Final = 10
"""So many numbers from the nearest registered port there is room enough."""

FIRST: Final = PortRange.USER.first
LAST: Final = min(first for _system, first, _last in EPHEMERAL_SPANS) - ROOM - 1


class Reason(StrEnum):
    """Why a port was chosen."""

    UNASSIGNED = "unassigned"
    """On the protocols that were asked for."""
    UNREGISTERED = "unregistered"
    """On all protocols."""
    NEVER_WITHDRAWN = "never_withdrawn"
    NO_KNOWN_USE = "no_known_use"
    NOT_EPHEMERAL = "not_ephemeral"
    NOT_BLOCKED_BY_BROWSERS = "not_blocked_by_browsers"
    ROOM = "room"


class FreePort(NamedTuple):
    """A port that nobody has claimed. `nearest` is the nearest port with a registered service."""

    number: int
    nearest: int | None
    is_unregistered: bool

    @property
    def room(self) -> int:
        """How far the nearest registered port is, at most ROOM."""
        return ROOM if self.nearest is None else min(abs(self.number - self.nearest), ROOM)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it was chosen, the most important reason first."""
        left_out = {
            *([] if self.is_unregistered else [Reason.UNREGISTERED]),
            *([] if self.room == ROOM else [Reason.ROOM]),
        }
        return tuple(reason for reason in Reason if reason not in left_out)


class Choice(NamedTuple):
    """The best ports, best first, how many are eligible, and the registry that says so.

    Without a registry nothing is known to be free: `snapshot` is None then, and there are none.
    """

    ports: list[FreePort]
    total: int
    snapshot: Snapshot | None


def free_ports(
    transports: Collection[Transport], *, first: int, last: int, most: int, seed: int = 0
) -> Choice:
    """The best ports from `first` to `last` that are free on all of `transports`. Four queries."""
    snapshot = Snapshot.objects.current()
    if snapshot is None:
        return Choice([], 0, None)
    statuses = _statuses()
    avoided = _told_of() | _withdrawn() | BLOCKED
    candidates = [
        number
        for number in range(max(first, FIRST), min(last, LAST) + 1)
        if number not in avoided and _is_free(statuses, number, transports)
    ]
    return Choice(best(candidates, statuses, most=most, seed=seed), len(candidates), snapshot)


def best(
    candidates: Iterable[int], statuses: Mapping[int, PortStatuses], *, most: int, seed: int
) -> list[FreePort]:
    """The best of eligible ports, best first. `statuses` are those of all ports with records."""
    registered = sorted(number for number, each in statuses.items() if Status.ASSIGNED in each)
    return heapq.nsmallest(
        most,
        (
            FreePort(number, _nearest(registered, number), number not in statuses)
            for number in candidates
        ),
        key=lambda port: (not port.is_unregistered, -port.room, _spread(port.number, seed)),
    )


def _is_free(
    statuses: Mapping[int, PortStatuses], number: int, transports: Collection[Transport]
) -> bool:
    said = statuses.get(number)
    return said is None or (
        Status.DEASSIGNED not in said
        and all(getattr(said, transport) == Status.UNASSIGNED for transport in transports)
    )


def _nearest(registered: list[int], number: int) -> int | None:
    place = bisect_left(registered, number)
    beside = registered[max(place - 1, 0) : place + 1]
    return min(beside, key=lambda other: (abs(other - number), other), default=None)


def _spread(number: int, seed: int) -> bytes:
    """An arbitrary order of numbers, which stays the same in all versions of everything."""
    return hashlib.blake2b(f"{seed} {number}".encode(), digest_size=8).digest()


def _statuses() -> dict[int, PortStatuses]:
    """The statuses of the ports of which the registry says more than that they are unassigned."""
    rows = Port.objects.with_records().filter(number__lt=FIRST_DYNAMIC_PORT)
    columns = (f"{transport.value}_status" for transport in Transport)
    found = {
        number: PortStatuses(*map(Status, said))
        for number, *said in rows.values_list("number", *columns)
    }
    return {number: said for number, said in found.items() if said != default_statuses(number)}


def _told_of() -> set[int]:
    """The ports on which something is live: usages and articles."""
    return set(_numbers(Document.objects.filter(live_first_port__isnull=False), "live_"))


def _withdrawn() -> set[int]:
    """The ports that a service was withdrawn from in the registry's history, as far as known."""
    removed = RegistryChange.objects.filter(
        kind=RegistryChange.Kind.REMOVED, first_port__isnull=False
    ).exclude(service_name="")
    return set(_numbers(removed.order_by(), ""))


def _numbers(spans: Any, prefix: str) -> Iterator[int]:
    for first, last in spans.values_list(f"{prefix}first_port", f"{prefix}last_port"):
        yield from range(first, last + 1)
