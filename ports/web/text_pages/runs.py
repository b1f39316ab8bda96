"""Runs of text in one style, and what a terminal may be sent of a text."""

import unicodedata
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple


class Style(Enum):
    """How a run looks where colours are asked for; its value is an SGR parameter (ECMA-48).

    Of the usual six colours, in the palettes of xterm, VGA, Tango, VS Code, Windows and macOS, only
    red and magenta keep a contrast of 2.4 and more against black and against white. So they are for
    headings and warnings, which are bold too; all else is in the terminal's own colour.
    """

    PLAIN = ""
    STRONG = "1"
    ADDRESS = "4"
    HEADING = "1;35"
    WARNING = "1;31"


class Run(NamedTuple):
    """Some text in one style."""

    text: str
    style: Style = Style.PLAIN


type Line = list[Run]

# Joiners that Persian and the scripts of India are written with, invisible and harmless.
_KEPT: Final = "\u200c\u200d"
_SPACES: Final = "\t\n\v\f\r\x85\u2028\u2029"
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """A text without anything that a terminal would obey instead of showing it.

    Control characters of C0 and C1 (ESC and CSI among them) and lone surrogates are replaced by
    U+FFFD, those that end a line or a column by a blank. Invisible format characters, such as the
    overrides of writing direction, are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in _SPACES:
        return " "
    match unicodedata.category(character):
        case "Cc" | "Cs":
            return _REPLACEMENT
        case "Cf" if character not in _KEPT:
            return ""
    return character


def in_terminal(lines: Iterable[Line], *, is_coloured: bool) -> str:
    """The lines as they are sent. Colours add to them, and change nothing of the text."""
    return "".join(
        "".join(_coded(run) if is_coloured else run.text for run in line).rstrip() + "\n"
        for line in lines
    )


def _coded(run: Run) -> str:
    if run.style is Style.PLAIN or not run.text.strip():
        return run.text
    return f"\x1b[{run.style.value}m{run.text}\x1b[0m"
