"""Which versions of an article are one text to its readers: those that differ by typos only."""

from typing import Final

from ports.editorial.parts import Texts
from ports.editorial.revision_history import Version, histories
from ports.editorial.word_differences import Kind, word_differences
from ports.languages import SOURCE, Language
from ports.models import Revision

LITTLE: Final = 0.02
"""So small a share of a translation's characters may change with a corrected typo."""
AT_LEAST: Final = 20
"""In a short translation so many characters."""


def first_of_text(number: int, language: Language, revision: int) -> int:
    """The first of the versions of a port's article in a row up to `revision` that are one text.

    In the source language editors say of each change how much it matters; a translation is another
    text when more than a typo's worth of its characters changed. `revision` itself where it never
    was live.
    """
    history = next(
        (each for each in histories(number, language) if each.language is language), None
    )
    version = history.version(revision) if history else None
    while version is not None and _says_the_same(version, language):
        version = version.before
    return version.number if version is not None else revision


def _says_the_same(version: Version, language: Language) -> bool:
    """Whether a version says the same as the one that it took the place of."""
    before = version.before
    if before is None or before.number > version.number:
        return False
    if language is SOURCE:
        return version.significance == Revision.Significance.TYPO
    texts = dict(Revision.objects.filter(pk__in=[before.id, version.id]).values_list("pk", "texts"))
    return differ_little(texts[before.id], texts[version.id])


def differ_little(before: Texts, after: Texts) -> bool:
    """Whether no more than a typo's worth of the characters of these texts differ."""
    parts = {(uuid, field) for texts in (before, after) for uuid in texts for field in texts[uuid]}
    changed, whole = 0, 0
    for uuid, field in parts:
        old, new = before.get(uuid, {}).get(field, ""), after.get(uuid, {}).get(field, "")
        pieces = word_differences(old, new)
        went = sum(len(each.text) for each in pieces if each.kind is Kind.REMOVED)
        came = sum(len(each.text) for each in pieces if each.kind is Kind.ADDED)
        changed += max(went, came)
        whole += len(new)
    return changed <= max(AT_LEAST, whole * LITTLE)
