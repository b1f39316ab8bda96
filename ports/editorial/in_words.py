"""Parts, fields and their values as people call them, in the active language."""

from typing import Any

from django.utils.text import capfirst

from ports import formats
from ports.editorial.parts import PartKind
from ports.models.partial_date import PartialDateField


def part_name(kind: PartKind, place: int) -> str:
    """A part by its kind and, where there can be several, its place (from 1)."""
    number = f" {place}" if kind.is_ordered else ""
    return f"{capfirst(str(kind.model._meta.verbose_name))}{number}"


def field_name(kind: PartKind, field: str) -> str:
    """The name of a field; "" for none."""
    return str(kind.model._meta.get_field(field).verbose_name) if field else ""


def value(kind: PartKind, field: str, stored: Any) -> str:
    """What a structural field says: a choice by its name, a date in words."""
    column = kind.model._meta.get_field(field)
    if isinstance(column, PartialDateField):
        return formats.registry_date(str(stored))
    return str(dict(column.flatchoices).get(stored, stored))
