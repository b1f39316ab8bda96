"""The catalogues of all languages hold every sentence, and no sentence lost a value."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.utils import translation
from django.utils.translation import gettext, ngettext

from ports.languages import LANGUAGES, SOURCE, Language, by_code
from portsite import catalogues
from portsite.django_gaps import gaps

pytestmark = pytest.mark.any_database

TRANSLATED = [language for language in LANGUAGES if language is not SOURCE]
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{[a-z]*\}")
# Strings that are the same in another language, or hold nothing to translate.
SAME_IN_EVERY_LANGUAGE = {"YYYY, YYYY-MM or YYYY-MM-DD."}
# Their words are so spelled in some languages too: Text, port, revision.
SAME_IN_SOME_LANGUAGES = {"Text: %(names)s.", "Port %(number)s: revision %(revision)s"}


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogues.extract_strings()


@pytest.fixture(params=TRANSLATED, ids=lambda language: language.code)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


def messages(language: Language) -> list[Message]:
    """The site's own strings, and those of Django that only we translate."""
    folders = [
        None,
        *([catalogues.GAPS] if catalogues.path_of(language, catalogues.GAPS).exists() else []),
    ]
    return [
        message for folder in folders for message in catalogues.read(language, folder) if message.id
    ]


def own_messages(language: Language) -> list[Message]:
    return [message for message in catalogues.read(language) if message.id]


def texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple | list) else (value,)  # type: ignore[return-value]


def test_every_language_but_the_source_has_a_catalogue() -> None:
    assert catalogues.translated_languages() == TRANSLATED


def test_the_extraction_finds_strings_of_code_and_templates(template: Catalog) -> None:
    assert "Was this page useful?" in template  # a template's
    assert "Registered as %(names)s." in template  # code's
    assert template.get("%(number)s port").id == ("%(number)s port", "%(number)s ports")
    assert any("RFC 6335" in comment for comment in template.get("Reserved").auto_comments)


def test_a_catalogue_holds_exactly_the_strings_of_the_code(
    language: Language, template: Catalog
) -> None:
    ours = {texts(message.id)[0] for message in own_messages(language)}
    of_the_code = {texts(message.id)[0] for message in template if message.id}
    assert of_the_code - ours == set(), "run make catalogues, and translate what is new"
    assert ours - of_the_code == set(), "run make catalogues"


def test_every_string_is_translated_in_every_plural_form(language: Language) -> None:
    count = catalogues.read(language).num_plurals
    missing = [
        message.id
        for message in messages(language)
        if not all(texts(message.string))
        or (message.pluralizable and len(texts(message.string)) != count)
    ]
    assert missing == []


def test_no_entry_is_fuzzy(language: Language) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []


def test_every_value_survives_translation(language: Language) -> None:
    broken = []
    for message in messages(language):
        wanted = Counter(_PLACEHOLDER.findall(texts(message.id)[-1]))
        broken += [
            (message.id, text)
            for text in texts(message.string)
            if Counter(_PLACEHOLDER.findall(text)) != wanted or "%(" in _PLACEHOLDER.sub("", text)
        ]
    assert broken == []


def test_no_sentence_was_left_in_english(language: Language) -> None:
    left = [
        message.id
        for message in messages(language)
        if texts(message.string)[0] == texts(message.id)[0]
        and " " in (words := _PLACEHOLDER.sub("", texts(message.id)[0]).strip())
        and any(map(str.isalpha, words))
        and texts(message.id)[0] not in SAME_IN_EVERY_LANGUAGE | SAME_IN_SOME_LANGUAGES
    ]
    assert left == []


def test_what_django_lacks_is_translated_here(language: Language) -> None:
    """In every language the admin speaks that language only."""
    ours = {(message.context, texts(message.id)[0]) for message in messages(language)}
    lacking = [
        message.id
        for message in gaps(language)
        if message.id and (message.context, texts(message.id)[0]) not in ours
    ]
    assert lacking == [], "run make catalogues, and translate what is new"


def test_strings_that_django_brings_are_not_kept_here_too(language: Language) -> None:
    path = catalogues.path_of(language, catalogues.GAPS)
    before = path.read_bytes() if path.exists() else b""
    try:
        catalogues.update_gaps(language)
        assert (path.read_bytes() if path.exists() else b"") == before
    finally:
        if before and path.read_bytes() != before:
            path.write_bytes(before)


def test_a_gap_of_djangos_is_filled_where_the_admin_looks() -> None:
    with translation.override("bn"):
        assert gettext("This field is required.") != "This field is required."
        assert gettext("Filter by %(field_name)s") != "Filter by %(field_name)s"


@pytest.mark.parametrize(
    "code", sorted(language.code for language in LANGUAGES if language.code != "en")
)
def test_the_plural_rule_is_djangos_own(code: str) -> None:
    language = by_code(code)
    assert language is not None
    assert catalogues.plural_forms(language).startswith("nplurals=")
    if catalogues.path_of(language).exists():
        header = catalogues.path_of(language).read_text(encoding="utf-8")
        assert f'"Plural-Forms: {catalogues.plural_forms(language)}\\n"' in header


def test_plurals_come_out_right_in_the_languages_with_many_forms() -> None:
    def ports(count: int) -> str:
        return ngettext("%(number)s port", "%(number)s ports", count) % {"number": count}

    with translation.override("ru"):
        assert len({ports(1)[2:], ports(2)[2:], ports(5)[2:]}) == 3
        assert ports(21)[3:] == ports(1)[2:]
    with translation.override("ar"):
        assert len({ports(count) for count in (0, 1, 2, 3, 11, 100)}) == 6


def test_updating_a_complete_catalogue_changes_no_byte(
    language: Language, tmp_path: Path, settings: object
) -> None:
    before = catalogues.path_of(language).read_bytes()
    try:
        catalogues.update(language)
        assert catalogues.path_of(language).read_bytes() == before
    finally:
        catalogues.path_of(language).write_bytes(before)


def test_a_compiled_catalogue_is_made_again_only_when_its_source_is_newer(
    tmp_path: Path, settings: object
) -> None:
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    turkish = by_code("tr")
    assert turkish is not None
    catalogues.update(turkish)
    assert catalogues.compile_stale() == [turkish]
    assert catalogues.compile_stale() == []
    path = catalogues.path_of(turkish)
    compiled = path.with_suffix(".mo")
    later = compiled.stat().st_mtime + 5
    import os

    os.utime(path, (later, later))
    assert catalogues.compile_stale() == [turkish]
