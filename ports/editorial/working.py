"""The working rows that editors see, read and written as the content of revisions.

Texts go by their own column of a language, never by the attribute that falls back to another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import translation
from modeltranslation.utils import fallbacks

from ports.editorial.parts import PARTS, PartKind, Structure, Texts, column
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Document


def read_structure(document: Document) -> Structure:
    """The parts that are not withdrawn, in order, with their structural fields."""
    return {
        kind.name: [
            {"uuid": str(row.pop("uuid")), **row}
            for row in kind.active_rows(document).values("uuid", *kind.fields)
        ]
        for kind in PARTS[document.kind]
    }


def read_texts(document: Document) -> dict[str, Texts]:
    """The texts by language code: in the source language those of the parts not withdrawn.

    Translations keep the texts of withdrawn parts, so that a change of structure is no change of
    theirs; what is withdrawn is absent from the structure and shown nowhere.
    """
    found: dict[str, Texts] = {language.code: {} for language in LANGUAGES}
    for kind in PARTS[document.kind]:
        if not kind.texts:
            continue
        columns = {
            (language, text): column(text, language)
            for language in LANGUAGES
            for text in kind.texts
        }
        withdrawn = ["removed_at"] if kind.is_withdrawable else []
        for row in kind.rows(document).values("uuid", *columns.values(), *withdrawn):
            is_withdrawn = row.get("removed_at") is not None
            for language in LANGUAGES:
                if language is SOURCE and is_withdrawn:
                    continue
                texts = {
                    text: row[columns[language, text]]
                    for text in kind.texts
                    if row[columns[language, text]]
                }
                if texts:
                    found[language.code][str(row["uuid"])] = texts
    return found


class TextRow(NamedTuple):
    """A working row in one language: its model, its primary key, and its texts by field."""

    model: type[Any]
    pk: int
    texts: dict[str, str]


def rows_in(document: Document, language: Language) -> dict[str, TextRow]:
    """The working rows that hold texts, withdrawn ones too, by uuid, in one language."""
    return {
        str(row["uuid"]): TextRow(
            kind.model,
            row["pk"],
            {text: row[column(text, language)] or "" for text in kind.texts},
        )
        for kind in PARTS[document.kind]
        if kind.texts
        for row in kind.rows(document).values(
            "uuid", "pk", *(column(text, language) for text in kind.texts)
        )
    }


def write_structure(document: Document, structure: Structure, *, at: datetime) -> None:
    """Make the working rows have this structure: missing parts are withdrawn, others restored.

    Parts that never had a row get one, without texts.
    """
    for kind in PARTS[document.kind]:
        wanted = {UUID(part["uuid"]): part for part in structure.get(kind.name, [])}
        rows = {row["uuid"]: row["pk"] for row in kind.rows(document).values("uuid", "pk")}
        if kind.is_withdrawable:
            # First of all, so that a key or the like can pass from one part to another.
            gone = [pk for uuid, pk in rows.items() if uuid not in wanted]
            kind.model._default_manager.filter(pk__in=gone, removed_at=None).update(removed_at=at)
        if "key" in kind.fields:
            # Keys are unique among the parts that are not withdrawn, and may change hands.
            for uuid in rows.keys() & wanted.keys():
                kind.model._default_manager.filter(pk=rows[uuid]).update(key=uuid.hex)
        for index, (uuid, part) in enumerate(wanted.items()):
            values = {field: part[field] for field in kind.fields}
            if kind.is_withdrawable:
                values["removed_at"] = None
            if kind.is_ordered:
                values["position"] = (index + 1) * 10
            if uuid in rows:
                kind.model._default_manager.filter(pk=rows[uuid]).update(**values)
            else:
                insert(kind, document, {"uuid": uuid, **values})


def write_texts(document: Document, language: Language, texts: Texts) -> None:
    """Make the working rows have these texts in one language, and no other.

    Of the source language the texts of withdrawn parts stay as they are: revisions in it leave
    them out.
    """
    for kind in PARTS[document.kind]:
        if not kind.texts:
            continue
        rows = kind.active_rows(document) if language is SOURCE else kind.rows(document)
        for row in rows.values("uuid", "pk"):
            wanted = texts.get(str(row["uuid"]), {})
            values = {column(text, language): wanted.get(text, "") for text in kind.texts}
            update(kind.model, row["pk"], values)


def update(model: type[Any], pk: int, values: dict[str, Any]) -> None:
    """Write some columns of a working row, and no other.

    Every column of a text names its language (`body_tr`); the plain column follows English.
    """
    plain = {
        name.removesuffix(f"_{SOURCE.code}"): value
        for name, value in values.items()
        if name.endswith(f"_{SOURCE.code}")
    }
    rows = model._default_manager.filter(pk=pk)
    if hasattr(rows, "rewrite"):
        # Or else django-modeltranslation would write the plain name in the active language.
        rows = rows.rewrite(False)
    rows.update(**values, **plain)


def insert(kind: PartKind, document: Document, values: dict[str, Any]) -> None:
    """Add a working row to a document."""
    if kind.owner is not None:
        values = {**values, f"{kind.owner}_id": getattr(document, f"{kind.owner}_id")}
    with source_columns():
        kind.model(**values).save(force_insert=True)


@contextmanager
def source_columns() -> Iterator[None]:
    """While it lasts, plain attributes of translated models mean English, without falling back."""
    with translation.override(SOURCE.code), fallbacks(False):
        yield
