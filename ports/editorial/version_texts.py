"""What readers saw in a version of a port's article, and what it changed."""

from typing import Final, NamedTuple

from ports.editorial.differences import Difference, differences
from ports.editorial.parts import PARTS, PartKind, Structure, Texts
from ports.editorial.revision_history import History, Version
from ports.languages import SOURCE
from ports.models import Document, Revision

_UNSEEN: Final = {"claim"}
"""The kinds of parts that readers are never shown."""


class Field(NamedTuple):
    """A field of a part as it was written; `is_text` says that it is prose of a language."""

    kind: PartKind
    place: int
    name: str
    value: str
    is_text: bool


class VersionTexts(NamedTuple):
    """What a version differed in from the one before it, and all that it held."""

    differences: list[Difference]
    fields: list[Field]


class _Content(NamedTuple):
    structure: Structure
    texts: Texts


def texts_of(version: Version, history: History, source: History) -> VersionTexts:
    """The texts of a version of a history; `source` is the history in the source language.

    A translation may hold texts of parts that readers never saw, because the source's version with
    those parts was not live beside it: they are left out.
    """
    shown = [version, *([version.before] if version.before else [])]
    contents = _contents(shown)
    if history.language is SOURCE:
        now = contents[version.id]
        order = now.structure
    else:
        structures = _structures(source)
        for each in shown:
            seen = _seen(each, source, structures)
            uuids = {part["uuid"] for parts in seen.values() for part in parts}
            texts = {uuid: held for uuid, held in contents[each.id].texts.items() if uuid in uuids}
            contents[each.id] = _Content({}, texts)
        now, order = contents[version.id], _seen(version, source, structures)
    found = (
        differences(Document.Kind.PORT, before=contents[version.before.id], after=now, order=order)
        if version.before
        else []
    )
    return VersionTexts(found, _fields(now, order))


def _fields(content: _Content, order: Structure) -> list[Field]:
    found = []
    for kind in PARTS[Document.Kind.PORT]:
        for place, part in enumerate(order.get(kind.name, []), start=1):
            texts = content.texts.get(part["uuid"], {})
            # An order that is not the content's own gives the texts their places, and no more.
            structural = kind.fields if content.structure else ()
            found += [Field(kind, place, name, str(part[name]), False) for name in structural]
            found += [Field(kind, place, name, texts.get(name, ""), True) for name in kind.texts]
    return [each for each in found if each.value]


def _contents(versions: list[Version]) -> dict[int, _Content]:
    rows = Revision.objects.filter(pk__in=[version.id for version in versions])
    return {
        pk: _Content(_visible(structure or {}), texts)
        for pk, structure, texts in rows.values_list("pk", "structure", "texts")
    }


def _structures(source: History) -> dict[int, Structure]:
    rows = Revision.objects.filter(pk__in=[version.id for version in source.versions])
    return {pk: _visible(found or {}) for pk, found in rows.values_list("pk", "structure")}


def _visible(structure: Structure) -> Structure:
    return {name: parts for name, parts in structure.items() if name not in _UNSEEN}


def _seen(version: Version, source: History, structures: dict[int, Structure]) -> Structure:
    """The parts that readers saw while a translation was live, those of the last order first."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for beside in source.versions:
        if _overlap(version, beside):
            for name, parts in structures[beside.id].items():
                for part in parts:
                    found.setdefault(name, {}).setdefault(part["uuid"], part)
    return {name: list(parts.values()) for name, parts in found.items()}


def _overlap(one: Version, other: Version) -> bool:
    return any(
        (b.until is None or a.since < b.until) and (a.until is None or b.since < a.until)
        for a in one.spans
        for b in other.spans
    )
