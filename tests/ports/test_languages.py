"""The languages, and which of them a BCP 47 tag means."""

import pytest

from ports.languages import LANGUAGES, by_code, from_tag

pytestmark = pytest.mark.any_database


def test_there_are_25_languages_english_first() -> None:
    assert len(LANGUAGES) == len({language.code for language in LANGUAGES}) == 25
    assert LANGUAGES[0].code == "en"


def test_codes_are_lowercase_and_tags_follow_bcp_47() -> None:
    tags = {language.code: language.tag for language in LANGUAGES}
    assert all(code == code.lower() for code in tags)
    assert tags["pt-br"] == "pt-BR"
    assert tags["zh-hans"] == "zh-Hans"
    assert tags["tr"] == "tr"


def test_arabic_persian_and_hebrew_run_from_right_to_left() -> None:
    assert {language.code for language in LANGUAGES if language.direction == "rtl"} == {
        "ar",
        "fa",
        "he",
    }


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("tr", "tr"),
        ("TR", "tr"),
        ("de-AT", "de"),
        ("en-GB", "en"),
        ("pt", "pt-br"),
        ("pt-PT", "pt-br"),
        ("pt-BR", "pt-br"),
        ("pt_BR", "pt-br"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("iw", "he"),
        ("in", "id"),
        ("in-ID", "id"),
    ],
)
def test_a_tag_means_the_language_that_serves_it_best(tag: str, code: str) -> None:
    language = from_tag(tag)
    assert language is not None
    assert language.code == code


@pytest.mark.parametrize(
    "tag", ["", "xx", "zh-TW", "zh-Hant", "zh-Hant-HK", "admin", "ssh", "-", "*"]
)
def test_a_tag_that_no_language_serves_means_none(tag: str) -> None:
    assert from_tag(tag) is None


def test_a_code_is_matched_exactly() -> None:
    assert by_code("pt-br") is not None
    assert by_code("pt-BR") is None
