"""Which changes of the registry touch what a document is about, and what it cites. No queries.

A change touches a port, on a transport protocol, where the records that it carries say something
else of it before and after. Where IANA cuts a span of unassigned ports into pieces, nothing
happened to most of its ports; and differences in white space are none. A record without a
transport protocol speaks of all of them.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from ports.change_facts import record_of
from ports.editorial.markdown import marks
from ports.models import RegistryChange
from ports.registry.records import Record, Status, Transport
from ports.registry.status import record_status
from ports.tokens import FactToken, PortLink

# A port number as it stands in a token or a link, though perhaps in code. Begins with what is rare.
_PERHAPS_CITED: Final = re.compile(r"(?:\{[a-z]+\s+|\[\[)([0-9]{1,5})[/\]]")

_COMPARED: Final = tuple(
    field
    for field in Record._fields
    if field not in {"port_cell", "first_port", "last_port", "transport", "occurrence"}
)


class Citation(NamedTuple):
    """A port that a text or a claim names.

    On one transport protocol, or on any; the record of one name, or, with "", all that there are.
    """

    port: int
    transport: Transport | None = None
    name: str = ""


class Touch(NamedTuple):
    """Ports on which a change says something else than before.

    `names` are the names, in small letters, of the records that differ, by transport protocol;
    that of a record without a name is "". Other transport protocols are as they were.
    """

    first: int
    last: int
    names: Mapping[Transport, frozenset[str]]

    def concerns(self, citation: Citation) -> bool:
        """Whether that is so of what is cited; its port lies within."""
        if citation.transport is not None and citation.transport not in self.names:
            return False
        if not citation.name:
            return True
        return any(
            citation.name.lower() in names
            for transport, names in self.names.items()
            if citation.transport in {None, transport}
        )


def touches(change: RegistryChange) -> list[Touch]:
    """The ports that a change touches, in order; none for a service without a port."""
    before, after = (
        [record_of(cells) for cells in records] for records in (change.before, change.after)
    )
    with_ports = [record.ports for record in (*before, *after) if record.ports]
    # Between two neighbouring ends all ports are covered by the same records.
    ends = sorted({end for ports in with_ports for end in (ports.start, ports.stop)})
    found = []
    for first, stop in pairwise(ends):
        names = _differing(first, before, after)
        if names:
            found.append(Touch(first, stop - 1, names))
    return found


def cited(text: str, *, inline: bool, among: Collection[int]) -> Iterator[Citation]:
    """What a text cites of some ports, by tokens and links; `inline` as in `marks`.

    Reading Markdown takes its time, so that it is done only where one of the numbers stands.
    """
    if not any(int(number) in among for number in _PERHAPS_CITED.findall(text)):
        return
    for mark in marks(text, inline=inline):
        match mark.content:
            case FactToken(port=port, transport=transport, name=name) if port in among:
                yield Citation(port, transport, name)
            case PortLink(port=port, transport=transport) if port in among:
                yield Citation(port, transport)


class Index:
    """Changes, to be asked which of them touch something; each answer is their primary keys."""

    def __init__(self, changes: Iterable[RegistryChange]) -> None:
        self._on_port: defaultdict[int, list[tuple[Touch, int]]] = defaultdict(list)
        self._spans: list[tuple[Touch, int]] = []
        self._of_service: defaultdict[str, set[int]] = defaultdict(set)
        self.ports: set[int] = set()
        """Every port that is touched."""
        for change in changes:
            self._add(change)
        self._single = sorted(self._on_port)

    def _add(self, change: RegistryChange) -> None:
        for name in filter(None, (change.service_name, change.former_name)):
            self._of_service[name.lower()].add(change.pk)
        for touch in touches(change):
            self.ports.update(range(touch.first, touch.last + 1))
            if touch.first == touch.last:
                self._on_port[touch.first].append((touch, change.pk))
            else:
                self._spans.append((touch, change.pk))

    def of_ports(self, first: int, last: int) -> set[int]:
        """Those that touch a port from `first` to `last`, on any transport protocol."""
        single = self._single[bisect_left(self._single, first) : bisect_right(self._single, last)]
        return {pk for port in single for _touch, pk in self._on_port[port]} | {
            pk for touch, pk in self._spans if touch.first <= last and first <= touch.last
        }

    def of_service(self, name: str) -> set[int]:
        """Those of a service, under this name or away from it, in any letter case."""
        return self._of_service.get(name.lower(), set())

    def of_citation(self, citation: Citation) -> set[int]:
        """Those that touch what is cited."""
        port = citation.port
        return {
            pk
            for touch, pk in (*self._on_port.get(port, ()), *self._spans)
            if touch.first <= port <= touch.last and touch.concerns(citation)
        }


def _differing(
    port: int, before: Iterable[Record], after: Iterable[Record]
) -> dict[Transport, frozenset[str]]:
    """The names of the records that differ on a port, by transport protocol."""
    differing = {}
    for transport in Transport:
        said = _said(port, transport, before) ^ _said(port, transport, after)
        if said:
            differing[transport] = frozenset(cells[0].lower() for cells in said)
    return differing


def _said(port: int, transport: Transport, records: Iterable[Record]) -> set[tuple[str, ...]]:
    """What records say of a port beyond that it is unassigned, which is what silence says too."""
    return {
        tuple(" ".join(getattr(record, field).split()) for field in _COMPARED)
        for record in records
        if port in record.ports
        and record.transport in {transport, ""}
        and (
            record_status(record) != Status.UNASSIGNED
            or record.assignment_notes
            or record.unauthorized_use
        )
    }
