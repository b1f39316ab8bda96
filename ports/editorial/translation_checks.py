"""What a translation lost of its source: tokens, links, footnotes, code and numbers. Pure.

Words are the translator's; what is compared is what means the same in every language. How often
something stands in a text is the translator's choice too: it must be there.
"""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from ports.editorial.markdown import Piece, PieceKind, pieces
from ports.editorial.numbers import lost_numbers
from ports.editorial.parts import Markup
from ports.languages import LANGUAGES

_LONGEST_QUOTE: Final = 80

# A page of this site is the same page in each language.
_OWN_PAGE: Final = re.compile(rf"\A/(?:{'|'.join(each.code for each in LANGUAGES)})(?=[/?#]|\Z)")


class Kind(StrEnum):
    """What is missing."""

    TOKEN = "token"  # noqa: S105 - no secret
    NUMBER = "number"
    LINK = "link"
    FOOTNOTE = "footnote"
    CODE = "code"


class Missing(NamedTuple):
    """Something of the source that its translation lacks, as the source writes it."""

    kind: Kind
    text: str


_KINDS: Final = {
    PieceKind.TOKEN: Kind.TOKEN,
    PieceKind.FOOTNOTE: Kind.FOOTNOTE,
    PieceKind.LINK: Kind.LINK,
    PieceKind.CODE: Kind.CODE,
}


def missing(source: str, translation: str, markup: Markup) -> list[Missing]:
    """What a translation lacks of its source, each thing once, numbers last.

    Tokens count by what they ask for, links by where they lead (a page of this site may be that of
    another language), code by its text. A number may be written in the digits and with the
    separators of any language; numbers inside tokens, addresses and code count as those only.
    """
    is_inline = markup is Markup.INLINE
    of_source = list(pieces(source, inline=is_inline))
    of_translation = list(pieces(translation, inline=is_inline))
    there = {_identity(piece) for piece in of_translation}
    lost = [
        Missing(_KINDS[piece.kind], piece.written)
        for piece in of_source
        if piece.kind in _KINDS and _identity(piece) not in there
    ]
    # What the source says in prose may stand in code in the translation, `443` as well as 443.
    readable = [p.written for p in of_translation if p.kind in {PieceKind.PROSE, PieceKind.CODE}]
    numbers = lost_numbers(_prose(of_source), "\n".join(readable))
    return list(dict.fromkeys([*lost, *(Missing(Kind.NUMBER, number) for number in numbers)]))


def sentence(missing: Missing) -> str:
    """What is missing, as a sentence for the translator."""
    text = {"text": _quoted(missing.text)}
    match missing.kind:
        case Kind.TOKEN:
            return _("The translation lacks the token %(text)s.") % text
        case Kind.FOOTNOTE:
            return _("The translation lacks the footnote %(text)s.") % text
        case Kind.LINK:
            return _("The translation lacks a link to %(text)s.") % text
        case Kind.CODE:
            # Translators: %(text)s is code, such as a command.
            return _("The translation lacks the code “%(text)s”, which stays as it is.") % text
    return _("The translation lacks the number %(text)s.") % text


def _identity(piece: Piece) -> tuple[PieceKind, object]:
    """What makes two pieces the same thing in two languages."""
    if piece.kind is PieceKind.LINK:
        return piece.kind, _OWN_PAGE.sub("/en", piece.written, count=1)
    return piece.kind, piece.content


def _prose(found: list[Piece]) -> str:
    return "\n".join(piece.written for piece in found if piece.kind is PieceKind.PROSE)


def _quoted(text: str) -> str:
    """A text on one line, and not too long for a sentence."""
    first, _line_end, rest = text.partition("\n")
    if rest or len(first) > _LONGEST_QUOTE:
        return f"{first[:_LONGEST_QUOTE]}…"
    return first
