"""The manual of the API: the text beside this module, as a page shows it."""

from functools import cache
from pathlib import Path
from typing import Final

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_FILE: Final = Path(__file__).with_name("manual.md")


@cache
def manual() -> SafeString:
    """Its HTML, without the title. The text is the program's own: nobody else writes it."""
    _title, _newline, text = _FILE.read_text(encoding="utf-8").partition("\n")
    return SafeString(MarkdownIt("commonmark").enable("table").render(text))
