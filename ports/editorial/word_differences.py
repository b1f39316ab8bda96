"""What differs between two versions of a text, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple

# A word and the space behind it. Only words are compared: space alone is nothing two texts share.
_WORDS: Final = re.compile(r"(\S*)(\s*)")

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
    told = (piece for piece in pieces if piece.text)
    return [
        Piece(was, "".join(piece.text for piece in alike))
        for was, alike in groupby(told, key=lambda piece: piece.was)
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
    old, new = _words(before), _words(after)
    if len(old) * len(new) > _MOST_COMPARISONS:
        yield from _as_one(before, after)
        return
    matcher = SequenceMatcher(
        None, [word for word, _space in old], [word for word, _space in new], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield from _as_one(_joined(old[i1:i2]), _joined(new[j1:j2]))
            continue
        for (word, old_space), (_word, new_space) in zip(old[i1:i2], new[j1:j2], strict=True):
            yield Piece(Was.KEPT, word)
            if old_space == new_space:
                yield Piece(Was.KEPT, new_space)
            else:
                yield from _as_one(old_space, new_space)


def _words(text: str) -> list[tuple[str, str]]:
    return [(word, space) for word, space in _WORDS.findall(text) if word or space]


def _joined(words: Sequence[tuple[str, str]]) -> str:
    return "".join(word + space for word, space in words)


def _as_one(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece(Was.REMOVED, before)
    if after:
        yield Piece(Was.ADDED, after)
