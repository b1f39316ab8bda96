"""The description of the API as people read it: made of the same document as programs read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

import orjson

from ports.api.language import LANG
from ports.api.openapi import document
from ports.api.schemas import COMPONENTS, EXTENDS

_METHODS: Final = ("get", "post")
_COMPONENT: Final = "#/components/schemas/"


class Kind(NamedTuple):
    """What a value is, in a few words, and the component that they name, if any."""

    words: str
    component: str = ""


class Member(NamedTuple):
    """A parameter, or a member of an object."""

    name: str
    kind: Kind
    description: str


class Answer(NamedTuple):
    """A status that an operation may be answered with."""

    status: str
    description: str


class Operation(NamedTuple):
    """What can be done at an address."""

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[Member, ...]
    members: tuple[Member, ...]
    answers: tuple[Answer, ...]
    example: str
    """A command that runs."""


class Component(NamedTuple):
    """A part of answers."""

    name: str
    description: str
    members: tuple[Member, ...]


class Reference(NamedTuple):
    """All of it; `language` is the parameter that every address has."""

    language: Member
    operations: tuple[Operation, ...]
    components: tuple[Component, ...]


def reference(site_url: str) -> Reference:
    """The reference of a site at this address."""
    described = document(site_url)
    return Reference(
        Member(LANG.name, kind_of(LANG.schema), LANG.description),
        tuple(_operations(described)),
        tuple(
            Component(name, schema.get("description", ""), tuple(_members(schema)))
            for name, schema in described["components"]["schemas"].items()
        ),
    )


def _operations(described: Mapping[str, Any]) -> Iterator[Operation]:
    (server,) = described["servers"]
    for path, operations in described["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                in_path = operations.get("parameters", [])
                yield Operation(
                    operation["operationId"],
                    method.upper(),
                    path,
                    operation["summary"],
                    tuple(_parameters([*in_path, *operation.get("parameters", [])])),
                    tuple(_members(_body_schema(operation["responses"]))),
                    tuple(_answers(operation["responses"])),
                    _example(server["url"], path, method, in_path, operation),
                )


def _parameters(parameters: Sequence[Mapping[str, Any]]) -> Iterator[Member]:
    for each in parameters:
        if each["name"] != LANG.name:  # every address has it: it is told of once
            yield Member(each["name"], kind_of(each["schema"]), each.get("description", ""))


def _answers(responses: Mapping[str, Any]) -> Iterator[Answer]:
    for status, response in responses.items():
        yield Answer(status, response["description"])


def _body_schema(responses: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the first good answer looks like."""
    for response in responses.values():
        for content in response.get("content", {}).values():
            return content.get("schema", {})
    return {}


def _members(schema: Mapping[str, Any]) -> Iterator[Member]:
    for name, member in schema.get("properties", {}).items():
        yield Member(name, kind_of(member), member.get("description", ""))


def _example(
    server: str,
    path: str,
    method: str,
    in_path: Sequence[Mapping[str, Any]],
    operation: Mapping[str, Any],
) -> str:
    for each in in_path:
        path = path.replace(f"{{{each['name']}}}", quote(str(each["example"])))
    if method == "get":
        needed = {
            each["name"]: each["example"]
            for each in operation["parameters"]
            if each.get("required")
        }
        return f"curl {server}{path}{'?' if needed else ''}{urlencode(needed)}"
    media_type, content = next(iter(operation["requestBody"]["content"].items()))
    examples = [each["value"] for each in content.get("examples", {}).values()]
    sent = orjson.dumps(content.get("example", next(iter(examples), None))).decode()
    return f"curl --header 'Content-Type: {media_type}' --data '{sent}' {server}{path}"


def kind_of(schema: Mapping[str, Any]) -> Kind:
    """What values of a schema are, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_COMPONENT)
        return Kind(name, name)
    if "anyOf" in schema:
        kinds = [kind_of(each) for each in schema["anyOf"]]
        named = next((each.component for each in kinds if each.component), "")
        return Kind(" or ".join(each.words for each in kinds), named)
    if schema.get("type") == "array":
        of = kind_of(schema["items"])
        return Kind(f"list of {of.words}", of.component)
    named = schema.get("title", schema.get(EXTENDS, ""))
    if named in COMPONENTS:
        return Kind(named, named)
    return Kind(_simple(schema))


def _simple(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = str(schema.get("format") or schema.get("type", "anything"))
    if "maximum" in schema:
        return f"{kind}, {schema['minimum']} to {schema['maximum']}"
    return f"{kind}, {schema['minimum']} or more" if "minimum" in schema else kind
