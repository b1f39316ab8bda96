"""Ports that nobody has claimed."""

from typing import Any, Final

from django.urls import reverse

from ports import free_port_sentences
from ports.api import shapes
from ports.api.addresses import site_url
from ports.api.parameters import integer, one_of
from ports.api.resource import Resource
from ports.api.schemas import (
    ADDRESS,
    NUMBER,
    PORT,
    a_list,
    an_object,
    component,
    or_null,
    with_members,
)
from ports.api.schemas import one_of as schema_of
from ports.api.texts import sentence
from ports.free_ports import FIRST, LAST, FreePort, Reason, free_ports
from ports.registry.records import LAST_PORT, Transport

_USUAL: Final = 10
_MOST: Final = 100
_PROTOCOLS: Final = {
    "tcp": [Transport.TCP],
    "udp": [Transport.UDP],
    "both": [Transport.TCP, Transport.UDP],
}


class Suggest(Resource):
    """Ports that nobody has claimed, for a program of one's own, best first, each with reasons."""

    cost = 5
    parameters = (
        one_of("protocol", "What the port is wanted for; without it for both.", [*_PROTOCOLS]),
        integer(
            "port__gte",
            f"Only ports with this number or a higher one; {FIRST} at the least.",
            most=LAST_PORT,
        ),
        integer(
            "port__lte",
            f"Only ports with this number or a lower one; {LAST} at the most, well below the "
            "ephemeral ports.",
            most=LAST_PORT,
        ),
        integer(
            "seed",
            "Another number gives other ports among those that are equally good, and the same "
            "number the same ones as long as the registry is the same; 0 without it.",
            most=2**53 - 1,
        ),
        integer("limit", f"How many at most; {_USUAL} without it.", least=1, most=_MOST),
    )
    schema = an_object(
        results=a_list(
            an_object(
                port=PORT,
                protocols=a_list(schema_of([*Transport])),
                nearest_registered=or_null(PORT),
                reasons=a_list(with_members("Sentence", code=schema_of(Reason))),
                page=ADDRESS,
                details=ADDRESS,
            ),
            maxItems=_MOST,
        ),
        count={**NUMBER, "description": "How many ports are eligible."},
        none_left=or_null(component("Sentence")),
        caution=component("Sentence"),
        snapshot=or_null(component("Snapshot")),
    )

    def body(self) -> Any:
        transports = _PROTOCOLS[self.asked.get("protocol", "both")]
        found = free_ports(
            transports,
            first=self.asked.get("port__gte", FIRST),
            last=self.asked.get("port__lte", LAST),
            most=self.asked.get("limit", _USUAL),
            seed=self.asked.get("seed", 0),
        )
        self.languages = {self.language}
        none_left = free_port_sentences.none_left(is_loaded=found.snapshot is not None)
        return {
            "results": [self._shown(port, transports) for port in found.ports],
            "count": found.total,
            "none_left": None if found.ports else sentence(none_left, self.language),
            "caution": sentence(free_port_sentences.caution(), self.language),
            "snapshot": shapes.snapshot(found.snapshot) if found.snapshot else None,
        }

    def _shown(self, port: FreePort, transports: list[Transport]) -> dict[str, Any]:
        return {
            "port": port.number,
            "protocols": transports,
            "nearest_registered": port.nearest,
            "reasons": [
                {
                    "code": why,
                    **sentence(free_port_sentences.reason(port, why, transports), self.language),
                }
                for why in port.reasons
            ],
            "page": site_url(reverse("port", args=[self.language, port.number])),
            "details": site_url(reverse("api-port", args=[port.number])),
        }
