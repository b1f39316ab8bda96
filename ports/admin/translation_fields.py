"""The texts of a document on the translation desk: English beside the translation, field by field.

The English texts are those of one source revision; what differs from the source revision that the
translation was made from is told, and what a translator should still do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ports.admin.part_forms import TextField, text_field
from ports.editorial.in_words import part_name
from ports.editorial.parts import Markup, PartKind, Texts, ordered_parts
from ports.editorial.translation_checks import missing, sentence
from ports.editorial.word_differences import Piece, word_differences
from ports.languages import Language
from ports.models import Revision


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else made of a text since it was opened, and what it was then."""

    base: str
    theirs: str


@dataclass(slots=True)
class DeskField:
    """A text: in English as it is shown, and as it was when it was translated; the translation.

    `former` is None where nobody has translated the document yet; `is_new` says that the text is
    there since it was translated. `errors` are why the translation is not saved; `warnings` what
    is wrong with what is.
    """

    uuid: str
    kind: PartKind
    text: str
    part: str
    english: str
    former: str | None
    is_new: bool
    translation: str
    form_field: TextField
    errors: list[str] = field(default_factory=list)
    conflict: Conflict | None = None

    @property
    def name(self) -> str:
        """What it is called in the form."""
        return f"{self.uuid}-{self.text}"

    @property
    def anchor(self) -> str:
        return f"id_{self.name}"

    @property
    def label(self) -> str:
        return capfirst(str(self.form_field.label))

    @property
    def markup(self) -> Markup:
        return self.kind.texts[self.text]

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to translate, or to take away."""
        return bool(self.english or self.translation or self.errors or self.conflict)

    @property
    def is_changed(self) -> bool:
        """Whether the English text that was translated is another one now."""
        return bool(self.former) and self.former != self.english

    @property
    def is_empty(self) -> bool:
        return bool(self.english) and not self.translation

    @property
    def warnings(self) -> list[str]:
        return [] if self.errors else self.missing()

    @property
    def needs_work(self) -> bool:
        return self.is_changed or self.is_empty or bool(self.errors or self.warnings)

    def missing(self, translation: str | None = None) -> list[str]:
        """What a translation lacks of the English text; an empty one lacks nothing."""
        told = self.translation if translation is None else translation
        if not (told and self.english):
            return []
        return [sentence(each) for each in missing(self.english, told, self.markup)]

    @property
    def pieces(self) -> list[Piece]:
        """What changed in English, word by word."""
        return word_differences(self.former or "", self.english)

    @property
    def control(self) -> SafeString:
        """The control to type into."""
        attributes: dict[str, str] = {"id": self.anchor}
        if self.errors or self.conflict:
            attributes |= {"aria-invalid": "true", "aria-describedby": f"{self.anchor}-errors"}
        elif self.warnings:
            attributes["aria-describedby"] = f"{self.anchor}-warnings"
        return format_html(
            "{}", self.form_field.widget.render(self.name, self.translation, attributes)
        )


@dataclass(frozen=True, slots=True)
class DeskPart:
    """A part with those of its texts that are shown."""

    name: str
    is_new: bool
    fields: list[DeskField]


def desk_fields(
    document_kind: str, source: Revision, made_from: Revision | None, language: Language,
    translation: Texts,
) -> list[DeskField]:  # fmt: skip
    """Every text of a source revision's structure, in order, with its translation."""
    return list(_fields(document_kind, source, made_from, language, translation))


def _fields(
    document_kind: str,
    source: Revision,
    made_from: Revision | None,
    language: Language,
    translation: Texts,
) -> Iterator[DeskField]:
    # What was translated from a later revision than the one shown is no work left to do.
    is_older = made_from is not None and made_from.number < source.number
    base = made_from if is_older else None
    places: dict[str, int] = {}
    for kind, part in ordered_parts(document_kind, source.structure or {}):
        places[kind.name] = places.get(kind.name, 0) + 1
        uuid = part["uuid"]
        for text in kind.texts:
            english = source.texts.get(uuid, {}).get(text, "")
            former = base.texts.get(uuid, {}).get(text, "") if base else None
            form_field = text_field(kind.model._meta.get_field(text), language)
            form_field.widget.attrs |= _size(form_field, english)
            yield DeskField(
                uuid=uuid,
                kind=kind,
                text=text,
                part=part_name(kind, places[kind.name]),
                english=english,
                former=former,
                is_new=former == "" and bool(english),
                translation=translation.get(uuid, {}).get(text, ""),
                form_field=form_field,
            )


def _size(form_field: TextField, english: str) -> dict[str, int]:
    """As much room as the English text takes, within reason."""
    if "rows" not in form_field.widget.attrs:
        return {}
    lines = sum(1 + len(line) // 55 for line in english.split("\n"))
    return {"rows": min(max(lines + 1, 3), 28)}


def by_part(fields: list[DeskField]) -> list[DeskPart]:
    """The fields that are shown, under the parts they belong to."""
    parts: dict[str, list[DeskField]] = {}
    for each in fields:
        if each.is_shown:
            parts.setdefault(each.uuid, []).append(each)
    return [
        DeskPart(
            name=found[0].part,
            is_new=all(each.is_new for each in found),
            fields=found,
        )
        for found in parts.values()
    ]
