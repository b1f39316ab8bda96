"""What the registry says of one port and its neighbours, gathered for a page."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ports.models import Assignment, Snapshot
from ports.registry.cells import Reference, read_alias, read_people, read_references
from ports.registry.records import LAST_PORT, PortRange, Status, Transport
from ports.registry_excerpt import RegistryExcerpt

NEIGHBOURS = 4
"""How many ports on each side of a port its page shows."""

# Systems that hand out temporary ports, with their default spans: Linux (net.ipv4.
# ip_local_port_range), Windows since Vista (netsh int ipv4 show dynamicport tcp) and macOS
# (net.inet.ip.portrange.first), as their makers document them.
EPHEMERAL_SPANS = (
    ("Linux", 32768, 60999),
    ("Windows", 49152, 65535),
    ("macOS", 49152, 65535),
)

_TLS = re.compile(r"\b(TLS|SSL)\b")


@dataclass(frozen=True, slots=True)
class Registration:
    """One registered service, its records for several transport protocols taken together.

    `transports` is empty where the record names none. `first_port` and `last_port` are None for a
    service without a port.
    """

    name: str
    transports: tuple[Transport, ...]
    first_port: int | None
    last_port: int | None
    description: str
    people: tuple[str, ...]
    registration_date: str
    modification_date: str
    references: tuple[Reference, ...]
    unauthorized_use: str
    notes: str
    alias_of: str

    @property
    def where(self) -> str:
        """Its ports and transports as tools write them: "3440/tcp, 3440/udp"."""
        return as_tools_write(self.first_port, self.last_port, self.transports)


@dataclass(frozen=True, slots=True)
class ProtocolFacts:
    """A port's status on one transport protocol, and the names registered there.

    `unspecified_names` are those of records that name no transport protocol at all.
    """

    transport: Transport
    status: Status
    names: tuple[str, ...]
    unspecified_names: tuple[str, ...]
    has_record: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A port beside the one a page is about."""

    number: int
    names: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class PortFacts:
    """Everything the registry says of a port."""

    number: int
    range: PortRange
    protocols: tuple[ProtocolFacts, ...]
    registrations: tuple[Registration, ...]
    remarks: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    snapshot: Snapshot | None

    @property
    def service_names(self) -> tuple[str, ...]:
        """The registered names, each once, in the registry's order."""
        return tuple(dict.fromkeys(filter(None, (r.name for r in self.registrations))))

    @property
    def headline_status(self) -> Status:
        """The status that says most: assigned before reserved before de-assigned."""
        return strongest(protocol.status for protocol in self.protocols)

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to tell but "unassigned"."""
        return self.headline_status == Status.UNASSIGNED

    @property
    def ephemeral_on(self) -> list[tuple[str, int, int]]:
        """The systems that hand this port out as a temporary one, with their spans."""
        return [entry for entry in EPHEMERAL_SPANS if entry[1] <= self.number <= entry[2]]

    @property
    def speaks_tls(self) -> bool:
        """Whether a registered service says that it runs over TLS."""
        return any(_TLS.search(r.description) for r in self.registrations)


_STRONGEST_FIRST = (
    Status.ASSIGNED,
    Status.RESERVED,
    Status.DEASSIGNED,
    Status.UNASSIGNED,
    Status.DYNAMIC,
)


def strongest(statuses: Iterable[Status]) -> Status:
    """The status that says most of a port that has several."""
    return min(statuses, key=_STRONGEST_FIRST.index)


def as_tools_write(
    first_port: int | None, last_port: int | None, transports: Collection[str]
) -> str:
    """A span of ports (or none) on transport protocols (or none): "3440/tcp, 3440/udp"."""
    ports = "" if first_port is None else str(first_port)
    if first_port != last_port:
        ports = f"{first_port}–{last_port}"
    if not (ports and transports):
        return ports or ", ".join(transports)
    return ", ".join(f"{ports}/{transport}" for transport in transports)


def shown_beside(number: int) -> range:
    """The ports a page shows beside `number`, itself among them."""
    return range(max(0, number - NEIGHBOURS), min(LAST_PORT, number + NEIGHBOURS) + 1)


def port_facts(number: int, excerpt: RegistryExcerpt, *, with_neighbours: bool = True) -> PortFacts:
    """The facts on port `number` (0..65535), from an excerpt with all that are shown beside it."""
    own = excerpt.records[number]
    return PortFacts(
        number=number,
        range=PortRange.of(number),
        protocols=tuple(
            _protocol_facts(transport, status, own)
            for transport, status in zip(Transport, excerpt.statuses(number), strict=True)
            if transport in (Transport.TCP, Transport.UDP)
            or any(record.transport == transport for record in own)
        ),
        registrations=registrations(own),
        remarks=remarks(own),
        neighbours=tuple(
            Neighbour(n, _names(excerpt.records[n]), strongest(excerpt.statuses(n)[:2]))
            for n in (shown_beside(number) if with_neighbours else ())
        ),
        snapshot=excerpt.snapshot,
    )


def registrations(records: Iterable[Assignment]) -> tuple[Registration, ...]:
    """The assigned records, those that differ only in the transport protocol taken together."""
    together: dict[tuple[object, ...], list[Assignment]] = {}
    for record in records:
        if record.status == Status.ASSIGNED:
            together.setdefault(_alike(record), []).append(record)
    return tuple(_registration(alike) for alike in together.values())


def remarks(records: Iterable[Assignment]) -> tuple[str, ...]:
    """What records that assign nothing say beyond "Reserved" or "Unassigned", each text once."""
    return tuple(dict.fromkeys(filter(None, map(_remark, records))))


def _alike(record: Assignment) -> tuple[object, ...]:
    return (
        record.service_name,
        record.port_cell,
        record.description,
        record.assignee,
        record.registration_date,
        record.modification_date,
        record.reference,
        record.unauthorized_use,
        # The same note is often indented otherwise in the next record.
        " ".join(record.assignment_notes.split()),
    )


def _registration(records: list[Assignment]) -> Registration:
    record = records[0]
    return Registration(
        name=record.service_name,
        transports=tuple(t for t in Transport if t in {r.transport for r in records}),
        first_port=record.first_port,
        last_port=record.last_port,
        description=record.description,
        people=read_people(record.assignee),
        registration_date=record.registration_date,
        modification_date=record.modification_date,
        references=read_references(record.reference),
        unauthorized_use=record.unauthorized_use,
        notes=record.assignment_notes,
        alias_of=read_alias(record.assignment_notes),
    )


def _remark(record: Assignment) -> str:
    """What a record that assigns nothing says beyond "Reserved" or "Unassigned"."""
    if record.status == Status.ASSIGNED:
        return ""
    words = (record.service_name, record.description, record.assignment_notes)
    told = [word for word in words if word and word not in ("Reserved", "Unassigned")]
    return " – ".join([*told, *filter(None, [record.unauthorized_use])])


def _protocol_facts(
    transport: Transport, status: Status, records: list[Assignment]
) -> ProtocolFacts:
    own = [record for record in records if record.transport == transport]
    general = [] if own else [record for record in records if not record.transport]
    return ProtocolFacts(
        transport=transport,
        status=status,
        names=_names(own),
        unspecified_names=_names(general),
        has_record=bool(own or general),
    )


def _names(records: Iterable[Assignment]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            record.service_name
            for record in records
            if record.service_name and record.status == Status.ASSIGNED
        )
    )
