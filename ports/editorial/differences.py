"""What differs between two versions of an edition, part by part and field by field. Pure."""

from enum import StrEnum
from typing import Any, NamedTuple

from ports.editorial.parts import PARTS, Structure, Texts


class Change(StrEnum):
    """What happened to a part, or to one of its fields."""

    ADDED = "added"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One difference: of the part at `place` (from 1) of a kind, in a field or as a whole ("")."""

    kind: str
    place: int
    change: Change
    field: str
    before: str
    after: str


def differences(
    document_kind: str,
    *,
    before: tuple[Structure, Texts],
    after: tuple[Structure, Texts],
    order: Structure,
) -> list[Difference]:
    """The differences from `before` to `after`, in the order of the parts in `order`.

    Versions in another language than the source's have no structure ({}); then only texts differ.
    Of the texts, those of parts that either structure or `order` holds are compared.
    """
    found = []
    for kind in PARTS[document_kind]:
        old = {part["uuid"]: part for part in before[0].get(kind.name, [])}
        new = {part["uuid"]: part for part in after[0].get(kind.name, [])}
        kept_old = [uuid for uuid in old if uuid in new]
        kept_new = [uuid for uuid in new if uuid in old]
        listed = [part["uuid"] for part in order.get(kind.name, [])]
        for place, uuid in enumerate(dict.fromkeys([*listed, *new, *old]), start=1):
            if uuid in new and uuid not in old:
                found.append(Difference(kind.name, place, Change.ADDED, "", "", ""))
            elif uuid in old and uuid not in new:
                found.append(Difference(kind.name, place, Change.WITHDRAWN, "", "", ""))
                continue
            elif uuid in old and kept_old.index(uuid) != kept_new.index(uuid):
                found.append(Difference(kind.name, place, Change.MOVED, "", "", ""))
            values = [
                (field, old.get(uuid, {}).get(field, ""), new.get(uuid, {}).get(field, ""))
                for field in kind.fields
            ] + [
                (text, before[1].get(uuid, {}).get(text, ""), after[1].get(uuid, {}).get(text, ""))
                for text in kind.texts
            ]
            found += [
                Difference(kind.name, place, Change.CHANGED, field, _shown(was), _shown(is_now))
                for field, was, is_now in values
                if was != is_now
            ]
    return found


def _shown(value: Any) -> str:
    return str(value)
