"""Finding ports and services by what a person has at hand: a number, a name, a few words."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, Q
from django.utils.translation import gettext as _

from ports.models import Assignment
from ports.registry.records import LAST_PORT, Status, Transport

LONGEST_QUERY = 200

# "3440", "22/tcp", "tcp/22", "tcp 22", ":8080", "*:8080", "127.0.0.1:8080", "[::]:8080"
_PORT = re.compile(
    r"(?:(?P<before>tcp|udp|sctp|dccp)\s*[/:\s]\s*)?(?:\S*:)?(?P<number>[0-9]{1,20})"
    r"(?:\s*[/\s]\s*(?P<after>tcp|udp|sctp|dccp))?",
    re.ASCII | re.IGNORECASE,
)


class PortQuery(NamedTuple):
    """A query that names a port. `number` may be larger than any port is."""

    number: int
    transport: Transport | None

    @property
    def exists(self) -> bool:
        return self.number <= LAST_PORT


class ServiceHit(NamedTuple):
    """A service that a query found, with its ports: the first number and how tools write them."""

    name: str
    description: str
    ports: tuple[tuple[int, str], ...]


def as_port(query: str, *, port_words: Iterable[str] = ("port",)) -> PortQuery | None:
    """The port a query names, in the ways tools and people write one; None for any other query.

    One of `port_words` may stand before it ("port 80"). Digits of other scripts count as what they
    mean, since this is typed, not an address.
    """
    query = query.strip()
    for word in port_words:
        first, _blank, rest = query.partition(" ")
        if first.casefold() == word.casefold():
            query = rest
            break
    ascii_digits = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in query
    )
    match = _PORT.fullmatch(ascii_digits.strip())
    if match is None:
        return None
    transport = match["before"] or match["after"]
    return PortQuery(int(match["number"]), Transport(transport.lower()) if transport else None)


def port_words() -> tuple[str, ...]:
    """The words that may stand before a port, in English and in the reader's language."""
    return ("port", _("Port"), _("port"))


def find_services(query: str) -> list[ServiceHit]:
    """The services whose name or description holds every word of the query, best first.

    The exact name comes first, then names that begin with the query, then names that hold it,
    then descriptions. `query` is at most LONGEST_QUERY characters, without control characters.
    """
    words = query.split()
    if not words:
        return []
    condition = Q()
    for word in words:
        condition &= Q(service_name__icontains=word) | Q(description__icontains=word)
    rows = (
        Assignment.objects.named()
        .filter(condition, status=Status.ASSIGNED)
        .order_by(F("first_port").asc(nulls_last=True), "id")
        .values_list("service_name", "description", "port_cell", "transport")
    )
    found: dict[str, tuple[str, dict[str, list[str]]]] = {}
    for name, description, port_cell, transport in rows:
        _description, ports = found.setdefault(name, (description, {}))
        if port_cell:
            ports.setdefault(port_cell, []).append(transport)
    hits = [
        ServiceHit(name, description, tuple(_ports(ports)))
        for name, (description, ports) in found.items()
    ]
    wanted = " ".join(words).lower()
    return sorted(hits, key=lambda hit: (_distance(hit.name.lower(), wanted), len(hit.name)))


def _distance(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if wanted in name else 3


def _ports(ports: dict[str, list[str]]) -> list[tuple[int, str]]:
    return [
        (
            int(port_cell.partition("-")[0]),
            port_cell + ("/" + ",".join(transports) if any(transports) else ""),
        )
        for port_cell, transports in ports.items()
    ]
