"""The registry's records of a few ports, read together in three queries."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter

from ports.models import Assignment, Port, Snapshot
from ports.registry.status import PortStatuses


@dataclass(frozen=True, slots=True)
class RegistryExcerpt:
    """What the registry says of some ports: their rows, and the records that cover each of them.

    Records are in the registry's order. `snapshot` is None before the first was loaded.
    """

    ports: dict[int, Port]
    records: dict[int, list[Assignment]]
    snapshot: Snapshot | None

    def statuses(self, number: int) -> PortStatuses:
        return self.ports[number].statuses


def registry_excerpt(numbers: Collection[int]) -> RegistryExcerpt:
    """The excerpt on these ports (each 0..65535)."""
    ports = Port.objects.in_bulk(numbers)
    on_port: dict[int, list[Assignment]] = {number: [] for number in ports}
    spans = []
    for record in Assignment.objects.covering_any(numbers):
        if record.is_span:
            spans.append(record)
        elif record.first_port in on_port:
            on_port[record.first_port].append(record)
    for number, records in on_port.items():
        records += [span for span in spans if covers(span, number)]
        records.sort(key=attrgetter("id"))
    return RegistryExcerpt(ports, on_port, Snapshot.objects.current())


def covers(record: Assignment, number: int) -> bool:
    """Whether a record's ports include `number`."""
    return (
        record.first_port is not None
        and record.last_port is not None
        and record.first_port <= number <= record.last_port
    )
