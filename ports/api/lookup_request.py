"""What somebody asks a look-up for: a list of ports, or the text that a tool printed."""

import codecs
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import orjson
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from ports.api.problems import Problem
from ports.registry.records import LAST_PORT, Transport

MOST_PORTS: Final = 1000
MOST_LINES: Final = 10_000
MOST_BYTES: Final = 256 * 1024
_SHOWN_ERRORS: Final = 10
_LONGEST_NAME: Final = 100
# What Windows PowerShell writes into files.
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Named(NamedTuple):
    """A port that was asked for."""

    port: int
    transport: Transport | None


class _Wrong(NamedTuple):
    """What is wrong with a part of the body (RFC 6901)."""

    pointer: str
    detail: str


class JSONParser(BaseParser):
    """A JSON body of bounded size."""

    media_type = "application/json"

    def parse(self, stream: Any, *_args: Any, **_kwargs: Any) -> Any:
        """What the body says; raises a Problem for what is no JSON."""
        try:
            return orjson.loads(_bounded(stream))
        except orjson.JSONDecodeError as error:
            raise malformed(
                "",
                _("This is not JSON: line %(line)s, column %(column)s.")
                % {"line": error.lineno, "column": error.colno},
            ) from None


class PlainTextParser(BaseParser):
    """A text of bounded size, as UTF-8 or, with a byte order mark, as UTF-16.

    What is neither is read as far as possible: old Windows writes its own letters in words that
    name no port.
    """

    media_type = "text/plain"

    def parse(self, stream: Any, *_args: Any, **_kwargs: Any) -> Any:
        """The body as if it had come in JSON."""
        body = _bounded(stream)
        encoding = "utf-16" if body.startswith(_UTF_16) else "utf-8-sig"
        return {"text": body.decode(encoding, errors="replace")}


def _bounded(stream: Any) -> bytes:
    body: bytes = stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("This is larger than %(size)s KiB. Send it in parts.") % {"size": MOST_BYTES // 1024},
        )
    return body


def read(said: Any) -> list[Named] | str:
    """The ports or the text that a body asks for; raises a Problem that names all that is wrong."""
    if not isinstance(said, dict):
        raise malformed("", _("Send an object."))
    wrong = [_unknown(f"/{_escaped(name)}") for name in said if name not in {"ports", "text"}]
    asked = said.keys() & {"ports", "text"}
    if len(asked) != 1:
        wrong.append(_Wrong("", _("Send either %(one)s or %(other)s.") % _EITHER))
    elif "text" in said:
        if not isinstance(said["text"], str):
            wrong.append(_Wrong("/text", _("This must be a text.")))
    else:
        wrong += _wrong_in_list(said["ports"])
    if wrong:
        raise _problem(wrong)
    if "text" in said:
        return str(said["text"])
    return [Named(int(each["port"]), _transport(each.get("protocol"))) for each in said["ports"]]


def too_many() -> Problem:
    """The problem of a text that names more ports than are looked up at once."""
    return malformed("/text", _too_many())


def too_long() -> Problem:
    """The problem of a text of more lines than are read at once."""
    return malformed(
        "/text",
        _("A text may have %(count)s lines at most. Send it in parts.") % {"count": MOST_LINES},
    )


def malformed(pointer: str, detail: str) -> Problem:
    """The problem of one thing that is wrong in a body."""
    return _problem([_Wrong(pointer, detail)])


_EITHER: Final = {"one": "ports", "other": "text"}


def _wrong_in_list(items: Any) -> Iterator[_Wrong]:
    if not isinstance(items, list):
        yield _Wrong("/ports", _("This must be a list."))
    elif len(items) > MOST_PORTS:
        yield _Wrong("/ports", _too_many())
    else:
        for place, item in enumerate(items):
            yield from _wrong_in_item(f"/ports/{place}", item)


def _wrong_in_item(pointer: str, item: Any) -> Iterator[_Wrong]:
    if not isinstance(item, dict):
        yield _Wrong(pointer, _("Send an object."))
        return
    for name in item.keys() - {"port", "protocol"}:
        yield _unknown(f"{pointer}/{_escaped(name)}")
    if not _is_port(item.get("port")):
        yield _Wrong(
            f"{pointer}/port",
            _("This must be a whole number from %(least)s to %(most)s.")
            % {"least": 0, "most": LAST_PORT},
        )
    if item.get("protocol") not in (None, *Transport):
        yield _Wrong(
            f"{pointer}/protocol",
            _("This must be one of: %(values)s.") % {"values": ", ".join(Transport)},
        )


def _is_port(value: Any) -> bool:
    """Whether a number is one; JSON makes no difference between 80 and 80.0, but true is none."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= LAST_PORT
        and value == int(value)
    )


def _transport(said: str | None) -> Transport | None:
    return None if said is None else Transport(said)


def _unknown(pointer: str) -> _Wrong:
    return _Wrong(pointer, _("This is not known here."))


def _too_many() -> str:
    return _("No more than %(count)s are looked up at once. Send them in parts.") % {
        "count": MOST_PORTS
    }


def _escaped(name: str) -> str:
    return name[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1")


def _problem(wrong: list[_Wrong]) -> Problem:
    shown = " ".join(f"{each.pointer} {each.detail}".strip() for each in wrong[:_SHOWN_ERRORS])
    return Problem(HTTPStatus.BAD_REQUEST, shown, errors=[each._asdict() for each in wrong])
