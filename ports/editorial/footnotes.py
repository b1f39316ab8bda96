"""Numbers for the sources of a page, in the order in which its texts cite them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html

from ports.editorial.page_content import LiveDocument


@dataclass(slots=True)
class Note:
    """A numbered source; `marks` are the ids of the places that cite it."""

    number: int
    source: dict[str, Any]
    marks: list[str] = field(default_factory=list)


class Footnotes:
    """The notes of one page, while it is put together."""

    def __init__(self) -> None:
        self._notes: dict[tuple[int, str], Note] = {}

    def mark(self, document: LiveDocument, key: str) -> str:
        """The mark that leads to the note of a source, as HTML; "" when it is not there.

        A translation may still cite a source that was withdrawn since: no mark without its note.
        """
        note = self.note(document, key)
        if note is None:
            return ""
        note.marks.append(f"cite-{note.number}-{len(note.marks) + 1}")
        return format_html(
            '<sup class="footnote"><a id="{}" href="#source-{}" dir="ltr">{}</a></sup>',
            note.marks[-1],
            note.number,
            note.number,
        )

    def note(self, document: LiveDocument, key: str) -> Note | None:
        """The note of a source of a document; None when the source is not there."""
        source = next(
            (p.fields for p in document.of_kind("source") if p.fields["key"] == key), None
        )
        return None if source is None else self._note(document, source)

    def cited(self) -> list[Note]:
        """Every note of a source that a text cites, in the order of its number."""
        return list(self._notes.values())

    def notes(self, documents: list[LiveDocument]) -> list[Note]:
        """Every note in the order of its number, the sources that no text cites at the end."""
        for document in documents:
            for part in document.of_kind("source"):
                self._note(document, part.fields)
        return list(self._notes.values())

    def _note(self, document: LiveDocument, source: dict[str, Any]) -> Note:
        key = (document.id, source["uuid"])
        if key not in self._notes:
            self._notes[key] = Note(len(self._notes) + 1, source)
        return self._notes[key]
