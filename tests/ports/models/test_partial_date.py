"""Dates of three precisions: what editors may write, and what the database takes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from ports.models import Assessment, History, Source
from ports.models.partial_date import PartialDateField, validate_partial_date

GOOD = [
    "1900", "1999", "2000", "2004", "2099", "2004-01", "2004-12", "1900-01", "2004-01-26",
    "2004-02-29", "2000-02-29", "2023-12-31", "2026-11-24",
]  # fmt: skip
NO_FORM = [
    "", " ", "04", "200", "20041", "1899", "2100", "0000", "9999", "2004-", "2004-0", "2004-1",
    "2004-00", "2004-13", "2004-99", "2004-1-1", "2004-01-", "2004-01-0", "2004-01-00",
    "2004-01-32", "2004-01-99", "2004-01-01-", "2004/01", "2004.01", "2004 01", "2004-011",
    "01-2004", "26-01-2004", "2004-Jan", "January", "2004-W01", "2004-001", "200401", "20040126",
    "-2004", "+2004", "2004-+1", "2004--1", " 2004", "2004 ", "2004\n", "2004-01\n", "２００４",
    "٢٠٠٤", "2004-0١", "20x4", "2004-0x", "2004-01-0x", "2004–01", "2004_01",
]  # fmt: skip
NO_DAY = ["2004-02-30", "2023-02-29", "1900-02-29", "2004-04-31", "2004-11-31"]
"""Days that no calendar has, which only the validator knows."""


@pytest.mark.any_database
@pytest.mark.parametrize("value", GOOD)
def test_a_year_a_month_or_a_day_is_taken(value: str) -> None:
    validate_partial_date(value)


@pytest.mark.any_database
@pytest.mark.parametrize("value", [*NO_FORM, *NO_DAY])
def test_what_is_no_date_is_refused_with_the_value_and_examples(value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_partial_date(value)
    assert refused.value.code == "partial_date"
    (message,) = refused.value.messages
    assert f"“{value}”" in message
    assert "2004, 2004-01, 2004-01-26" in message


@pytest.mark.any_database
@given(st.text(alphabet="0123456789-", max_size=11) | st.text(max_size=11))
def test_whatever_is_written_is_a_date_or_refused(value: str) -> None:
    try:
        validate_partial_date(value)
    except ValidationError:
        return
    assert len(value) in {4, 7, 10}
    assert value.isascii()
    assert "1900" <= value <= "2099-12-31"


@pytest.mark.any_database
@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_every_day_of_the_two_centuries_is_a_date(day: object, length: int) -> None:
    value = str(day)
    if "1900" <= value < "2100":
        validate_partial_date(value[:length])


@pytest.mark.any_database
def test_dates_sort_as_they_read() -> None:
    assert sorted(["2004-01-26", "2004", "2003-12", "2004-01"]) == [
        "2003-12",
        "2004",
        "2004-01",
        "2004-01-26",
    ]


@pytest.mark.any_database
def test_a_field_checks_its_dates_once_and_says_how_they_are_written() -> None:
    field = PartialDateField("date")
    assert field.max_length == 10
    assert str(field.help_text) == "YYYY, YYYY-MM or YYYY-MM-DD."
    assert PartialDateField(validators=[validate_partial_date]).validators.count(
        validate_partial_date
    ) == 1  # fmt: skip
    assert field.clean("2004-01", None) == "2004-01"
    with pytest.raises(ValidationError):
        field.clean("2004-02-30", None)
    with pytest.raises(ValidationError):
        field.clean("", None)
    assert PartialDateField(blank=True).clean("", None) == ""


@pytest.mark.any_database
def test_a_field_is_made_anew_from_what_a_migration_keeps_of_it() -> None:
    field = PartialDateField("date", blank=True)
    _name, path, args, kwargs = field.deconstruct()
    again = PartialDateField(*args, **kwargs)
    assert path == "ports.models.partial_date.PartialDateField"
    assert again.validators.count(validate_partial_date) == 1
    assert again.deconstruct()[1:] == field.deconstruct()[1:]


def store(model: type, value: str) -> None:
    """Write a row with this date past every check but the database's."""
    fields = {
        History: {"date": value, "title": "x"},
        Assessment: {"as_of": value, "level": "low", "expected": "x"},
        Source: {"published": value, "key": "k", "title": "x", "url": "https://example.com/"},
    }[model]
    with transaction.atomic():
        model(port_id=3440, **fields).save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [History, Assessment, Source])
def test_the_database_takes_dates(model: type) -> None:
    for value in GOOD:
        store(model, value)
        model.objects.filter(port=3440).delete()  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [History, Assessment, Source])
def test_the_database_refuses_what_is_written_otherwise(model: type) -> None:
    for value in NO_FORM:
        # PostgreSQL measures first, and a source may have no date.
        if len(value) > 10 or (model is Source and not value):
            continue
        with pytest.raises(IntegrityError):
            store(model, value)


@pytest.mark.django_db
def test_a_source_may_have_no_date() -> None:
    store(Source, "")
    assert Source.objects.get(port=3440).published == ""
