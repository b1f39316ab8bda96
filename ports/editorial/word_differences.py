"""What differs between two versions of a text, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

# A word with the space behind it, so that no white space alone counts as something both hold.
_WORDS: Final = re.compile(r"\S+\s*|\s+")

# Longer passages are told as one: comparing takes time by the product of their lengths.
_MOST_COMPARISONS: Final = 1_000_000


class Was(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """A piece of text that is in both versions, or in one of them."""

    was: Was
    text: str


def word_differences(before: str, after: str) -> list[Piece]:
    """The pieces of both versions in order; those not removed make up `after`, those not added
    `before`.
    """
    pieces = _by_line(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [
        Piece(was, "".join(piece.text for piece in alike))
        for was, alike in groupby(pieces, key=lambda piece: piece.was)
    ]


def _by_line(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """First by lines, which is quick, then by the words of those that differ."""
    if len(before) * len(after) > _MOST_COMPARISONS:
        yield from _as_one("".join(before), "".join(after))
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield Piece(Was.KEPT, new)
        else:
            yield from _by_word(old, new)


def _by_word(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > _MOST_COMPARISONS:
        yield from _as_one(before, after)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Was.KEPT, "".join(new[j1:j2]))
        else:
            yield from _as_one("".join(old[i1:i2]), "".join(new[j1:j2]))


def _as_one(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece(Was.REMOVED, before)
    if after:
        yield Piece(Was.ADDED, after)
