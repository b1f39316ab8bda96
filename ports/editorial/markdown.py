"""Markdown as editors write it: registry tokens, port links and footnotes are nodes of their own.

HTML is text here, images do not exist, and what comes out is sanitised all the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from ports.tokens import (
    FOOTNOTE,
    PORT_LINK,
    TOKEN,
    RegistryToken,
    TokenError,
    parse_port_link,
    parse_token,
)

_TOKEN_NODE: Final = "registry_token"  # noqa: S105 - no secret
_FAULTY_NODE: Final = "faulty_token"
_FOOTNOTE_NODE: Final = "footnote_mark"
# Emphasis may begin and end in the middle of a word.
_INSIDE_WORDS: Final = {"em_open", "em_close", "strong_open", "strong_close"}
_MARKS: Final = {_TOKEN_NODE, _FAULTY_NODE, _FOOTNOTE_NODE}

STAND_IN: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)

# Where links may lead: to web addresses, and to pages of this site. Others stay text.
_LINK: Final = re.compile(r"https?://|/(?!/)", re.IGNORECASE)

# The page has h1, its sections h2: headings inside a text begin below them.
_HIGHEST_HEADING: Final = 3

_TAGS: Final = {
    *("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "a", "sup", "bdi", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "a": {"href", "title", "id", "rel", "class", "dir"},
    "bdi": {"lang", "dir"},
    "code": {"dir", "translate"},
    "div": {"class"},
    "ol": {"start"},
    "pre": {"class", "dir", "translate"},
    "span": {"lang", "dir"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
}


class Values(NamedTuple):
    """What stands in the place of nodes, as HTML: of tokens, and of footnote marks by key."""

    token: Callable[[RegistryToken], str]
    footnote: Callable[[str], str]


class Mark(NamedTuple):
    """A token, a footnote's key, or a fault in a text, with the line (from 1) it stands in."""

    line: int
    content: RegistryToken | str | TokenError


class PieceKind(StrEnum):
    """What a piece of a text is."""

    PROSE = "prose"
    TOKEN = "token"  # noqa: S105 - no secret
    FOOTNOTE = "footnote"
    LINK = "link"
    CODE = "code"


_SPECIAL_PIECES: Final = {_TOKEN_NODE: PieceKind.TOKEN, _FOOTNOTE_NODE: PieceKind.FOOTNOTE}


class Piece(NamedTuple):
    """A piece of a text, as it was written and by what it means.

    `content` is the token, the footnote's key, the address of a link, or the text of code or prose.
    A run of prose reaches over emphasis and the labels of links to the end of its paragraph.
    """

    kind: PieceKind
    written: str
    content: RegistryToken | str


def pieces(text: str, *, inline: bool = False) -> Iterator[Piece]:
    """The prose of a text, and what stands in it that is no prose.

    `inline` says that it is rendered as a text of one line. Faulty tokens are prose.
    """
    for block in _PARSER.parseInline(text) if inline else _PARSER.parse(text):
        if block.type in {"fence", "code_block"}:
            code = block.content.rstrip("\n")
            yield Piece(PieceKind.CODE, code, code)
        nodes = block.children or ()
        yield from filter(None, map(_piece, nodes))
        if prose := "".join(_prose(nodes)).strip():
            yield Piece(PieceKind.PROSE, prose, prose)


def _piece(node: Token) -> Piece | None:
    """What stands in a line of text and is no prose."""
    if node.type == "link_open":
        address = str(node.attrGet("href"))
        return Piece(PieceKind.LINK, address, address)
    if node.type == "code_inline":
        return Piece(PieceKind.CODE, node.content, node.content)
    if node.type in _SPECIAL_PIECES:
        return Piece(_SPECIAL_PIECES[node.type], node.content, node.meta["content"])
    return None


def _prose(nodes: Sequence[Token]) -> Iterator[str]:
    """The words of a paragraph; where something else stands between them, the line ends."""
    is_address = False
    for node in nodes:
        if node.type in {"link_open", "link_close"}:
            is_address = node.info == "auto" and node.type == "link_open"
        if node.type in {"text", _FAULTY_NODE}:
            yield "" if is_address else node.content
        elif node.type not in _INSIDE_WORDS:
            yield "\n"


class Passage(NamedTuple):
    """A block of a text: the line (from 1) on which it begins, and what stands in it.

    `prose` is what it says in words, line by line; a token, code, a footnote or an address stands
    in it as STAND_IN. `links` are the addresses that links lead to.
    """

    line: int
    prose: str
    links: list[str]
    marks: list[Mark]


def marks(text: str, *, inline: bool = False) -> Iterator[Mark]:
    """The tokens, footnote keys and faults of a text, in its order.

    `inline` says that it is rendered as a text of one line.
    """
    for begin, nodes in _blocks(text, inline=inline):
        yield from _marks(begin, nodes)


def passages(text: str, *, inline: bool = False) -> Iterator[Passage]:
    """The blocks of a text that hold words, in its order; code blocks hold none."""
    for begin, nodes in _blocks(text, inline=inline):
        prose, in_address = [], False
        for node in nodes:
            match node.type:
                case "link_open" | "link_close":
                    # What is written as an address is one, not prose.
                    in_address = node.markup == "autolink" and node.type == "link_open"
                case "text":
                    prose.append(STAND_IN if in_address else _ADDRESS.sub(STAND_IN, node.content))
                case "softbreak" | "hardbreak":
                    prose.append("\n")
                case "code_inline":
                    prose.append(STAND_IN)
                case mark if mark in _MARKS:
                    prose.append(STAND_IN)
        links = [str(node.attrs["href"]) for node in nodes if node.type == "link_open"]
        yield Passage(begin + 1, "".join(prose), links, list(_marks(begin, nodes)))


def _blocks(text: str, *, inline: bool) -> Iterator[tuple[int, Sequence[Token]]]:
    """The nodes of each block, with the line (from 0) on which they begin."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for block in _PARSER.parseInline(text) if inline else _PARSER.parse(text):
        if block.children:
            first, end = block.map or (0, 0)
            # The parser counts from the first line that is not blank.
            yield first + _blank_lines(lines[first:end]), block.children


def _marks(begin: int, nodes: Sequence[Token]) -> Iterator[Mark]:
    for node in nodes:
        if node.type in _MARKS:
            yield Mark(begin + node.meta["line"] + 1, node.meta["content"])


def _blank_lines(lines: Sequence[str]) -> int:
    """How many lines there are before the first one that holds something."""
    return next((index for index, line in enumerate(lines) if line.strip()), 0)


def render(text: str, values: Values) -> str:
    """A text with paragraphs, lists and the like, as HTML that is safe to show."""
    return _sanitised(_PARSER.render(text, {"values": values}))


def render_inline(text: str, values: Values) -> str:
    """A text of one line, as HTML that is safe to show."""
    return _sanitised(_PARSER.renderInline(text, {"values": values}))


def _sanitised(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None
    )


def _special(state: StateInline, silent: bool) -> bool:
    """The rule for `{token}`, `[[5307]]` and `[^key]`."""
    start = state.src[state.pos : state.pos + 2]
    content: RegistryToken | str | TokenError
    if start[:1] == "{":
        match, kind = TOKEN.match(state.src, state.pos), _TOKEN_NODE
        content = _parsed(parse_token, match[1]) if match else ""
    elif start == "[[":
        match, kind = PORT_LINK.match(state.src, state.pos), _TOKEN_NODE
        content = _parsed(parse_port_link, match[1]) if match else ""
    elif start == "[^":
        match, kind = FOOTNOTE.match(state.src, state.pos), _FOOTNOTE_NODE
        content = match[1] if match else ""
    else:
        return False
    if match is None:
        return False
    if not silent:
        node = state.push(_FAULTY_NODE if isinstance(content, TokenError) else kind, "", 0)
        node.content = match[0]
        node.meta = {"content": content, "line": state.src.count("\n", 0, state.pos)}
    state.pos = match.end()
    return True


def _parsed(parse: Callable[[str], RegistryToken], inside: str) -> RegistryToken | TokenError:
    try:
        return parse(inside)
    except TokenError as error:
        return error


class _Renderer(RendererHTML):
    """markdown-it's renderer, with the site's nodes and without inline styles."""

    def registry_token(
        self, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType
    ) -> str:
        values: Values = env["values"]
        return values.token(tokens[index].meta["content"])

    def footnote_mark(
        self, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType
    ) -> str:
        values: Values = env["values"]
        return values.footnote(tokens[index].meta["content"])

    def faulty_token(
        self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return _escaped(tokens[index].content)

    def code_inline(
        self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return f'<code dir="ltr" translate="no">{_escaped(tokens[index].content)}</code>'

    def code_block(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return (
            '<pre class="command" dir="ltr" translate="no">'
            f"<code>{_escaped(tokens[idx].content.rstrip())}</code></pre>\n"
        )

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.code_block(tokens, idx, options, env)

    def table_open(
        self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return '<div class="scroll"><table>\n'

    def table_close(
        self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return "</table></div>\n"

    def link_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        tokens[index].attrSet("rel", "nofollow noopener")
        return self.renderToken(tokens, index, options, env)

    def heading_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        level = min(max(int(tokens[index].tag[1]) + 1, _HIGHEST_HEADING), 6)
        tokens[index].tag = f"h{level}"
        return self.renderToken(tokens, index, options, env)

    heading_close = heading_open

    def th_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        # The policy of the site forbids styles: the alignment becomes a class.
        style = str(tokens[index].attrs.pop("style", ""))
        if style:
            tokens[index].attrSet("class", f"align-{style.partition(':')[2]}")
        return self.renderToken(tokens, index, options, env)

    td_open = th_open


def _escaped(text: str) -> str:
    return nh3.clean_text(text)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    # Without "reference": `[^key]: ...` would define a link, and vanish.
    parser.disable(["image", "html_block", "html_inline", "reference"])
    parser.inline.ruler.before("link", "special", _special)
    parser.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    return parser


_PARSER: Final[Any] = _parser()
