"""Reading what a reader chose from an address; a value that cannot be is named in an error."""

import re
from enum import StrEnum

from django.http import HttpRequest
from django.utils.translation import gettext as _

_LONGEST_PAGE_NUMBER = 5
# Ids of rows are 64 bits wide.
_LONGEST_ID = 18
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)


class InvalidFilterError(ValueError):
    """A filter in the address has a value it cannot have."""


def choice[Choice: StrEnum](
    request: HttpRequest, name: str, choices: type[Choice]
) -> Choice | None:
    """The chosen one of `choices`; None where nothing was chosen."""
    value = request.GET.get(name, "")
    if not value:
        return None
    try:
        return choices(value)
    except ValueError:
        raise InvalidFilterError(
            # Translators: %(name)s is a parameter in the address, %(choices)s a list of values.
            _("“%(name)s” in the address must be one of %(choices)s.")
            % {"name": name, "choices": ", ".join(choices)}
        ) from None


def month(request: HttpRequest, name: str) -> str:
    """The chosen month, `YYYY-MM`; "" where none was chosen."""
    value = request.GET.get(name, "")
    if value and not _MONTH.fullmatch(value):
        raise InvalidFilterError(
            # Translators: %(name)s is a parameter in the address.
            _("“%(name)s” in the address must be a month such as 2026-07.") % {"name": name}
        )
    return value


def row_id(request: HttpRequest, name: str) -> int | None:
    """The id of the chosen row, which may not exist; None where none was chosen."""
    value = request.GET.get(name, "")
    return _number(name, value, _LONGEST_ID) if value else None


def page_number(request: HttpRequest) -> int:
    """The number of the page of a list, 1 where none was chosen; it may be after the last."""
    return _number("page", request.GET.get("page", "1"), _LONGEST_PAGE_NUMBER)


def _number(name: str, value: str, longest: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= longest):
        raise InvalidFilterError(_("“%(name)s” in the address must be a number.") % {"name": name})
    return int(value)
