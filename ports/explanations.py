"""What is known of many ports at once, in a bounded number of queries."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.db.models.functions import Lower

from ports.editorial.glances import Glance, glances
from ports.models import Assignment, Snapshot
from ports.pasted.mentions import Line, Mention, Pasted
from ports.port_facts import PortFacts, port_facts
from ports.registry.records import Status, Transport
from ports.registry.status import PortStatuses
from ports.registry_excerpt import registry_excerpt


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the registry says of a port, and what is live on it. The facts name no neighbours."""

    facts: PortFacts
    statuses: PortStatuses
    live: Glance


@dataclass(frozen=True, slots=True)
class Explanations:
    """Explanations by the number of the port, and the state of the registry they are made of."""

    by_port: dict[int, Explanation]
    snapshot: Snapshot | None


def explanations(numbers: Set[int]) -> Explanations:
    """What is known of these ports (each 0..65535)."""
    excerpt = registry_excerpt(numbers)
    live = glances(numbers)
    return Explanations(
        {
            number: Explanation(
                port_facts(number, excerpt, with_neighbours=False),
                excerpt.statuses(number),
                live.get(number, Glance()),
            )
            for number in excerpt.ports
        },
        excerpt.snapshot,
    )


def numbered(pasted: Pasted) -> tuple[list[Mention], list[Line]]:
    """Where a text names which port, and the lines of which not all was understood.

    A service's name in place of a number stands for the ports that are registered under it, on the
    protocol that the line says. A name that the registry does not have is not understood. At most
    one query.
    """
    registered = _registered({each.service for each in pasted.mentions} - {""})
    mentions: list[Mention] = []
    unknown: set[int] = set()
    for mention in pasted.mentions:
        if mention.port is not None:
            mentions.append(mention)
            continue
        ports = [
            number
            for number, transport in registered.get(mention.service, ())
            if mention.transport in {None, transport}
        ]
        mentions += [mention._replace(port=number) for number in dict.fromkeys(ports)]
        if not ports:
            unknown.add(mention.line)
    lines = {*pasted.not_understood, *(Line(each, pasted.lines[each - 1]) for each in unknown)}
    return mentions, sorted(lines)


def _registered(names: Iterable[str]) -> dict[str, list[tuple[int, Transport | None]]]:
    """The single ports registered under names, by the name in lower case, with their protocols."""
    found: dict[str, list[tuple[int, Transport | None]]] = {}
    if not (wanted := list(names)):
        return found
    rows = (
        Assignment.objects.alias(name_lower=Lower("service_name"))
        .filter(name_lower__in=wanted, status=Status.ASSIGNED, first_port__isnull=False)
        .order_by("id")
        .values_list("service_name", "first_port", "last_port", "transport")
    )
    for name, first, last, transport in rows:
        if first is not None and first == last:
            found.setdefault(name.lower(), []).append(
                (first, Transport(transport) if transport else None)
            )
    return found
