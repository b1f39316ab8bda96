"""The glossary that comes with the program: loaded where the database has nothing yet."""

import tomllib
from pathlib import Path
from typing import Final

from django.db import transaction

from ports.editorial import working
from ports.editorial.parts import column
from ports.languages import LANGUAGES, Language
from ports.models import GlossaryTerm

GLOSSARY: Final = Path(__file__).resolve().parent / "data" / "glossary"

_FIELDS: Final = ("term", "note")

type Entries = dict[str, dict[str, str]]
"""By the key of a term, the term in a language and a note on it, where there is one."""


def read_glossary(language: Language, folder: Path = GLOSSARY) -> Entries:
    """A language's file: a table for each term, under its key."""
    entries: Entries = tomllib.loads((folder / f"{language.code}.toml").read_text(encoding="utf-8"))
    return entries


@transaction.atomic
def load_glossary(folder: Path = GLOSSARY) -> int:
    """Add the terms that are missing and fill columns that are empty; returns how many terms.

    What an editor wrote is never changed. Safe to run at every start: costs one query when there
    is nothing to do.
    """
    wanted: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for key, entry in read_glossary(language, folder).items():
            columns = {column(field, language): entry.get(field, "") for field in _FIELDS}
            wanted.setdefault(key, {}).update({name: t for name, t in columns.items() if t})
    names = [column(field, language) for field in _FIELDS for language in LANGUAGES]
    stored = {row["key"]: row for row in GlossaryTerm.objects.values("pk", "key", *names)}
    changed = 0
    for key, values in wanted.items():
        empty = {name: text for name, text in values.items() if not stored.get(key, {}).get(name)}
        if key not in stored:
            _insert(key, values)
        elif empty:
            _fill(stored[key]["pk"], empty)
        changed += bool(empty)
    return changed


def _insert(key: str, values: dict[str, str]) -> None:
    """Add a term, unless another process has added it meanwhile."""
    with working.source_columns():
        GlossaryTerm.objects.bulk_create([GlossaryTerm(key=key, **values)], ignore_conflicts=True)


def _fill(pk: int, values: dict[str, str]) -> None:
    """Write the columns that are empty still, now that no editor can write them meanwhile."""
    rows = GlossaryTerm.objects.select_for_update(no_key=True).filter(pk=pk)
    now = rows.values(*values)[0]
    working.update(GlossaryTerm, pk, {name: t for name, t in values.items() if not now[name]})
