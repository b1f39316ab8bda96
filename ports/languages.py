"""The languages readers can choose: their codes in addresses, BCP 47 tags, names and direction.

LANGUAGES is part of the database schema (translated columns carry its codes), and therefore a
constant, not a setting.
"""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site.

    `code` is lowercase and stands in addresses and in Django's settings; `tag` is the BCP 47 form
    for `lang`, `hreflang` and HTTP headers; `name` is what its speakers call it.
    """

    code: str
    tag: str
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"] = "ltr"

    @property
    def locale(self) -> str:
        """The identifier Babel knows it by, `pt_BR` for pt-br."""
        return self.tag.replace("-", "_")


LANGUAGES: Final = (
    Language("en", "en", "English", "English"),
    Language("ar", "ar", "العربية", "Arabic", "rtl"),
    Language("bn", "bn", "বাংলা", "Bengali"),
    Language("cs", "cs", "Čeština", "Czech"),
    Language("de", "de", "Deutsch", "German"),
    Language("el", "el", "Ελληνικά", "Greek"),
    Language("es", "es", "Español", "Spanish"),
    Language("fa", "fa", "فارسی", "Persian", "rtl"),
    Language("fr", "fr", "Français", "French"),
    Language("he", "he", "עברית", "Hebrew", "rtl"),
    Language("hi", "hi", "हिन्दी", "Hindi"),
    Language("id", "id", "Bahasa Indonesia", "Indonesian"),
    Language("it", "it", "Italiano", "Italian"),
    Language("ja", "ja", "日本語", "Japanese"),
    Language("ko", "ko", "한국어", "Korean"),
    Language("nl", "nl", "Nederlands", "Dutch"),
    Language("pl", "pl", "Polski", "Polish"),
    Language("pt-br", "pt-BR", "Português (Brasil)", "Brazilian Portuguese"),
    Language("ru", "ru", "Русский", "Russian"),
    Language("sv", "sv", "Svenska", "Swedish"),
    Language("th", "th", "ไทย", "Thai"),
    Language("tr", "tr", "Türkçe", "Turkish"),
    Language("uk", "uk", "Українська", "Ukrainian"),
    Language("vi", "vi", "Tiếng Việt", "Vietnamese"),
    Language("zh-hans", "zh-Hans", "简体中文", "Simplified Chinese"),
)

_BY_CODE: Final = {language.code: language for language in LANGUAGES}

SOURCE: Final = _BY_CODE["en"]
"""The language everything is written in first."""

# Tags that browsers still send, or that name a language we serve in one form only.
_ALIASES: Final = {
    "iw": "he",
    "in": "id",
    "pt": "pt-br",
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
}

# Readers of traditional characters are better served by their next choice.
_NOT_SIMPLIFIED: Final = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def by_code(code: str) -> Language | None:
    """The language with exactly this address code, or None."""
    return _BY_CODE.get(code)


def from_tag(tag: str) -> Language | None:
    """The language that best serves a BCP 47 tag in any letter case, or None.

    The tag is shortened from its end until it is known (RFC 4647, section 3.4, "Lookup"):
    `de-AT` gives German, `zh-Hans-CN` simplified Chinese.
    """
    candidate = tag.strip().lower().replace("_", "-")
    if candidate.startswith(_NOT_SIMPLIFIED):
        return None
    while candidate:
        candidate_code = _ALIASES.get(candidate, candidate)
        if candidate_code in _BY_CODE:
            return _BY_CODE[candidate_code]
        candidate = candidate.rpartition("-")[0]
    return None
