"""What somebody asks a look-up for: a list of ports, or the text that a tool printed."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from ports.api import parameters
from ports.api.problem_types import INVALID_BODY
from ports.api.problems import Problem
from ports.registry.records import LAST_PORT, Transport

MOST_PORTS: Final = 1000
MOST_LINES: Final = 10_000
_SHOWN_ERRORS: Final = 10
_LONGEST_NAME: Final = 100


class Named(NamedTuple):
    """A port that was asked for."""

    port: int
    transport: Transport | None


class _Wrong(NamedTuple):
    """What is wrong with a part of the body (RFC 6901)."""

    pointer: str
    detail: str


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


def too_many(most: int = MOST_PORTS) -> Problem:
    """The problem of a text that names more ports than are looked up, or names them more often."""
    return malformed("/text", _too_many(most))


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
        yield _Wrong("/ports", _too_many(MOST_PORTS))
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
        yield _Wrong(f"{pointer}/port", parameters.must_be_integer(0, LAST_PORT))
    if item.get("protocol") not in (None, *Transport):
        yield _Wrong(f"{pointer}/protocol", parameters.must_be_one_of([*Transport]))


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


def _too_many(most: int) -> str:
    return _("No more than %(count)s are looked up at once. Send them in parts.") % {"count": most}


def _escaped(name: str) -> str:
    return name[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1")


def _problem(wrong: list[_Wrong]) -> Problem:
    shown = " ".join(f"{each.pointer} {each.detail}".strip() for each in wrong[:_SHOWN_ERRORS])
    return Problem(INVALID_BODY, shown, errors=[each._asdict() for each in wrong])
