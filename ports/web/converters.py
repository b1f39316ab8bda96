"""What may stand in an address: languages and port numbers.

Importing this module makes `<language:>`, `<port:>`, `<padded_port:>`, `<version:>`,
`<feed_form:>`, `<short_name:>`, `<text_ending:>` and `<json_ending:>` known to `path()`.
"""

from django.urls import register_converter

from ports.languages import Language, by_code
from ports.registry.records import LAST_PORT
from ports.web.feeds import FeedForm
from ports.web.site_roots import is_own


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
        if is_own(value):
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class TextEndingConverter:
    """The end of an address of plain text, in any letter case."""

    regex = r"\.[tT][xX][tT]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class JsonEndingConverter(TextEndingConverter):
    """The end of an address of JSON, in any letter case."""

    regex = r"\.[jJ][sS][oO][nN]"


register_converter(LanguageConverter, "language")
register_converter(PortNumberConverter, "port")
register_converter(PaddedPortNumberConverter, "padded_port")
register_converter(VersionNumberConverter, "version")
register_converter(FeedFormConverter, "feed_form")
register_converter(ShortNameConverter, "short_name")
register_converter(TextEndingConverter, "text_ending")
register_converter(JsonEndingConverter, "json_ending")
