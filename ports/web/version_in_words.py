"""The texts of a version and what it changed, in words, for its page."""

from itertools import groupby
from typing import NamedTuple

from ports.editorial.differences import Change, Difference
from ports.editorial.in_words import field_name, part_name, value
from ports.editorial.parts import PartKind, kind_of_part
from ports.editorial.version_texts import Field
from ports.editorial.word_differences import Piece, shortened, word_differences
from ports.languages import Language
from ports.models import Document


class ShownField(NamedTuple):
    """A field by its name, and what stands in it; `tag` and `direction` of prose are its own."""

    name: str
    value: str
    tag: str
    direction: str


class ShownPart(NamedTuple):
    """A part by its name, with its fields."""

    name: str
    fields: list[ShownField]


class ShownChange(NamedTuple):
    """What happened to a part, or to one of its fields: then which words came and went."""

    part: str
    field: str
    change: Change
    pieces: list[Piece]
    tag: str
    direction: str


def parts(fields: list[Field], language: Language) -> list[ShownPart]:
    """The parts of a version with what was written in them."""
    grouped = groupby(fields, key=lambda each: (each.kind.name, each.place))
    return [
        ShownPart(part_name(of_one[0].kind, place), [_field(each, language) for each in of_one])
        for (_name, place), found in grouped
        if (of_one := list(found))
    ]


def changes(differences: list[Difference], language: Language) -> list[ShownChange]:
    """What a version changed."""
    return [_change(each, language) for each in differences]


def _field(field: Field, language: Language) -> ShownField:
    shown = field.value if field.is_text else value(field.kind, field.name, field.value)
    tag, direction = _spoken(field.kind, field.name, language)
    return ShownField(field_name(field.kind, field.name), shown, tag, direction)


def _change(difference: Difference, language: Language) -> ShownChange:
    kind = kind_of_part(Document.Kind.PORT, difference.kind)
    before, after = difference.before, difference.after
    if difference.field and difference.field not in kind.texts:
        before, after = (value(kind, difference.field, each) for each in (before, after))
    tag, direction = _spoken(kind, difference.field, language)
    return ShownChange(
        part=part_name(kind, difference.place),
        field=field_name(kind, difference.field),
        change=difference.change,
        pieces=shortened(word_differences(before, after)) if difference.field else [],
        tag=tag,
        direction=direction,
    )


def _spoken(kind: PartKind, name: str, language: Language) -> tuple[str, str]:
    """The language and direction of a field: prose has the version's, what is no prose none."""
    return (language.tag, language.direction) if name in kind.texts else ("", "auto")
