"""Many ports looked up together: those of a list, or those that a pasted text names."""

from http import HTTPStatus
from typing import Any, ClassVar, Final

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from ports import sentences
from ports.api import lookup_request, openapi, parameters, schemas, shapes
from ports.api.addresses import site_url
from ports.api.bodies import MOST_BYTES, JSONParser, PlainTextParser, TakesBodies
from ports.api.language import LANG
from ports.api.lookup_request import MOST_LINES, MOST_PORTS, Named
from ports.api.resource import Open, Renderer
from ports.api.schemas import COMPONENTS, a_list, an_object, component, or_null
from ports.api.texts import sentence
from ports.explanations import Explanation, explanations, numbered
from ports.languages import SOURCE, Language
from ports.pasted.mentions import Line, Mention
from ports.pasted.text import read as read_text
from ports.port_facts import Registration
from ports.registry.records import Transport
from ports.web.middleware import requested

type Places = dict[Named, list[dict[str, Any]]]
"""By what is asked for, in the order in which it was first named: where it was."""

_ASKED: Final = {
    "type": "object",
    "properties": {
        "ports": {
            "type": "array",
            "maxItems": MOST_PORTS,
            "items": {
                "type": "object",
                "properties": {
                    "port": schemas.PORT,
                    "protocol": or_null(schemas.one_of([*Transport])),
                },
                "required": ["port"],
                "additionalProperties": False,
            },
        },
        "text": schemas.text("What a tool printed, as it is."),
    },
    "additionalProperties": False,
    "oneOf": [{"required": ["ports"]}, {"required": ["text"]}],
}
_PRINTED: Final = (
    "tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*\n"
    "tcp   ESTAB  0      0         192.0.2.10:51234 198.51.100.7:443\n"
)
_SCHEMA: Final = an_object(
    results=a_list(component("LookedUp")),
    not_understood=a_list(
        an_object(
            "A line of which nothing, or not all, was understood.",
            line=schemas.NUMBER,
            text=schemas.text(),
        )
    ),
    snapshot=or_null(component("Snapshot")),
)


class Lookup(TakesBodies, Open):
    """`POST /api/v1/lookup/`: each port of a list or a text explained.

    Nothing of the request is stored or logged: what tools print holds addresses.
    """

    operations: ClassVar[dict[str, Any]] = {
        "post": {
            "operationId": "Lookup",
            "summary": "Explain each port of a list, or each that a tool's output names.",
            "description": f"A body has {MOST_BYTES // 1024} KiB at most, a text "
            f"{MOST_LINES} lines. Nothing of it is stored.",
            "parameters": [openapi.parameter(LANG)],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": _ASKED,
                        "examples": {
                            "list": {"value": {"ports": [{"port": 3440, "protocol": "tcp"}]}},
                            "text": {"value": {"text": _PRINTED}},
                        },
                    },
                    "text/plain": {
                        "schema": {**schemas.text(), "minLength": 1},
                        "example": _PRINTED,
                    },
                },
            },
            "responses": {
                "200": {
                    "description": "What was asked for.",
                    "headers": openapi.headers("Content-Language"),
                    "content": {"application/json": {"schema": _SCHEMA}},
                },
                **openapi.problems(
                    HTTPStatus.BAD_REQUEST,
                    HTTPStatus.NOT_ACCEPTABLE,
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                    HTTPStatus.TOO_MANY_REQUESTS,
                ),
            },
        }
    }
    cost = 5
    renderer_classes = (Renderer,)
    parser_classes = (JSONParser, PlainTextParser)

    def post(self, request: Request) -> Response:
        parameters.read(request.query_params, (LANG,))
        self.admit(request)
        language = requested(request._request)
        asked = lookup_request.read(request.data)
        places, not_understood = (
            _in_text(asked) if isinstance(asked, str) else (_in_list(asked), [])
        )
        if len(places) > MOST_PORTS:
            raise lookup_request.too_many()
        found = explanations({named.port for named in places})
        results = [
            _looked_up(named, where, found.by_port[named.port], language)
            for named, where in places.items()
        ]
        languages = {language, *([SOURCE] if any(each["services"] for each in results) else [])}
        return Response(
            {
                "results": results,
                "not_understood": [
                    {"line": each.number, "text": each.text} for each in not_understood
                ],
                "snapshot": shapes.snapshot(found.snapshot) if found.snapshot else None,
            },
            headers={
                "Content-Language": ", ".join(sorted(each.tag for each in languages)),
                "Cache-Control": "no-store",
            },
        )


def _in_list(asked: list[Named]) -> Places:
    places: Places = {}
    for index, named in enumerate(asked):
        places.setdefault(named, []).append(_place(index=index))
    return places


def _in_text(text: str) -> tuple[Places, list[Line]]:
    if text.count("\n") + text.count("\r") > 2 * MOST_LINES:
        raise lookup_request.too_long()
    pasted = read_text(text)
    if len(pasted.lines) > MOST_LINES:
        raise lookup_request.too_long()
    distinct = {(each.port or each.service, each.transport) for each in pasted.mentions}
    if len(distinct) > MOST_PORTS:
        raise lookup_request.too_many()
    if len(pasted.mentions) > MOST_LINES:
        raise lookup_request.too_many(MOST_LINES)
    mentions, not_understood = numbered(pasted)
    places: Places = {}
    for mention in dict.fromkeys(mentions):
        if mention.port is not None:
            named = Named(mention.port, mention.transport)
            places.setdefault(named, []).append(_place_of(mention))
    return places, not_understood


def _place_of(mention: Mention) -> dict[str, Any]:
    return _place(
        line=mention.line,
        side=mention.side,
        is_listening=mention.is_listening,
        is_likely_service=mention.is_likely_service,
        program=mention.program or None,
    )


def _place(**said: Any) -> dict[str, Any]:
    """Where a port was named; what does not apply is null."""
    return {name: said.get(name) for name in COMPONENTS["Place"]["properties"]}


def _looked_up(
    named: Named, places: list[dict[str, Any]], found: Explanation, language: Language
) -> dict[str, Any]:
    """What is known of a port, on the protocol that was named or else on all."""
    number, transport = named
    return {
        "port": number,
        "protocol": transport,
        "places": places,
        "range": found.facts.range.value,
        "status": {
            each.value: status.value for each, status in zip(Transport, found.statuses, strict=True)
        },
        "answer": sentence(sentences.answer(found.facts), language),
        "services": [
            _service(each)
            for each in found.facts.registrations
            if transport is None or not each.transports or transport in each.transports
        ],
        "usages": [
            {
                "name": each.name,
                "kind": each.kind,
                "first_port": each.first_port,
                "last_port": each.last_port,
                "protocol": each.transport or None,
            }
            for each in found.live.usages
            if transport is None or each.transport in {"", transport}
        ],
        "assessment_level": found.live.level,
        "has_article": found.live.has_article,
        "page": site_url(reverse("port", args=[language, number])),
        "details": site_url(reverse("api-port", args=[number])),
    }


def _service(registration: Registration) -> dict[str, Any]:
    return {
        "name": registration.name or None,
        "description": registration.description or None,
        "protocols": [*registration.transports],
    }
