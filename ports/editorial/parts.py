"""Of which parts a document is made, and which fields of each are structure and which are text.

One table says it for everything that goes over whole documents: saving, publishing, comparing,
checking, exporting.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from modeltranslation.utils import build_localized_fieldname

from ports.languages import Language
from ports.models import (
    FAQ,
    Article,
    Assessment,
    Claim,
    Document,
    Gloss,
    History,
    Source,
    Usage,
)
from ports.models.part import OrderedPart, WithdrawablePart

type Structure = dict[str, list[dict[str, Any]]]
"""By the name of a part's kind, its parts in order: each its uuid and its structural fields."""

type Texts = dict[str, dict[str, str]]
"""By the uuid of a part, its texts in one language by field; empty ones are left out."""


class Markup(StrEnum):
    """How much Markdown a text may hold."""

    INLINE = "inline"
    BLOCK = "block"


_BLANK_LINES: Final = re.compile(r"\A(?:[^\S\n]*\n)+")


def as_kept(text: str, markup: Markup) -> str:
    """A text with line ends as the database keeps them, without blank lines at its ends.

    The beginning of a block may be indented: that makes it code.
    """
    kept = _BLANK_LINES.sub("", text.replace("\r\n", "\n")).rstrip()
    return kept.strip() if markup is Markup.INLINE else kept


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of part: its name in revisions, its working rows, and their fields.

    `owner` names the foreign key to what the document is about; it is None where the part itself
    is that.
    """

    name: str
    model: type[Any]
    owner: str | None
    fields: tuple[str, ...]
    texts: dict[str, Markup]

    @property
    def is_ordered(self) -> bool:
        return issubclass(self.model, OrderedPart)

    @property
    def is_withdrawable(self) -> bool:
        return issubclass(self.model, WithdrawablePart)

    def rows(self, document: Document) -> Any:
        """The working rows of this kind that belong to a document, in order, withdrawn ones too."""
        if self.owner is None:
            return self.model._default_manager.filter(pk=document.usage_id or document.gloss_id)
        owner_id = getattr(document, f"{self.owner}_id")
        rows = self.model._default_manager.filter(**{self.owner: owner_id})
        return rows.order_by("position", "id") if self.is_ordered else rows.order_by("id")

    def active_rows(self, document: Document) -> Any:
        """Those of them that are not withdrawn."""
        rows = self.rows(document)
        return rows.filter(removed_at=None) if self.is_withdrawable else rows


def column(text: str, language: Language) -> str:
    """The column that holds a text in a language: `body_tr`, and `body_ind` for Indonesian."""
    return str(build_localized_fieldname(text, language.code))


def _source(owner: str) -> PartKind:
    return PartKind("source", Source, owner, ("key", "title", "publisher", "url", "published"), {})


PARTS: Final[dict[str, tuple[PartKind, ...]]] = {
    Document.Kind.PORT: (
        PartKind(
            "article",
            Article,
            "port",
            (),
            {
                "title": Markup.INLINE,
                "summary": Markup.INLINE,
                "body": Markup.BLOCK,
                "lesson": Markup.BLOCK,
            },
        ),
        PartKind(
            "assessment",
            Assessment,
            "port",
            ("level", "as_of"),
            {"expected": Markup.BLOCK, "exposure": Markup.BLOCK},
        ),
        PartKind(
            "history", History, "port", ("date",), {"title": Markup.INLINE, "text": Markup.BLOCK}
        ),
        PartKind("faq", FAQ, "port", (), {"question": Markup.INLINE, "answer": Markup.BLOCK}),
        _source("port"),
        PartKind("claim", Claim, "port", ("claimed_port", "transport", "kind", "value"), {}),
    ),
    Document.Kind.USAGE: (
        PartKind(
            "usage",
            Usage,
            None,
            ("name", "kind", "first_port", "last_port", "transport"),
            {"description": Markup.BLOCK},
        ),
        _source("usage"),
    ),
    Document.Kind.GLOSS: (
        PartKind("gloss", Gloss, None, ("service_name",), {"text": Markup.BLOCK}),
        _source("gloss"),
    ),
}
"""The kinds of parts of each kind of document, in the order in which they are shown to editors."""


def kind_of_part(document_kind: str, name: str) -> PartKind:
    """The kind of part by its name in revisions."""
    return next(kind for kind in PARTS[document_kind] if kind.name == name)


def ordered_parts(
    document_kind: str, structure: Structure
) -> list[tuple[PartKind, dict[str, Any]]]:
    """Every part of a structure with its kind, in order."""
    return [(kind, part) for kind in PARTS[document_kind] for part in structure.get(kind.name, [])]
