"""The agreed words that a translator meets in a document."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ports.editorial.parts import column
from ports.languages import SOURCE, Language
from ports.models import GlossaryTerm


class Term(NamedTuple):
    """A term in English and in another language, where that has one, and what to mind.

    `note_language` is the one the note is in: English where there is none in the other.
    """

    english: str
    term: str
    note: str
    note_language: Language


def terms_in(texts: Iterable[str], language: Language) -> list[Term]:
    """The terms that stand in English texts as whole words, in any letter case. One query."""
    return sorted(_terms("\n".join(texts), language), key=lambda term: term.english.casefold())


def _terms(text: str, language: Language) -> Iterator[Term]:
    rows = GlossaryTerm.objects.order_by("key").values_list(
        column("term", SOURCE),
        column("term", language),
        column("note", SOURCE),
        column("note", language),
    )
    for english, term, english_note, note in rows:
        if english and re.search(rf"(?<!\w){re.escape(english)}(?!\w)", text, re.IGNORECASE):
            yield Term(
                english,
                term or "",
                note or english_note or "",
                language if note else SOURCE,
            )
