"""The message catalogues: extracting the strings, updating the .po files, compiling them.

All of it with Babel, so that no machine needs GNU gettext. Plural rules are Django's own, since
Django's catalogues and ours are merged and share one rule per language.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from ports.languages import LANGUAGES, Language
from ports.plural_forms import plural_forms
from portsite.django_gaps import gaps

_PACKAGES = ("feedback", "ports", "portsite")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


GAPS: Final = Path(__file__).resolve().parent / "locale"
"""Where the translations of Django's own strings lie that Django has none of."""


def path_of(language: Language, folder: Path | None = None) -> Path:
    """The catalogue of a language: the site's own, or the one in `folder`."""
    root = folder or settings.LOCALE_PATHS[0]
    return root / to_locale(language.code) / "LC_MESSAGES" / "django.po"


def translated_languages() -> list[Language]:
    """The languages that have a catalogue; English needs none, its strings are the keys."""
    return [language for language in LANGUAGES if path_of(language).exists()]


def compile_stale() -> list[Language]:
    """Compile the catalogues that changed since they were compiled last; return their languages."""
    compiled = [
        language
        for language in LANGUAGES
        for folder in (settings.LOCALE_PATHS[0], GAPS)
        if _compile(language, folder)
    ]
    return list(dict.fromkeys(compiled))


def _compile(language: Language, folder: Path) -> bool:
    source = path_of(language, folder)
    target = source.with_suffix(".mo")
    if not source.exists():
        return False
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    # Another process may read the catalogue at this moment, or write it too: it appears whole or
    # not at all.
    draft = target.with_suffix(f".{os.getpid()}.mo")
    with draft.open("wb") as file:
        write_mo(file, read(language, folder))
    draft.replace(target)
    return True


def read(language: Language, folder: Path | None = None) -> Catalog:
    """A language's catalogue."""
    with path_of(language, folder).open("rb") as file:
        return read_po(file, locale=to_locale(language.code), abort_invalid=True)


def update(language: Language) -> Catalog:
    """Give a language's catalogue every string of today's code, and drop those no longer there.

    New strings come without a translation; none is guessed. A catalogue that does not exist yet
    is begun.
    """
    return _update(language, settings.LOCALE_PATHS[0], extract_strings(), "Portsite")


def update_gaps(language: Language) -> Catalog | None:
    """Bring what fills the gaps of Django's own catalogue up to date; None where there are none."""
    own = extract_strings()
    missing = Catalog(fuzzy=False)
    for message in gaps(language):
        if message.id and own.get(message.id, message.context) is None:
            missing.add(message.id, context=message.context, flags=message.flags)
    if not len(missing):
        path_of(language, GAPS).unlink(missing_ok=True)
        return None
    return _update(language, GAPS, missing, "what Django lacks for Portsite")


def _update(language: Language, folder: Path, template: Catalog, title: str) -> Catalog:
    path = path_of(language, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(_header(language, title))
    catalog = read(language, folder)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalog, width=98, omit_header=True, sort_output=False, include_lineno=False)
    updated = _header(language, title) + text.getvalue().rstrip() + b"\n"
    if path.read_bytes() != updated:
        path.write_bytes(updated)
    return catalog


def extract_strings() -> Catalog:
    """Every translatable string of the code and the templates, with the translators' comments."""
    template = Catalog(fuzzy=False)
    for path in _sources():
        name = str(path.relative_to(settings.BASE_DIR))
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # Its lines are to be read as Python's, where the indentation of HTML would be a fault.
            text = "\n".join(map(str.lstrip, templatize(text, origin=name).split("\n")))
        found = extract(
            "python",
            io.BytesIO(text.encode()),
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
        )
        for line, message, comments, context in found:
            plain = message if isinstance(message, str) else message[0]
            flags = {"python-format"} if "%(" in plain else set()
            template.add(
                message,
                locations=[(name, line)],
                auto_comments=comments,
                context=context,
                flags=flags,
            )
    return template


def _sources() -> Iterator[Path]:
    for package in _PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*")):
            if path.suffix in {".py", ".html"} and "migrations" not in path.parts:
                yield path


def _header(language: Language, title: str) -> bytes:
    """The header entry, without dates and names, which would differ at every update."""
    return (
        f"# {language.english_name} catalogue of {title}.\n"
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {to_locale(language.code)}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural_forms(language)}\\n"\n\n'
    ).encode()
