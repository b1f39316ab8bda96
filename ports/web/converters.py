"""What may stand in an address: languages and port numbers.

Importing this module makes `<language:>`, `<port:>`, `<padded_port:>`, `<version:>`, `<feed_form:>`
and `<short_name:>` known to `path()`.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, register_converter

from ports.languages import Language, by_code
from ports.registry.records import LAST_PORT
from ports.web.feeds import FeedForm

# Addresses the site will have: a short one that is given away once would change its meaning.
_ROOTS_TO_COME: Final = {"api", "dumps", "explain", "free-port", "metrics", "readyz"}


class LanguageConverter:
    """A language's code, in lowercase."""

    regex = "[a-z]{2}(?:-[a-z]{2,4})?"

    def to_python(self, value: str) -> Language:
        language = by_code(value)
        if language is None:
            raise ValueError(value)
        return language

    def to_url(self, value: Language) -> str:
        return value.code


class PortNumberConverter:
    """A port number in ASCII digits, without leading zeros."""

    regex = "(?:0|[1-9][0-9]{0,4})"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LAST_PORT:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


class PaddedPortNumberConverter(PortNumberConverter):
    """A port number with leading zeros, which has a better address."""

    regex = "0+(?:0|[1-9][0-9]{0,4})"


class VersionNumberConverter:
    """A revision's number in ASCII digits, without leading zeros."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class FeedFormConverter:
    """The end of a feed's address, which tells its form."""

    regex = "|".join(FeedForm)

    def to_python(self, value: str) -> FeedForm:
        return FeedForm(value)

    def to_url(self, value: FeedForm) -> str:
        return value.value


class ShortNameConverter:
    """A service's name as a whole address; languages and the site's own roots are none.

    What it takes can have no slash added, and so it takes nothing below those roots either.
    """

    regex = ".+"

    def to_python(self, value: str) -> str:
        root = value.partition("/")[0].casefold()
        if by_code(root) or root in _site_roots():
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


@cache
def _site_roots() -> frozenset[str]:
    """What the site's addresses begin with, with or without a language before it."""
    static = settings.STATIC_URL.strip("/").partition("/")[0]
    return frozenset({static, *_ROOTS_TO_COME, *_roots(get_resolver().url_patterns)})


def _roots(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern).removeprefix("<language:language>/")
        root = route.partition("/")[0]
        if root and not root.startswith("<"):
            yield root.casefold()
        elif isinstance(pattern, URLResolver) and not root:
            yield from _roots(pattern.url_patterns)


register_converter(LanguageConverter, "language")
register_converter(PortNumberConverter, "port")
register_converter(PaddedPortNumberConverter, "padded_port")
register_converter(VersionNumberConverter, "version")
register_converter(FeedFormConverter, "feed_form")
register_converter(ShortNameConverter, "short_name")
