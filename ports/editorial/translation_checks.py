"""What a text holds that its translation must hold too, and does not. Pure."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from ports.editorial.parts import Markup
from ports.tokens import FOOTNOTE, PORT_LINK, TOKEN


class Kind(StrEnum):
    """What is missing."""

    TOKEN = "token"  # noqa: S105 - no secret
    NUMBER = "number"
    LINK = "link"
    FOOTNOTE = "footnote"
    CODE = "code"


class Missing(NamedTuple):
    """Something that stands in a text and not in its translation, as it is written there."""

    kind: Kind
    text: str


_PATTERNS: Final = (
    (Kind.TOKEN, TOKEN),
    (Kind.TOKEN, PORT_LINK),
    (Kind.LINK, re.compile(r"https?://[^\s)>\]]+")),
    (Kind.FOOTNOTE, FOOTNOTE),
    (Kind.CODE, re.compile(r"`[^`\n]+`")),
)


def missing(source: str, translation: str, markup: Markup) -> list[Missing]:  # noqa: ARG001
    """What a translation lacks of its source, in the order of the source, each once."""
    found = [
        (match.start(), Missing(kind, match[0]))
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(source)
        if match[0] not in translation
    ]
    return list(dict.fromkeys(each for _start, each in sorted(found)))


def sentence(missing: Missing) -> str:
    """That something is missing, in words."""
    return _("This is missing in the translation: %(text)s") % {"text": missing.text}
