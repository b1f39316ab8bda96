"""The plural rules of languages, as Django's own catalogues have them."""

import gettext
from pathlib import Path

import django
from django.utils.translation import to_locale

from ports.languages import Language


def plural_forms(language: Language) -> str:
    """The value of the header Plural-Forms in catalogues of a language."""
    own = Path(django.__file__).parent / "conf" / "locale" / to_locale(language.code)
    with (own / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file).info()["plural-forms"]
