"""Facts of the registry that stand in a text by hand, where a token should. Pure.

What counts is what the registry says of the ports that a text is about or cites, as a whole word:

- a service name of four characters or more, in the letter case of the registry, unless it is a
  word that people write anyway (`domain`, `rsync`; see `ports.editorial.ordinary_words`): names
  with a digit, a hyphen or the like never are;
- an assignee's name of two words or more: a single one is a make or an institution, such as IANA;
- a date of registration or of the last change, as `2002-03` or as the text's language writes a
  month and a year, or a day. It must be the whole date: `5 March 2002` is not `March 2002`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils import translation

from ports import formats
from ports.editorial.ordinary_words import ORDINARY_WORDS
from ports.languages import Language
from ports.registry.cells import read_people
from ports.registry.claims import speaking_for
from ports.registry.records import Record, Status, Transport
from ports.registry.status import record_status
from ports.tokens import Fact

_SHORTEST_NAME: Final = 4
_FORMER_DATE: Final = re.compile(r"[0-9][^\W0-9]{0,2}[.,]?\s+(?:(?:de|do|di)\s+)?\Z")


class RegistryFact(NamedTuple):
    """A cell of the registry, as it is said in prose, and the token that shows it."""

    fact: Fact
    value: str
    token: str


class TypedFact(NamedTuple):
    """A fact that was typed: how, and how many lines below the beginning of the prose."""

    lines_below: int
    written: str
    token: str


def facts_of(records: Mapping[int, Sequence[Record]]) -> list[RegistryFact]:
    """What the registry says of some ports, by those of its records that cover each of them.

    The same value is shown by one token: that of the first port which has it.
    """
    found: dict[tuple[bool, str], RegistryFact] = {}
    for port, of_port in records.items():
        for transport in Transport:
            speaking = [
                record
                for record in speaking_for(of_port, transport)
                if record_status(record) in {Status.ASSIGNED, Status.DEASSIGNED}
            ]
            is_ambiguous = len({record.service_name for record in speaking}) > 1
            for record in speaking:
                name = f" {record.service_name}" if is_ambiguous and record.service_name else ""
                for fact, value in _values(record):
                    token = f"{{{fact} {port}/{transport}{name}}}"
                    is_date = fact in {Fact.REGISTERED, Fact.MODIFIED}
                    found.setdefault((is_date, value), RegistryFact(fact, value, token))
    return list(found.values())


def typed_facts(
    prose: str, facts: Sequence[RegistryFact], language: Language
) -> Iterator[TypedFact]:
    """Where a prose in a language says one of these facts by hand, for each the first place."""
    for fact in facts:
        for pattern in _patterns(fact, language):
            match = next(
                (match for match in pattern.finditer(prose) if _is_whole(fact, match)), None
            )
            if match is not None:
                written = " ".join(match[0].split())
                yield TypedFact(prose.count("\n", 0, match.start()), written, fact.token)
                break


def _values(record: Record) -> Iterator[tuple[Fact, str]]:
    name = record.service_name
    if len(name) >= _SHORTEST_NAME and name not in ORDINARY_WORDS and not name.isdigit():
        yield Fact.SERVICE, name
    for person in read_people(record.assignee):
        if " " in person:
            yield Fact.ASSIGNEE, person
    if record.registration_date:
        yield Fact.REGISTERED, record.registration_date
    if record.modification_date:
        yield Fact.MODIFIED, record.modification_date


def _patterns(fact: RegistryFact, language: Language) -> list[re.Pattern[str]]:
    if fact.fact in {Fact.REGISTERED, Fact.MODIFIED}:
        return [_date(written) for written in _as_written(fact.value, language.code)]
    words = r"\s+".join(map(re.escape, fact.value.split()))
    # ASCII alone: where no blanks stand between words, other letters may stand at its side. A
    # hyphen or a dot makes another name of it, but a capital letter after one only a compound.
    return [re.compile(rf"(?<![A-Za-z0-9_./-]){words}(?![A-Za-z0-9_]|[./-][a-z0-9])")]


@lru_cache(maxsize=1024)
def _as_written(date: str, code: str) -> tuple[str, ...]:
    """A date as the registry writes it, and as a language does, with its month alone too."""
    with translation.override(code):
        return tuple(
            dict.fromkeys([date, formats.registry_date(date), formats.registry_date(date[:7])])
        )


def _date(written: str) -> re.Pattern[str]:
    # Letters may stand at its side: Hebrew puts “in” there, and Japanese has no blanks.
    return re.compile(
        rf"(?<![0-9-]){r'\s+'.join(map(re.escape, written.split()))}(?!\s?[0-9]|-[0-9])"
    )


def _is_whole(fact: RegistryFact, match: re.Match[str]) -> bool:
    """Whether a date is not the end of a longer one."""
    if fact.fact not in {Fact.REGISTERED, Fact.MODIFIED}:
        return True
    return _FORMER_DATE.search(match.string[: match.start()]) is None
