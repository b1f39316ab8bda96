"""Dates, numbers and lists as the active language writes them (CLDR, by way of Babel).

Months and years are Gregorian and digits are 0-9 in every language, as in the registry itself.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils.translation import get_language

from ports.languages import SOURCE, by_code
from ports.registry.cells import RegistryDate, read_date

_SECONDS_UNTIL_MINUTES = 120


def registry_date(value: str) -> str:
    """`2002-03` as "March 2002", `2025-09-26` as "September 26, 2025", `2015` as "2015"."""
    parsed = read_date(value)
    return _date(parsed, _language_code()) if parsed else ""


def number(value: int) -> str:
    """A count, with the language's separators: "65,536"."""
    return format_decimal(value, locale=_locale(_language_code()))


def duration(seconds: float) -> str:
    """How long something took, in the unit that suits it: "0.4 sec", "75 sec", "2.5 min"."""
    short = seconds < _SECONDS_UNTIL_MINUTES
    amount = seconds if short else seconds / 60
    return format_unit(
        round(amount, 1) if amount < 10 else round(amount),
        "second" if short else "minute",
        length="short",
        locale=_locale(_language_code()),
    )


def joined(items: Iterable[str]) -> str:
    """A list in words: "http, www, and www-http". The items may be HTML."""
    return format_list(list(items), style="standard", locale=_locale(_language_code()))


def _language_code() -> str:
    return get_language() or SOURCE.code


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse((by_code(code) or SOURCE).locale)


@lru_cache(maxsize=4096)
def _date(value: RegistryDate, code: str) -> str:
    day = date(value.year, value.month or 1, value.day or 1)
    if value.day:
        return format_date(day, "long", locale=_locale(code))
    # A skeleton, not a pattern: it picks the form a month has beside a year in each language.
    return format_skeleton("yMMMM" if value.month else "y", day, locale=_locale(code))
