"""What Django's own catalogues lack: strings of the admin that some languages have no word for.

`portsite/locale` fills these gaps. A string leaves it when a new Django brings it.
"""

import gettext
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils.translation import to_locale

from ports.languages import Language

_DJANGO: Final = Path(django.__file__).parent
_CATALOGUES: Final = ("conf", "contrib/admin", "contrib/auth")
# Of what is not the admin's own, only what its forms say.
_SHOWN: Final = ("contrib/", "core/validators", "db/models", "forms/", "template/defaultfilters")
# What the site does not have: the documentation generator.
_UNUSED: Final = ("contrib/admindocs",)


def gaps(language: Language) -> Catalog:
    """The strings of Django's admin and forms that Django has no translation of, untranslated."""
    found = Catalog(fuzzy=False)
    for folder in _CATALOGUES:
        translated = set(_translated(folder, language))
        for message in _strings(folder):
            if (message.context, _singular(message)) not in translated:
                found.add(
                    message.id,
                    context=message.context,
                    auto_comments=message.auto_comments,
                    flags=message.flags,
                )
    return found


def _strings(folder: str) -> Iterator[Message]:
    with (_DJANGO / folder / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        for message in read_po(file):
            places = [place for place, _line in message.locations]
            if message.id and any(
                place.startswith(_SHOWN) and not place.startswith(_UNUSED) for place in places
            ):
                yield message


def _translated(folder: str, language: Language) -> Iterator[tuple[str | None, str]]:
    locale = to_locale(language.code)
    compiled = _DJANGO / folder / "locale" / locale / "LC_MESSAGES" / "django.mo"
    if not compiled.exists():
        return
    with compiled.open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    for key, text in known.items():
        if text:
            message = str(key[0] if isinstance(key, tuple) else key)
            context, separator, singular = message.rpartition("\x04")
            yield (context if separator else None), singular


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
