"""Markdown that anybody can read: with its tokens and footnote marks written out."""

import re

from ports.editorial.markdown import Piece, PieceKind, Values, pieces


def expanded(text: str, values: Values, *, inline: bool = False) -> str:
    """A text with its tokens and footnote marks written out.

    `values` gives Markdown in their place. What looks like one in code, or is escaped, stays.
    """
    done, at = [], 0
    for piece in pieces(text, inline=inline):
        if piece.kind is PieceKind.CODE:
            at, begin = _behind(text, at, piece.written), at
            done.append(text[begin:at])
        elif piece.kind in {PieceKind.TOKEN, PieceKind.FOOTNOTE}:
            found = re.compile(rf"(?<!\\)(?:\\\\)*({re.escape(piece.written)})").search(text, at)
            if found is None:  # it would not have been parsed
                continue
            done += [text[at : found.start(1)], _value(piece, values)]
            at = found.end()
    return "".join([*done, text[at:]])


def _value(piece: Piece, values: Values) -> str:
    if isinstance(piece.content, str):
        return values.footnote(piece.content)
    return values.token(piece.content)


def _behind(text: str, at: int, code: str) -> int:
    """Where a piece of code ends; its lines may be indented or quoted in the text."""
    found = re.compile(r"[\s>]+".join(map(re.escape, code.split()))).search(text, at)
    return found.end() if found else at
