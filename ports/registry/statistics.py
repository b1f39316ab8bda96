"""The figures of a state of the registry, and how a difference moves them. Pure."""

from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from typing import Final, NamedTuple, TypedDict

from ports.registry.records import LAST_PORT, PortRange, Record, Status
from ports.registry.status import PortStatuses, Statuses, default_status

BLOCK_SIZE: Final = 256
"""Ports per block in the statistics of how the port space is filled."""

_NAME: Final = attrgetter("service_name")
_FIRST_PORT: Final = attrgetter("first_port")


class Statistics(TypedDict):
    """The figures that pages show of a state of the registry.

    `named_ports`: how many ports have a named record, by range. `statuses`: how many ports have a
    status on TCP or UDP, by range and status. `services`: how many distinct service names there
    are, in whatever letter case. `blocks`: how many ports with a named record are in each block of
    BLOCK_SIZE ports, from port 0 up.
    """

    named_ports: dict[str, int]
    statuses: dict[str, dict[str, int]]
    services: int
    blocks: list[int]


class PortState(NamedTuple):
    """What statistics count of a port."""

    statuses: PortStatuses
    is_named: bool


def statistics(records: Iterable[Record], statuses: Statuses) -> Statistics:
    """The figures of a state of the registry, given as its records and the statuses they make."""
    named_records = [record for record in records if record.service_name]
    services = len({name.lower() for name in {*map(_NAME, named_records)}})
    named = {*map(_FIRST_PORT, named_records)} - {None}
    for record in named_records:
        if record.first_port != record.last_port:
            named.update(record.ports)
    blocks = Counter([number // BLOCK_SIZE for number in named])
    return {
        "named_ports": {
            port_range.value: sum(
                blocks[block]
                for block in range(
                    port_range.first // BLOCK_SIZE, (port_range.last + 1) // BLOCK_SIZE
                )
            )
            for port_range in PortRange
        },
        "statuses": _status_counts(statuses),
        "services": services,
        "blocks": [blocks[block] for block in range((LAST_PORT + 1) // BLOCK_SIZE)],
    }


def moved(
    before: Statistics,
    ports: Iterable[tuple[int, PortState, PortState]],
    *,
    services: int,
) -> Statistics:
    """The figures after a difference: its ports as they were and as they are.

    `services` is how many more service names there are than before.
    """
    named_ports = Counter(before["named_ports"])
    blocks = list(before["blocks"])
    statuses = {name: Counter(counts) for name, counts in before["statuses"].items()}
    for number, was, is_now in ports:
        port_range = PortRange.of(number).value
        step = is_now.is_named - was.is_named
        named_ports[port_range] += step
        blocks[number // BLOCK_SIZE] += step
        for status in set(was.statuses[:2]):
            statuses[port_range][status.value] -= 1
        for status in set(is_now.statuses[:2]):
            statuses[port_range][status.value] += 1
    return {
        "named_ports": dict(named_ports),
        "statuses": {name: dict(counts) for name, counts in statuses.items()},
        "services": before["services"] + services,
        "blocks": blocks,
    }


def _status_counts(statuses: Statuses) -> dict[str, dict[str, int]]:
    """How many ports of each range have each status on TCP or UDP; a port may count for two."""
    counted = {}
    for port_range in PortRange:
        first, last = port_range.first, port_range.last
        told = [statuses[number] for number in statuses if first <= number <= last]
        counts = Counter[str]()
        for combination, ports in Counter(told).items():
            for status in {combination.tcp, combination.udp}:
                counts[status.value] += ports
        silent = last - first + 1 - len(told)
        counts[default_status(port_range.first).value] += silent
        counted[port_range.value] = {status.value: counts[status.value] for status in Status}
    return counted
