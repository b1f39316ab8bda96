"""What answers look like, as JSON Schema (2020-12), for the description of the API.

Beside `shapes` and `texts`, which make what is described here.
"""

from collections.abc import Mapping
from typing import Any, Final

from ports.languages import LANGUAGES
from ports.models import Assessment, Document, RegistryChange, Snapshot, Usage
from ports.pasted.mentions import Side
from ports.registry.records import COLUMNS, LAST_PORT, PortRange, Status, Transport

type Schema = Mapping[str, Any]


def an_object(description: str = "", /, **members: Schema) -> dict[str, Any]:
    """An object that has all of these members."""
    said = {"description": description} if description else {}
    return {"type": "object", **said, "properties": members, "required": [*members]}


def a_list(of: Schema, **more: Any) -> dict[str, Any]:
    """A list of any length."""
    return {"type": "array", "items": of, **more}


def or_null(schema: Schema) -> dict[str, Any]:
    """This, or null where there is none."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(values: Any, description: str = "") -> dict[str, Any]:
    """One of a few words."""
    said = {"description": description} if description else {}
    return {"type": "string", "enum": [*values], **said}


def component(name: str) -> dict[str, str]:
    """One of COMPONENTS."""
    return {"$ref": f"#/components/schemas/{name}"}


def text(description: str = "") -> dict[str, Any]:
    """A text of any length."""
    return {"type": "string", **({"description": description} if description else {})}


NUMBER: Final = {"type": "integer", "minimum": 0}
PORT: Final = {"type": "integer", "minimum": 0, "maximum": LAST_PORT}
MOMENT: Final = {"type": "string", "format": "date-time"}
ADDRESS: Final = {"type": "string", "format": "uri"}
UUID: Final = {"type": "string", "format": "uuid"}
FLAG: Final = {"type": "boolean"}
_PROTOCOL: Final = one_of([*Transport])
_RECORD_STATUS: Final = one_of([each for each in Status if each != Status.DYNAMIC])
_ENDS: Final = {"first_port": or_null(PORT), "last_port": or_null(PORT)}

STATUSES: Final = an_object(
    "The status of a port on each transport protocol.",
    **{transport.value: one_of([*Status]) for transport in Transport},
)
TAG: Final = one_of([language.tag for language in LANGUAGES])
_WRITTEN: Final = or_null(component("Text"))

TEXTS_OF_PORT: Final = {
    "article": or_null(component("Article")),
    "assessment": or_null(component("Assessment")),
    "usages": a_list(component("Usage")),
    "histories": a_list(component("History")),
    "faqs": a_list(component("Faq")),
    "glosses": a_list(component("Gloss")),
    "sources": a_list(component("Source")),
}
"""What editors wrote on a port, as `texts.DocumentTexts.of_port` makes it."""

COMPONENTS: Final[dict[str, dict[str, Any]]] = {
    "Date": an_object(
        "A date as precise as it is known.",
        date={"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        precision=one_of(["year", "month", "day"]),
    ),
    "Reference": an_object("A cited document.", text=text(), url=or_null(ADDRESS)),
    "Assignment": an_object(
        "A record of IANA's registry. What the registry leaves empty is null.",
        id=or_null(NUMBER),
        service_name=or_null(text()),
        protocol=or_null(_PROTOCOL),
        **_ENDS,
        status=_RECORD_STATUS,
        description=or_null(text("In English, as published.")),
        assignee=a_list(text()),
        contact=a_list(text()),
        registration_date=or_null(component("Date")),
        modification_date=or_null(component("Date")),
        references=a_list(component("Reference")),
        service_code=or_null(text()),
        unauthorized_use=or_null(text()),
        notes=or_null(text()),
        alias_of=or_null(text("The service name that this one is another name of.")),
    ),
    "Snapshot": an_object(
        "A state of the registry.",
        id=NUMBER,
        origin=one_of(
            Snapshot.Origin.values,
            "Whether IANA published it, or it was compiled.",
        ),
        names_as_of=component("Date"),
        registrants_as_of=component("Date"),
    ),
    "Row": {
        "type": "object",
        "description": "A record as published, by the names of IANA's columns.",
        "properties": {column: text() for column in COLUMNS},
        "required": [*COLUMNS],
    },
    "Change": an_object(
        "A difference between two states of the registry.",
        id=NUMBER,
        kind=one_of(RegistryChange.Kind.values),
        snapshot=component("Snapshot"),
        service_name=or_null(text()),
        former_name=or_null(text()),
        **_ENDS,
        protocol=or_null(_PROTOCOL),
        before=a_list(component("Row")),
        after=a_list(component("Row")),
    ),
    "Port": an_object(
        "A port number.",
        number=PORT,
        range=one_of([*PortRange]),
        status=STATUSES,
        service_names=a_list(text()),
        has_article=FLAG,
    ),
    "Service": an_object(
        "A service name and where it is registered.",
        name=text(),
        description=or_null(text("In English, as published.")),
        registrations=a_list(an_object(**_ENDS, protocol=or_null(_PROTOCOL))),
        alias_of=or_null(text()),
    ),
    "Sentence": an_object(
        "A sentence that is made of facts, in the language that was asked for.",
        text=text(),
        lang=TAG,
        is_fallback=FLAG,
    ),
    "Text": an_object(
        "What an editor wrote.",
        markdown=text("With the registry's facts written out."),
        html=text(),
        lang=TAG,
        is_fallback={
            **FLAG,
            "description": "Whether nobody has translated it: it is English.",
        },
    ),
    "Source": an_object(
        "What a text cites under a number.",
        number=NUMBER,
        title=text(),
        publisher=or_null(text()),
        url=or_null(ADDRESS),
        published=or_null(component("Date")),
    ),
    "Article": an_object(
        "The story of a port.",
        title=component("Text"),
        summary=_WRITTEN,
        body=_WRITTEN,
        lesson=_WRITTEN,
        reviewed_at=or_null(
            {**MOMENT, "description": "When somebody approved it who wrote none of it."}
        ),
        is_outdated={
            **FLAG,
            "description": "Whether the English text has since changed in an important way.",
        },
    ),
    "Assessment": an_object(
        "Whether to worry.",
        level=one_of(Assessment.Level.values),
        as_of=component("Date"),
        expected=_WRITTEN,
        exposure=_WRITTEN,
    ),
    "Usage": an_object(
        "What really uses ports.",
        uuid=UUID,
        name=text(),
        kind=one_of(Usage.Kind.values),
        first_port=PORT,
        last_port=PORT,
        protocol=or_null(_PROTOCOL),
        description=_WRITTEN,
    ),
    "History": an_object(
        "An event in a port's life.",
        uuid=UUID,
        date=component("Date"),
        title=_WRITTEN,
        text=_WRITTEN,
    ),
    "Faq": an_object("A question and its answer.", uuid=UUID, question=_WRITTEN, answer=_WRITTEN),
    "Gloss": an_object(
        "What a service is for, in plain words.", service_name=text(), text=_WRITTEN
    ),
    "Document": an_object(
        "What editors wrote as one, in one language: the article of a port with all that belongs "
        "to it, a usage, or the explanation of a service. A line of the download of all articles.",
        document=NUMBER,
        kind=one_of(Document.Kind.values),
        port=or_null(PORT),
        lang=TAG,
        revision=NUMBER,
        page=ADDRESS,
        licence={"const": "CC-BY-4.0"},
        **TEXTS_OF_PORT,
    ),
    "Place": an_object(
        "Where a port was named: in a list by `index`, in a text by `line` (from 1).",
        index=or_null(NUMBER),
        line=or_null(NUMBER),
        side=or_null(one_of([*Side], "Whose port it is, where the line says so.")),
        is_listening=or_null(FLAG),
        is_likely_service=or_null(
            {**FLAG, "description": "False for what is probably a connection's temporary end."}
        ),
        program=or_null(text("As the tool prints it.")),
    ),
    "LookedUp": an_object(
        "A port that was looked up, on a protocol or on all.",
        port=PORT,
        protocol=or_null(_PROTOCOL),
        places=a_list(component("Place")),
        range=one_of([*PortRange]),
        status=STATUSES,
        answer=component("Sentence"),
        services=a_list(
            an_object(
                "What is registered, in the registry's words.",
                name=or_null(text()),
                description=or_null(text("In English, as published.")),
                protocols=a_list(_PROTOCOL),
            )
        ),
        usages=a_list(
            an_object(
                "What really uses it.",
                name=text(),
                kind=one_of(Usage.Kind.values),
                first_port=PORT,
                last_port=PORT,
                protocol=or_null(_PROTOCOL),
            )
        ),
        assessment_level=or_null(one_of(Assessment.Level.values, "Whether to worry.")),
        has_article=FLAG,
        page=ADDRESS,
        details=ADDRESS,
    ),
    "Problem": {
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": text(),
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text("In the caller's language."),
            "errors": a_list(
                {
                    "type": "object",
                    "properties": {
                        "parameter": text("The parameter that cannot be as it is."),
                        "pointer": text("What is wrong in the body (RFC 6901)."),
                        "detail": text(),
                    },
                    "required": ["detail"],
                }
            ),
            "last_known": a_list(component("Assignment")),
            "changes": a_list(component("Change")),
        },
        "required": ["type", "title", "status", "detail"],
    },
}
"""The schemas that answers are put together of."""
for _name, _schema in COMPONENTS.items():
    _schema["title"] = _name


EXTENDS: Final = "x-extends"


def with_members(name: str, **more: Schema) -> dict[str, Any]:
    """A component with further members."""
    of = COMPONENTS[name]
    properties = {**more, **of["properties"]}
    said = {key: value for key, value in of.items() if key != "title"}
    return {**said, EXTENDS: name, "properties": properties, "required": [*properties]}
