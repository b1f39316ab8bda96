"""The links from a page to the same page in the other languages.

They stand on every page, fifty of them, and are the same but for the address: built here from parts
that are made once, they cost a twentieth of what template loops over the languages do.
"""

from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from ports.languages import LANGUAGES, SOURCE, Language

_SWITCHER: Final = [
    (
        language,
        format_html('<li><a href="/{}/', language.code),
        format_html('" lang="{0}" hreflang="{0}" dir="{1}"', language.tag, language.direction),
        format_html(">{}</a></li>", language.name),
    )
    for language in LANGUAGES
]
_ALTERNATES: Final = [
    *((language, language.tag) for language in LANGUAGES),
    (SOURCE, "x-default"),
]


def switcher(current: Language, rest: str) -> SafeString:
    """List items that link to `rest`, an address after its language, in every language."""
    escaped = escape(rest)
    return SafeString(
        "".join(
            f"{before}{escaped}{attributes}"
            f"{' aria-current="true"' if language is current else ''}{after}"
            for language, before, attributes, after in _SWITCHER
        )
    )


def alternates(site_url: str, rest: str) -> SafeString:
    """`hreflang` links to `rest` in every language, and for readers of all others."""
    start, escaped = escape(site_url), escape(rest)
    return SafeString(
        "".join(
            f'<link rel="alternate" hreflang="{tag}" href="{start}/{language.code}/{escaped}">'
            for language, tag in _ALTERNATES
        )
    )
