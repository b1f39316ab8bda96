"""Search, by a number, a name or a few words."""

from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse

from ports import sentences
from ports.api.addresses import site_url
from ports.api.parameters import integer, words
from ports.api.resource import Resource
from ports.api.schemas import (
    ADDRESS,
    NUMBER,
    a_list,
    an_object,
    component,
    or_null,
    with_members,
)
from ports.api.schemas import one_of as schema_of
from ports.api.texts import sentence
from ports.api.views.services import by_name
from ports.explanations import explanations
from ports.languages import SOURCE
from ports.registry.records import Transport
from ports.search import PortQuery, as_port, find_services, port_words

_USUAL: Final = 20
_MOST: Final = 100
_WHERE: Final = {"page": ADDRESS, "details": ADDRESS}


class Search(Resource):
    """The port that a query names with its services, or the services found by words, best first."""

    parameters = (
        words(
            "q",
            "A port in any way that people or tools write it (`22`, `22/tcp`, `port 22`, "
            "`[::]:22`), or words of service names and descriptions, all of which must be found.",
            example="ssh",
        ),
        integer("limit", f"How many results at most; {_USUAL} without it.", least=1, most=_MOST),
    )
    schema = an_object(
        results=a_list(
            {
                "anyOf": [
                    with_members(
                        "Port",
                        kind=schema_of(["port"]),
                        protocol=or_null(schema_of([*Transport])),
                        answer=component("Sentence"),
                        **_WHERE,
                    ),
                    with_members("Service", kind=schema_of(["service"]), **_WHERE),
                ]
            },
            maxItems=_MOST,
        ),
        count=NUMBER,
    )

    def body(self) -> Any:
        query = self.asked["q"]
        named = as_port(query, port_words=port_words())
        if named is None:
            names = [hit.name for hit in find_services(query)]
            first = []
        elif named.exists:
            port = self._port(named)
            first, names = [port], port["service_names"]
        else:
            first, names = [], []
        most = self.asked.get("limit", _USUAL)
        results = [*first[:most], *self._services(names[: most - len(first)])]
        self.languages |= {self.language}
        return {"results": results, "count": len(first) + len(names)}

    def _port(self, named: PortQuery) -> dict[str, Any]:
        found = explanations({named.number}).by_port[named.number]
        page = reverse("port", args=[self.language, named.number])
        fragment = f"#{named.transport}" if named.transport else ""
        return {
            "kind": "port",
            "number": named.number,
            "protocol": named.transport,
            "range": found.facts.range.value,
            "status": {
                each.value: status.value
                for each, status in zip(Transport, found.statuses, strict=True)
            },
            "answer": sentence(sentences.answer(found.facts), self.language),
            "service_names": [*found.facts.service_names],
            "has_article": found.live.has_article,
            "page": site_url(f"{page}{fragment}"),
            "details": site_url(reverse("api-port", args=[named.number])),
        }

    def _services(self, names: Iterable[str]) -> Iterable[dict[str, Any]]:
        names = list(names)
        shown = by_name(names)
        for name in names:
            self.languages.add(SOURCE)
            yield {
                "kind": "service",
                **shown[name],
                "page": site_url(reverse("service", args=[self.language, name])),
                "details": site_url(reverse("api-service", args=[name])),
            }
