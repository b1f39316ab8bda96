"""What may stand in an address: languages and port numbers.

Importing this module makes `<language:>`, `<port:>` and `<padded_port:>` known to `path()`.
"""

from django.urls import register_converter

from ports.languages import Language, by_code
from ports.registry.records import LAST_PORT


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


register_converter(LanguageConverter, "language")
register_converter(PortNumberConverter, "port")
register_converter(PaddedPortNumberConverter, "padded_port")
