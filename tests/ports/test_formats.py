"""Dates, numbers and lists as each language writes them."""

import pytest
from django.utils import translation

from ports import formats
from ports.languages import LANGUAGES

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "March 2002"),
        ("tr", "Mart 2002"),
        ("nl", "maart 2002"),
        ("id", "Maret 2002"),
        ("ru", "март 2002\u202fг."),
        ("ar", "مارس 2002"),
        ("he", "מרץ 2002"),
        ("ja", "2002年3月"),
        ("th", "มีนาคม 2002"),
        ("fa", "مارس 2002"),
    ],
)
def test_a_month_stands_in_its_own_form_beside_a_gregorian_year(code: str, expected: str) -> None:
    with translation.override(code):
        assert formats.registry_date("2002-03") == expected


def test_hebrew_months_do_not_leak_into_other_languages() -> None:
    for code in ("he", "tr"):
        with translation.override(code):
            text = formats.registry_date("1999-11")
    assert text == "Kasım 1999"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "September 26, 2025"), ("tr", "26 Eylül 2025"), ("nl", "26 september 2025")],
)
def test_a_date_known_to_the_day_names_the_day(code: str, expected: str) -> None:
    with translation.override(code):
        assert formats.registry_date("2025-09-26") == expected


def test_a_date_known_to_the_year_names_no_month() -> None:
    with translation.override("en"):
        assert formats.registry_date("2015") == "2015"


def test_no_date_is_no_text() -> None:
    assert formats.registry_date("") == ""


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_digits_are_0_to_9_in_every_language(language: object) -> None:
    with translation.override(language.code):  # type: ignore[attr-defined]
        assert "2025" in formats.registry_date("2025-09-26")
        assert [c for c in formats.number(65536) if c.isdigit()] == list("65536")


def test_numbers_carry_the_separators_of_the_language() -> None:
    with translation.override("en"):
        assert formats.number(65536) == "65,536"
    with translation.override("nl"):
        assert formats.number(65536) == "65.536"


def test_lists_read_as_the_language_says_them() -> None:
    with translation.override("en"):
        assert formats.joined(["http", "www", "www-http"]) == "http, www, and www-http"
        assert formats.joined(["tcp"]) == "tcp"
    with translation.override("tr"):
        assert formats.joined(["TCP", "UDP"]) == "TCP ve UDP"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 sec"),
        (0.44, "0.4 sec"),
        (75, "75 sec"),
        (119.9, "120 sec"),
        (150, "2.5 min"),
        (3600, "60 min"),
    ],
)
def test_durations_are_told_in_the_unit_that_suits_them(seconds: float, expected: str) -> None:
    with translation.override("en"):
        assert formats.duration(seconds) == expected


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_has_durations(language: object) -> None:
    with translation.override(language.code):  # type: ignore[attr-defined]
        assert [c for c in formats.duration(75) if c.isdigit()] == list("75")
        assert formats.duration(75) != formats.duration(75 * 60)
