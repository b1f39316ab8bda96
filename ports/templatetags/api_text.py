"""English sentences with `code` in them, on the pages about the API."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()

_CODE = re.compile("`([^`]+)`")


@register.filter
def with_code(sentence: str) -> SafeString:
    """A sentence in which what stands between backticks is code."""
    return SafeString(_CODE.sub(r"<code>\1</code>", escape(sentence)))
