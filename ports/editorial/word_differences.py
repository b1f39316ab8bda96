"""Which words of a text came and which went. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile
from typing import Final, NamedTuple

MOST_WORDS: Final = 2_000
"""A passage with more words than this is told to have been replaced as a whole."""
_CONTEXT: Final = 240
# Words with the marks of their vowels; each sign of a script that has no spaces by itself.
_SIGNS: Final = "\u3040-\u30ff\u3400-\u9fff"
_MARKS: Final = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + "\u3000-\u303f"
_PIECE = re.compile(rf"\s+|[{_MARKS}{_SIGNS}]|[^\s{_MARKS}{_SIGNS}]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Kind(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    LEFT_OUT = "left out"


class Piece(NamedTuple):
    """A piece of the text before, after, or both; one that is left out says nothing."""

    kind: Kind
    text: str


def word_differences(before: str, after: str) -> list[Piece]:
    """The text after with what went and what came.

    Pieces that are not removed make up `after`, those not added `before`.
    """
    return list(_joined(_by_line(before, after)))


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, but of long passages that stayed only the ends."""
    return [
        short
        for index, piece in enumerate(pieces)
        for short in _shortened(piece, is_first=index == 0, is_last=index == len(pieces) - 1)
    ]


def _by_line(before: str, after: str) -> Iterator[Piece]:
    old, new = _LINE.findall(before), _LINE.findall(after)
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        was, is_now = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal":
            yield Piece(Kind.KEPT, was)
        else:
            yield from _by_word(was, is_now)


def _by_word(before: str, after: str) -> Iterator[Piece]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    # A passage mostly differs somewhere in its middle: the matcher is spared, and misled by, less.
    start = _alike(old, new)
    end = _alike(reversed(old[start:]), reversed(new[start:]))
    yield Piece(Kind.KEPT, "".join(old[:start]))
    yield from _matched(old[start : len(old) - end], new[start : len(new) - end])
    yield Piece(Kind.KEPT, "".join(old[len(old) - end :]))


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """With how many words two passages begin alike."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _matched(old: list[str], new: list[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = ["".join(old)], ["".join(new)]
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        was, is_now = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal":
            yield Piece(Kind.KEPT, was)
        else:
            yield Piece(Kind.REMOVED, was)
            yield Piece(Kind.ADDED, is_now)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """What went and what came between two passages that stayed, each as one piece.

    A space alone between two changes is no passage.
    """
    kept, gone, come, space = "", "", "", ""
    for kind, text in pieces:
        if not text:
            continue
        if kind is Kind.KEPT and (gone or come) and text.isspace():
            space += text
        elif kind is Kind.KEPT and (gone or come):
            yield from _between(kept, gone, come)
            kept, gone, come, space = space + text, "", "", ""
        elif kind is Kind.KEPT:
            kept += text
        else:
            gone, come, space = gone + space, come + space, ""
            gone += text if kind is Kind.REMOVED else ""
            come += text if kind is Kind.ADDED else ""
    yield from _between(kept, gone, come)
    yield from _between(space, "", "")


def _between(kept: str, gone: str, come: str) -> Iterator[Piece]:
    for kind, text in ((Kind.KEPT, kept), (Kind.REMOVED, gone), (Kind.ADDED, come)):
        if text:
            yield Piece(kind, text)


def _shortened(piece: Piece, *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    if piece.kind is not Kind.KEPT or len(piece.text) <= 3 * _CONTEXT:
        yield piece
        return
    if not is_first:
        yield Piece(Kind.KEPT, piece.text[:_CONTEXT])
    yield Piece(Kind.LEFT_OUT, "")
    if not is_last:
        yield Piece(Kind.KEPT, piece.text[-_CONTEXT:])
