"""How far a translation is behind its source: told by what differs, never by dates. Pure."""

from collections.abc import Iterable
from typing import Final

from ports.editorial.parts import Structure, Texts, ordered_parts
from ports.models import Edition, Revision

_BY_WEIGHT: Final = (
    Revision.Significance.TYPO,
    Revision.Significance.MEDIUM,
    Revision.Significance.MAJOR,
)


def changed_texts(
    document_kind: str, structure: Structure, *, before: Texts, now: Texts, translated: Texts
) -> list[tuple[str, str]]:
    """The texts of a source, as uuid and field, that were translated from another wording.

    What was not `translated` is missing in the translation, not wrong, and readers see it in the
    source language; it is left out, as is what readers no longer see.
    """
    return [
        (part["uuid"], field)
        for kind, part in ordered_parts(document_kind, structure)
        for field in kind.texts
        if translated.get(part["uuid"], {}).get(field)
        and (was := before.get(part["uuid"], {}).get(field, ""))
        and was != now.get(part["uuid"], {}).get(field, "")
    ]


def staleness(
    document_kind: str,
    structure: Structure,
    *,
    before: Texts,
    now: Texts,
    translated: Texts,
    significances: Iterable[str],
) -> Edition.Staleness:
    """How much the source has changed since a translation was made from the texts `before`.

    `significances` are those of every source revision since then; the weightiest counts.
    """
    if not changed_texts(document_kind, structure, before=before, now=now, translated=translated):
        return Edition.Staleness.NONE
    said = set(significances)
    weightiest = [each for each in _BY_WEIGHT if each in said]
    return Edition.Staleness(weightiest[-1].value if weightiest else "")
