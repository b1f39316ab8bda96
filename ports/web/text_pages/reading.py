"""Texts that were made for pages, read as blocks for a terminal: paragraphs, items, commands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from ports.web.text_pages.runs import Line, Run, Style

_BLOCKS: Final = {
    *("p", "div", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "br", "hr"),
    *("table", "tr"),
}
_PARAGRAPHS: Final = {"p", "ul", "ol", "pre", "blockquote", "h3", "h4", "h5", "h6", "table"}
_STYLES: Final = dict.fromkeys(("strong", "th", "h3", "h4", "h5", "h6", "code"), Style.STRONG)

type Numbering = Callable[[str], int]
"""The number that a web address is listed under, at the end of the page."""


@dataclass(slots=True)
class Block:
    """A block of text; `is_apart` says that an empty line stands before it.

    `marker` stands before its first line, `depth` says how many lists and quotations it is in. The
    lines of `is_literal` ones stay as they are.
    """

    runs: Line = field(default_factory=list)
    marker: str = ""
    depth: int = 0
    is_apart: bool = False
    is_literal: bool = False


def blocks(html: str, numbered: Numbering) -> list[Block]:
    """The blocks of a text made for a page.

    Footnotes are `[1]` and links to other sites `label [2]`; a text in another language than that
    of the page begins with its language, `[en]`.
    """
    reader = _Reader(numbered)
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.blocks


def in_line(html: str, numbered: Numbering) -> Line:
    """A text of one line."""
    if "<" not in html and "&" not in html:
        return [Run(html)]
    return [run for block in blocks(html, numbered) for run in block.runs]


class _Reader(HTMLParser):
    def __init__(self, numbered: Numbering) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._numbered = numbered
        self._now = Block()
        self._styles: list[Style] = []
        self._lists: list[int | None] = []
        self._quoted = 0
        self._link: tuple[str, int] | None = None
        self._in_footnote = False
        self._tongue = ""

    def flush(self) -> None:
        """End the block that is being read."""
        if any(run.text.strip() for run in self._now.runs):
            self._now.depth = max(len(self._lists) - 1, 0) + self._quoted
            self.blocks.append(self._now)
            self._now = Block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _BLOCKS:
            self._begin(tag, said)
        match tag:
            case "div" | "span" if said.get("lang"):
                self._tongue = f"[{said['lang']}] "
            case "td" | "th" if self._now.runs:
                self._say(" | ")
            case "sup":
                self._in_footnote = True
            case "a":
                self._link = (said.get("href") or "", len(self._now.runs))
            case "code" if not self._now.is_literal:
                self._say("`")
        if tag in _STYLES:
            self._styles.append(_STYLES[tag])

    def _begin(self, tag: str, said: dict[str, str | None]) -> None:
        """Begin a block; the first paragraph of an item stands behind its marker."""
        self.flush()
        if tag in _PARAGRAPHS and not (tag == "p" and self._now.marker):
            self._now.is_apart = bool(self.blocks) and (tag == "pre" or not self._lists)
        match tag:
            case "ul":
                self._lists.append(None)
            case "ol":
                self._lists.append(int(said.get("start") or 1))
            case "li":
                self._now.marker = self._next_marker()
            case "blockquote":
                self._quoted += 1
            case "pre":
                self._now.is_literal = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _STYLES and self._styles:
            self._styles.pop()
        match tag:
            case "code" if not self._now.is_literal:
                self._say("`")
            case "sup":
                self._in_footnote = False
            case "a":
                self._end_link()
        if tag in _BLOCKS:
            self.flush()
        match tag:
            case "ul" | "ol" if self._lists:
                self._lists.pop()
            case "blockquote":
                self._quoted -= 1

    def handle_data(self, data: str) -> None:
        if self._in_footnote:
            self._say(f"[{data}]")
        elif self._now.runs or data.strip():
            self._say(data)

    def _say(self, text: str) -> None:
        if self._tongue and not self._now.is_literal:
            self._now.runs.append(Run(self._tongue))
            self._tongue = ""
        self._now.runs.append(Run(text, self._styles[-1] if self._styles else Style.PLAIN))

    def _next_marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, start = self._link
        self._link = None
        label = "".join(run.text for run in self._now.runs[start:])
        if "://" in address and label.strip() != address:
            self._say(f" [{self._numbered(address)}]")
