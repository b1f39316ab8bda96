"""The description of the API as OpenAPI 3.1, made of what the views say of themselves."""

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.urls import URLPattern, get_resolver

from ports.api.language import LANG
from ports.api.limits import HEADERS
from ports.api.parameters import Parameter
from ports.api.resource import Resource
from ports.api.schemas import COMPONENTS, PORT, component, text

_ROOT: Final = "api/v1/"
_IN_PATH: Final = re.compile(r"<(?P<converter>\w+):(?P<name>\w+)>")
_PATH_SCHEMAS: Final = {"port": PORT, "path": {**text(), "minLength": 1}}
_EXAMPLES: Final = {"port": 3440, "path": "ssh"}
_LICENCE: Final = {
    "name": "Registry facts: CC0 1.0; articles: CC BY 4.0",
    "url": "https://creativecommons.org/publicdomain/zero/1.0/",
}


class _Place(NamedTuple):
    """An address below `/api/v1/`, and the view that answers there."""

    route: str
    view: type[Any]


class Description(Resource):
    """This description, as OpenAPI 3.1."""

    schema = {"type": "object"}

    def body(self) -> Any:
        return document(settings.SITE_URL)


@cache
def document(site_url: str) -> dict[str, Any]:
    """The description, for a site at this address."""
    paths: dict[str, Any] = {}
    for place in sorted(_places(), key=lambda place: place.route):
        path = "/" + _IN_PATH.sub(lambda found: f"{{{found['name']}}}", place.route)
        paths[path] = {
            **({"parameters": in_path} if (in_path := _in_path(place.route)) else {}),
            **_operations(place.view),
        }
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Portsite",
            "version": "1",
            "summary": "What the registry says of TCP and UDP ports, and what really uses them.",
            "license": _LICENCE,
        },
        "servers": [{"url": f"{site_url}/{_ROOT.rstrip('/')}"}],
        "paths": paths,
        "components": {"schemas": COMPONENTS},
    }


def _places() -> Iterator[_Place]:
    """Everything that answers below `/api/v1/`, whichever app it belongs to."""
    for pattern in get_resolver().url_patterns:
        for inner in getattr(pattern, "url_patterns", [pattern]):
            route = str(inner.pattern)
            view = getattr(getattr(inner, "callback", None), "view_class", None)
            is_ours = isinstance(inner, URLPattern) and route.startswith(_ROOT)
            if is_ours and view is not None and _is_described(view):
                yield _Place(route.removeprefix(_ROOT), view)


def _is_described(view: type[Any]) -> bool:
    """Whether programs ask it: pages for people are not described."""
    return issubclass(view, Resource) or hasattr(view, "operations")


def _in_path(route: str) -> list[dict[str, Any]]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": _PATH_SCHEMAS[found["converter"]],
            "example": _EXAMPLES[found["converter"]],
        }
        for found in _IN_PATH.finditer(route)
    ]


def _operations(view: type[Any]) -> Mapping[str, Any]:
    """What can be done at an address: said by the view, or what every resource does."""
    if not issubclass(view, Resource):
        return view.operations
    return {
        "get": {
            "operationId": view.__name__,
            "summary": inspect.cleandoc(view.__doc__ or "").partition("\n")[0],
            "parameters": [parameter(each) for each in (LANG, *view.parameters)],
            "responses": {
                "200": {
                    "description": "What was asked for.",
                    "headers": headers("ETag", "Content-Language", *view.header_names),
                    "content": {"application/json": {"schema": view.schema}},
                },
                "304": {"description": "The client has it already (If-None-Match)."},
                **problems(
                    HTTPStatus.BAD_REQUEST,
                    HTTPStatus.NOT_ACCEPTABLE,
                    HTTPStatus.PRECONDITION_FAILED,
                    HTTPStatus.TOO_MANY_REQUESTS,
                    *view.problems,
                ),
            },
        }
    }


def problems(*statuses: HTTPStatus) -> dict[str, Any]:
    """The answers with these statuses, for the description of an operation."""
    return {
        str(status.value): {
            "description": status.phrase,
            "content": {"application/problem+json": {"schema": component("Problem")}},
        }
        for status in sorted(statuses)
    }


def parameter(parameter: Parameter) -> dict[str, Any]:
    """How an operation's description names a parameter."""
    is_list = parameter.schema.get("type") == "array"
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        **({"required": True, "example": parameter.example} if parameter.is_required else {}),
        "schema": parameter.schema,
        **({"style": "form", "explode": False} if is_list else {}),
    }


def headers(*names: str) -> dict[str, Any]:
    """The headers with these names, and those that tell of the limit."""
    return {name: {"schema": {"type": "string"}} for name in (*names, *HEADERS)}
