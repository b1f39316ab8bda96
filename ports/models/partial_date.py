"""Dates of year, month or day precision, written as the registry writes its own."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import In
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_FORM = re.compile(r"((?:19|20)[0-9]{2})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_MONTHS = [f"{month:02}" for month in range(1, 13)]
_DAYS = [f"{day:02}" for day in range(1, 32)]
_DIGITS = list("0123456789")


def validate_partial_date(value: str) -> None:
    """Refuse what is no calendar date, month or year from 1900 to 2099."""
    if not _is_calendar_date(value):
        raise ValidationError(
            _("“%(value)s” is no date. Write a year, a month or a day: 2004, 2004-01, 2004-01-26."),
            code="partial_date",
            params={"value": value},
        )


def _is_calendar_date(value: str) -> bool:
    match = _FORM.fullmatch(value)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


class PartialDateField(models.CharField):
    """A date as text: `2004`, `2004-01` or `2004-01-26`; it sorts as it reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("help_text", gettext_lazy("YYYY, YYYY-MM or YYYY-MM-DD."))
        super().__init__(*args, **kwargs)
        if validate_partial_date not in self.validators:
            self.validators = [*self.validators, validate_partial_date]


def is_partial_date(field: str) -> Q:
    """That a field holds a date of one of the three precisions.

    Said in what both databases compute by themselves: the month is one of 12, the day one of 31.
    """

    def part(start: int, length: int, allowed: list[str]) -> Q:
        return Q(In(Substr(field, start, length), allowed))

    year = part(1, 2, ["19", "20"]) & part(3, 1, _DIGITS) & part(4, 1, _DIGITS)
    month = part(5, 1, ["-"]) & part(6, 2, _MONTHS)
    day = part(8, 1, ["-"]) & part(9, 2, _DAYS)
    length = Length(field)
    return year & (
        Q(In(length, [4])) | Q(In(length, [7])) & month | Q(In(length, [10])) & month & day
    )
