"""In which language somebody asks: `?lang=`, or else Accept-Language."""

from typing import Final

from django.utils.translation import gettext as _

from ports.api.parameters import Parameter, ParameterError
from ports.languages import LANGUAGES, Language, from_tag

NAME: Final = "lang"


def _read(tag: str) -> Language:
    language = from_tag(tag)
    if language is None:
        raise ParameterError(is_unknown())
    return language


def is_unknown() -> str:
    """What to say of something else than a tag of one of the site's languages."""
    return _("This site has no such language. These are: %(languages)s.") % {
        "languages": ", ".join(each.tag for each in LANGUAGES)
    }


LANG: Final = Parameter(
    NAME,
    "The language of texts, as a BCP 47 tag; without it that of Accept-Language, or else English. "
    "A text that nobody has translated comes in English, and says so. Longer tags (`de-AT`) and "
    "other ways of writing these are understood.",
    {"type": "string", "enum": [each.tag for each in LANGUAGES]},
    _read,
)
