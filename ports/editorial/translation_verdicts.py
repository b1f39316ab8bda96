"""What becomes of each entry of a translation file that came back. Pure.

Nothing that somebody wrote since the file was made is overwritten, and nothing is taken that was
made from another English text than today's: such entries are refused one by one, with the reason.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from ports.editorial.checks import text_problems
from ports.editorial.parts import Texts, as_kept
from ports.editorial.translation_checks import missing, sentence
from ports.editorial.translation_files import Entry, Text, text_digest


class Fate(StrEnum):
    """What becomes of an entry."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    FUZZY = "fuzzy"
    EMPTY = "empty"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Verdict(NamedTuple):
    """What becomes of an entry, and why it is refused.

    `name` is the field's, or the entry's context where that is of no field here. `here` is the
    text as it stands on the site, `came` the one in the file.
    """

    fate: Fate
    uuid: str
    field: str
    name: str
    came: str
    here: str
    reasons: tuple[str, ...] = ()


DONE: Final = frozenset({Fate.TAKEN, Fate.UNCHANGED})
"""The fates of entries whose translation is in step with today's English text."""


def verdicts(
    entries: list[Entry], texts: list[Text], *, exported: Texts | None, source_keys: Collection[str]
) -> list[Verdict]:
    """The verdict on each entry.

    `texts` are those of the site now, `exported` those of the revision that the file's header names
    (None if there is no such revision), for entries that lost the digest beside them. Footnotes may
    cite `source_keys`.
    """
    known = {text.context: text for text in texts if text.source}
    times = Counter(entry.context for entry in entries)
    found = []
    for entry in entries:
        text = known.get(entry.context)
        if text is None:
            name = entry.context or entry.source
            verdict = Verdict(Fate.UNKNOWN, "", "", name, entry.translation, "")
        else:
            digest = entry.digest or _digest(text, exported)
            is_once = times[entry.context] == 1
            verdict = _verdict(entry, text, digest, source_keys, is_once=is_once)
        found.append(verdict)
    return found


def _digest(text: Text, exported: Texts | None) -> str:
    if exported is None:
        return ""
    return text_digest(exported.get(text.uuid, {}).get(text.field, ""))


def _verdict(
    entry: Entry, text: Text, digest: str, source_keys: Collection[str], *, is_once: bool
) -> Verdict:
    came = as_kept(entry.translation, text.markup)
    verdict = Verdict(Fate.TAKEN, text.uuid, text.field, text.name, came, text.translation)
    if not is_once:
        reason = _("The file has more than one entry for this text.")
        return verdict._replace(fate=Fate.REFUSED, reasons=(reason,))
    if not came:
        return verdict._replace(fate=Fate.EMPTY)
    if entry.is_fuzzy:
        return verdict._replace(fate=Fate.FUZZY)
    if entry.source != text.source:
        reason = _("The English text is another one by now. Download the file anew.")
        return verdict._replace(fate=Fate.REFUSED, reasons=(reason,))
    if text.translation in {came, entry.translation}:
        return verdict._replace(fate=Fate.UNCHANGED)
    if (text_digest(text.translation) != digest) if digest else text.translation:
        reason = _("The translation here is another one than when the file was downloaded.")
        return verdict._replace(fate=Fate.REFUSED, reasons=(reason,))
    if reasons := tuple(_faults(came, text, source_keys)):
        return verdict._replace(fate=Fate.REFUSED, reasons=reasons)
    return verdict


def _faults(came: str, text: Text, source_keys: Collection[str]) -> Iterator[str]:
    """Why a text cannot be taken whatever stands here."""
    if len(came) > text.longest:
        yield _("The text is too long: it may have %(count)s characters at most.") % {
            "count": text.longest
        }
        return
    for _line, message in text_problems(came, source_keys, text.markup):
        yield message
    yield from map(sentence, missing(text.source, came, text.markup))
