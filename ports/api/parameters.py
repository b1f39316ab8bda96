"""The parameters that an address of the API takes: each one is known and understood, or refused.

A filter that is ignored gives more than was asked for, and whoever acts on that acts on the wrong
ports.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from ports.api.problem_types import INVALID_PARAMETER
from ports.api.problems import Problem

LARGEST_KEY: Final = 2**53 - 1
"""The largest whole number that every program reads as it is (RFC 8259, section 6)."""

_LONGEST_VALUE: Final = 200
# Something else than white space, no control characters, and none that stands for a broken one.
_WORDS: Final = (
    r"^[^\u0000-\u001f\u007f-\u009f\ufffd]*[^\s\u0000-\u001f\u007f-\u009f\ufffd]"
    r"[^\u0000-\u001f\u007f-\u009f\ufffd]*$"
)
_INTEGER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class ParameterError(ValueError):
    """A value that a parameter cannot have; its text says why, in the caller's language."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, what it does (for programmers, in English), and its JSON Schema.

    `read` makes a value of the text in the address, and raises ParameterError. One that has an
    `example` is required: an address without it is refused.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    example: str = ""

    @property
    def is_required(self) -> bool:
        return bool(self.example)


def read(query: QueryDict, known: Iterable[Parameter]) -> dict[str, Any]:
    """The values of the parameters that stand in an address, by name.

    Raises a Problem, 400, that names every parameter which is unknown, given more than once,
    missing, or has a value that cannot be.
    """
    by_name = {parameter.name: parameter for parameter in known}
    found: dict[str, Any] = {}
    wrong: list[dict[str, str]] = []
    for name, values in query.lists():
        try:
            found[name] = _value(by_name, name, values)
        except ParameterError as error:
            wrong.append({"parameter": _shown(name), "detail": str(error)})
    wrong += [
        {"parameter": name, "detail": _("This field is required.")}
        for name, parameter in by_name.items()
        if parameter.is_required and name not in query
    ]
    if wrong:
        detail = " ".join(f"{each['parameter']}: {each['detail']}" for each in wrong)
        raise Problem(INVALID_PARAMETER, detail, errors=wrong)
    return found


def integer(name: str, description: str, *, least: int = 0, most: int) -> Parameter:
    """A whole number in ASCII digits."""

    def read(text: str) -> int:
        if not _INTEGER.fullmatch(text) or not least <= int(text) <= most:
            raise ParameterError(must_be_integer(least, most))
        return int(text)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Parameter(name, description, schema, read)


def one_of(name: str, description: str, values: Sequence[str]) -> Parameter:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in values:
            raise ParameterError(must_be_one_of(values))
        return text

    return Parameter(name, description, {"type": "string", "enum": [*values]}, read)


def some_of(name: str, description: str, values: Sequence[str]) -> Parameter:
    """Some of a few words, each once, with commas between them."""

    def read(text: str) -> frozenset[str]:
        said = text.split(",")
        if not set(said) <= set(values):
            raise ParameterError(must_be_one_of(values))
        if len(said) > len(set(said)):
            raise ParameterError(_("This says something more than once."))
        return frozenset(said)

    items = {"items": {"type": "string", "enum": [*values]}, "minItems": 1, "uniqueItems": True}
    return Parameter(name, description, {"type": "array", **items}, read)


def flag(name: str, description: str) -> Parameter:
    """`true` or `false`."""

    def read(text: str) -> bool:
        if text not in {"true", "false"}:
            raise ParameterError(must_be_one_of(["true", "false"]))
        return text == "true"

    return Parameter(name, description, {"type": "boolean"}, read)


def words(name: str, description: str, *, example: str = "") -> Parameter:
    """A text that somebody searches for; required where an example is given."""

    def read(text: str) -> str:
        said = text.strip()
        if not said:
            raise ParameterError(is_empty())
        return said

    schema = {"type": "string", "pattern": _WORDS, "maxLength": _LONGEST_VALUE}
    return Parameter(name, description, schema, read, example)


def _value(known: Mapping[str, Parameter], name: str, values: Sequence[str]) -> Any:
    if name not in known:
        raise ParameterError(
            _("This parameter is not known here. These are: %(names)s.")
            % {"names": ", ".join(sorted(known))}
        )
    if len(values) > 1:
        raise ParameterError(_("This parameter may be given once only."))
    (text,) = values
    if len(text) > _LONGEST_VALUE:
        raise ParameterError(is_longer(_LONGEST_VALUE))
    # What was no UTF-8 has become U+FFFD.
    if "\ufffd" in text or any(unicodedata.category(each) == "Cc" for each in text):
        raise ParameterError(_("This holds characters that no text has."))
    return known[name].read(text)


def must_be_integer(least: int, most: int) -> str:
    """What to say of something else than such a whole number."""
    return _("This must be a whole number from %(least)s to %(most)s.") % {
        "least": least,
        "most": most,
    }


def is_longer(most: int) -> str:
    """What to say of a text with more characters."""
    return _("This is longer than %(count)s characters.") % {"count": most}


def is_empty() -> str:
    """What to say of a text without any."""
    return _("This must not be empty.")


def must_be_one_of(values: Sequence[str]) -> str:
    """What to say of something else than these words."""
    return _("This must be one of: %(values)s.") % {"values": ", ".join(values)}


def _shown(name: str) -> str:
    """The name of a parameter as it is repeated to whoever sent it."""
    return "".join(each if each.isprintable() else "\ufffd" for each in name[:100])
