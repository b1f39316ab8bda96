"""Reading what stands inside the registry's cells: people, references, dates and aliases. Pure."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_BRACKETED: Final = re.compile(r"\[([^\[\]]*)\]")
_NAMESAKE: Final = re.compile(r"_?[0-9]+\Z")
_RFC: Final = re.compile(r"RFC([0-9]+)\b(?:, (?:Section|section) ([0-9.]+))?")
_DRAFT: Final = re.compile(r"(?:draft|RFC)-[a-z0-9-]+")
_ALIAS: Final = re.compile(r"(?:alias to|duplicate of the) \"([^\"]+)\"")
_KEPT: Final = 10_000  # most cells stand in many records
_URL: Final = re.compile(r"https?://[^\s<>\"\[\]]+\Z")


class RegistryDate(NamedTuple):
    """A date as precise as it is known: `day`, or `month` and `day`, may be None."""

    year: int
    month: int | None
    day: int | None


class Reference(NamedTuple):
    """A cited document, and its address where one follows from the citation."""

    text: str
    url: str


def read_date(cell: str) -> RegistryDate | None:
    """The date in a cell, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None when the cell is empty."""
    if not cell:
        return None
    year, month, day, *_ = (*map(int, cell.split("-")), None, None)
    return RegistryDate(year or 0, month, day)


@lru_cache(_KEPT)
def read_people(cell: str) -> tuple[str, ...]:
    """The names in an Assignee or Contact cell: `[Vera_Heinau][Heiko_Schlichting]`.

    Keys of namesakes carry a number (`[Dave_Mills_2]`), which is left out.
    """
    keys = _BRACKETED.findall(cell) or ([cell] if cell else [])
    return tuple(_NAMESAKE.sub("", key).replace("_", " ").strip() or key for key in keys)


@lru_cache(_KEPT)
def read_references(cell: str) -> tuple[Reference, ...]:
    """The documents a Reference cell cites, with addresses for RFCs, Internet-Drafts and URLs."""
    texts = _BRACKETED.findall(cell) or ([cell] if cell else [])
    return tuple(Reference(text, _address(text)) for text in texts if text != "n/a")


def _address(text: str) -> str:
    if match := _RFC.fullmatch(text):
        section = f"#section-{match[2].rstrip('.')}" if match[2] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{match[1]}{section}"
    if match := _DRAFT.match(text):
        return f"https://datatracker.ietf.org/doc/{match[0].replace('RFC-', 'draft-', 1)}/"
    if _URL.match(text):
        return text
    return ""


def read_alias(assignment_notes: str) -> str:
    """The service name whose alias or duplicate this record is, by its notes; or ""."""
    match = _ALIAS.search(assignment_notes) if assignment_notes else None
    return match[1] if match else ""
