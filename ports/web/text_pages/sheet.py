"""A page of text for a terminal while it is written: headings, paragraphs, items, commands."""

from collections.abc import Sequence
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from ports.editorial.footnotes import Note
from ports.editorial.rendering import Fragment
from ports.web.text_pages.reading import blocks, in_line
from ports.web.text_pages.runs import Line, Run, Style, clean, in_terminal
from ports.web.text_pages.wrapping import cells, wrapped

WIDTH: Final = 80
_INDENT: Final = 2
_RULE: Final = 20


type Said = str | SafeString | Fragment | None
"""A text, or one made for a page."""


class Sheet:
    """A page of at most 80 cells a line. Commands and addresses alone are never broken.

    Lines are in logical order, with nothing aligned to the right and no invisible marks of
    direction: terminals that write from right to left turn them themselves, and `less` would show
    the marks.

    `notes` are the sources of the page; links of its texts are numbered after them.
    """

    def __init__(self, notes: Sequence[Note] = ()) -> None:
        self._lines: list[Line] = []
        self._heading: Line = []
        self._numbers = {note.source["url"]: note.number for note in reversed(notes)}
        self._most = len(notes)
        self.links: list[tuple[int, str]] = []
        """Addresses that the texts so far lead to and that are no sources, with their numbers."""

    def text(self, *, is_coloured: bool) -> str:
        """All that was written."""
        return in_terminal(self._lines, is_coloured=is_coloured)

    def gap(self) -> None:
        """An empty line, unless there is one, or a heading."""
        if not self._heading and self._lines and self._lines[-1]:
            self._lines.append([])

    def title(self, text: str) -> None:
        self._write([Run(text, Style.HEADING)], indent=0)

    def heading(self, text: Said) -> None:
        """A heading of what is written next; where nothing is, it does not appear."""
        self._heading = in_line(_html(text), self._number)

    def rule(self) -> None:
        """A line across, before what is of less interest."""
        self._heading = []
        self.gap()
        self._write([Run("─" * _RULE)], indent=0)

    def paragraph(
        self,
        *said: Said,
        indent: int = _INDENT,
        marker: str = "",
        style: Style = Style.PLAIN,
    ) -> None:
        """Texts made for a page, one behind the other; nothing where all are empty.

        What is not marked as HTML is text.
        """
        runs: Line = []
        for text in filter(None, map(_html, said)):
            runs += [Run(" ")] if runs else []
            runs += in_line(text, self._number)
        if style is not Style.PLAIN:
            runs = [Run(run.text, style) for run in runs]
        self.runs(runs, indent=indent, marker=marker)

    def runs(self, runs: Line, *, indent: int = _INDENT, marker: str = "") -> None:
        """A paragraph; `marker` stands before it, and the lines after the first under its text."""
        self._write(runs, indent=indent, marker=marker)

    def blocks(self, text: Fragment | SafeString | None, *, indent: int = _INDENT) -> None:
        """A text made for a page, of several paragraphs."""
        for block in blocks(str(text or ""), self._number):
            if block.is_apart:
                self.gap()
            inner = indent + _INDENT * block.depth
            if block.is_literal:
                for line in "".join(run.text for run in block.runs).rstrip().split("\n"):
                    self.command(line, indent=inner + _INDENT)
            else:
                self._write(block.runs, indent=inner, marker=block.marker)

    def command(self, text: str, *, indent: int = 2 * _INDENT) -> None:
        """A line that stays one, for whoever copies it."""
        self._add([Run(" " * indent), Run(clean(text), Style.STRONG)])

    def address(self, url: str, *, indent: int = _INDENT) -> None:
        """An address on a line of its own."""
        self._add([Run(" " * indent), Run(clean(url), Style.ADDRESS)])

    def row(self, *columns: tuple[Run, int], rest: str) -> None:
        """Runs with the width of their columns, and a text in the last column."""
        before: Line = [Run(" " * _INDENT)]
        for run, width in columns:
            text = clean(run.text)
            before.append(Run(f"{text}{' ' * (width - cells(text) + _INDENT)}", run.style))
        indent = _INDENT + sum(width + _INDENT for _run, width in columns)
        lines = wrapped(in_line(rest, self._number), WIDTH - indent) or [[]]
        self._add([*before, *lines[0]])
        for line in lines[1:]:
            self._add([Run(" " * indent), *line])

    def _write(self, runs: Line, *, indent: int, marker: str = "") -> None:
        inner = indent + cells(clean(marker))
        for number, line in enumerate(wrapped(runs, WIDTH - inner)):
            start = f"{' ' * indent}{clean(marker)}" if not number else " " * inner
            self._add([Run(start), *line] if start else line)

    def _add(self, line: Line) -> None:
        if self._heading:
            heading, self._heading = self._heading, []
            self.gap()
            self._write([Run(run.text, Style.HEADING) for run in heading], indent=0)
        self._lines.append(line)

    def _number(self, url: str) -> int:
        if url not in self._numbers:
            self._most += 1
            self._numbers[url] = self._most
            self.links.append((self._most, url))
        return self._numbers[url]


def _html(text: Said) -> SafeString:
    if isinstance(text, Fragment):
        return text.html
    return conditional_escape(text or "")
