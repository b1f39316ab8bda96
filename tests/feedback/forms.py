"""The forms of readers, as a page holds them."""

import re
from html import unescape


def reference_on(page: str) -> str:
    """The signed reference that the form of a page holds."""
    return _value(page, "page")


def token_on(page: str) -> str:
    """The token that the forms of a thank-you page hold."""
    return _value(page, "token")


def _value(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]+)"', page)
    assert found, f"no form holds {name}"
    return unescape(found[1])
