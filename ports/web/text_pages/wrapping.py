"""Lines of at most so many cells of a terminal, broken where readers of each script expect it."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from wcwidth import iter_graphemes, wcswidth

from ports.web.text_pages.runs import Line, Run, Style, clean

# Thai is written without blanks between words. A vowel that stands before its consonant begins a
# syllable; these end one, and are never begun a line with.
_THAI: Final = range(0x0E01, 0x0E5C)
_THAI_LEADING: Final = "เแโใไ"
_THAI_TRAILING: Final = "ะาำๅๆฯ"
_HANGUL: Final = (range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xAC00, 0xD7B0))
# What begins no line in Chinese and Japanese, beside punctuation (JIS X 4051): small kana.
_SMALL_KANA: Final = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
_CLOSING: Final = {"Pe", "Pf", "Po", "Lm", "Mn"}
_OPENING: Final = {"Ps", "Pi"}
_ENOUGH: Final = 0.6
"""A line that is so full already may end before a word that does not fit any more."""


class _Piece(NamedTuple):
    """Graphemes that stay together on a line; `space` says that a blank stands before them."""

    text: str
    space: bool
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def wrapped(runs: Sequence[Run], width: int) -> list[Line]:
    """A paragraph as lines of at most `width` cells. Only a single grapheme may be wider."""
    text, styles = _joined(runs)
    lines: list[list[_Piece]] = [[]]
    left = width
    for piece in _pieces(text):
        fits = cells(piece.text) <= left - piece.space
        for part in (piece,) if fits else _divided(piece, left, width):
            needed = cells(part.text) + (part.space and bool(lines[-1]))
            if needed > left and lines[-1]:
                lines.append([])
                left, needed = width, cells(part.text)
            lines[-1].append(part)
            left -= needed
    return [_line(line, styles) for line in lines if line]


@lru_cache(maxsize=16384)
def cells(text: str) -> int:
    """How many cells of a terminal a text takes up."""
    return len(text) if text.isascii() else wcswidth(text)


def _joined(runs: Sequence[Run]) -> tuple[str, list[Style]]:
    """The whole text, blanks taken together, and the style of each of its characters."""
    characters: list[str] = []
    styles: list[Style] = []
    for run in runs:
        for character in clean(run.text):
            is_blank = character == " "
            if is_blank and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            styles.append(run.style)
    return "".join(characters), styles


def _pieces(text: str) -> Iterator[_Piece]:
    """The words of a text; in Chinese and Japanese, its characters."""
    start = 0
    for word in text.split(" "):
        space, at = True, start
        for part in _between_characters(word):
            yield _Piece(part, space, at)
            space, at = False, at + len(part)
        start += len(word) + 1


def _between_characters(word: str) -> Iterator[str]:
    if word.isascii():
        if word:
            yield word
        return
    piece = ""
    for grapheme in iter_graphemes(word):
        if piece and _may_break(piece[-1], grapheme[0]):
            yield piece
            piece = ""
        piece += grapheme
    yield piece


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters without a blank: one is of Chinese writing."""
    return (
        (_is_ideographic(before) or _is_ideographic(after))
        and after != "["  # a footnote
        and unicodedata.category(after) not in _CLOSING
        and unicodedata.category(before) not in _OPENING
        and after not in _SMALL_KANA
    )


def _is_ideographic(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"} and not any(
        ord(character) in span for span in _HANGUL
    )


def _divided(piece: _Piece, left: int, width: int) -> Iterator[_Piece]:
    """A word that does not fit into the rest of a line, divided where it has to be."""
    room = left - piece.space
    is_thai = any(ord(character) in _THAI for character in piece.text)
    if not (is_thai and room > width * (1 - _ENOUGH)):
        if cells(piece.text) <= width:
            yield piece
            return
        room = width
    while piece.text:
        head = _head(piece.text, room)
        yield _Piece(head, piece.space, piece.start)
        piece = _Piece(piece.text[len(head) :], False, piece.start + len(head))
        room = width


def _head(word: str, room: int) -> str:
    """As much of a word as fits into so many cells, and at least one grapheme."""
    if cells(word) <= room:
        return word
    head = allowed = preferred = ""
    graphemes = list(iter_graphemes(word))
    for grapheme, following in zip(graphemes, [*graphemes[1:], ""], strict=True):
        if head and cells(head + grapheme) > room:
            break
        head += grapheme
        if following[:1] not in _THAI_TRAILING:
            allowed = head
        if following and following[0] in _THAI_LEADING:
            preferred = head
    return preferred if cells(preferred) > room / 2 else allowed or head


def _line(pieces: list[_Piece], styles: list[Style]) -> Line:
    line: Line = []
    for index, piece in enumerate(pieces):
        if index and piece.space:
            is_within = styles[piece.start - 1]
            line.append(Run(" ", is_within))
        for style, characters in groupby(
            range(piece.start, piece.end), key=lambda place: styles[place]
        ):
            places = list(characters)
            first = places[0] - piece.start
            line.append(Run(piece.text[first : first + len(places)], style))
    return [
        Run("".join(run.text for run in alike), style)
        for style, alike in groupby(line, key=lambda run: run.style)
    ]
