"""The registry is given back as it stood on a date."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ports.models import Snapshot
from ports.registry.fetch import Body, digest
from ports.registry.refresh import Dates, Origin, refresh
from tests.data import traps
from tests.data.samples import sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

type At = Callable[[str], bytes]


def dated(date: str) -> str:
    """The traps file with its newest date changed to another."""
    return traps.TEXT.replace("2026-07-23", date)


@pytest.fixture
def three(tmp_path: Path) -> None:
    """The registry of three dates, of the last in two states."""
    for text in (
        dated("2026-07-23"),
        dated("2026-08-10"),
        dated("2026-09-01"),
        dated("2026-09-01").replace("Net Steward Mgmt Console", "Renamed"),
    ):
        refresh(traps.body(text, tmp_path))


@pytest.fixture
def at(capsysbinary: pytest.CaptureFixture[bytes]) -> At:
    """What the command writes to its output for a date."""

    def output_for(date: str) -> bytes:
        call_command("registry_at", "--date", date)
        output, errors = capsysbinary.readouterr()
        assert errors == b""
        return output

    return output_for


def without_addresses(text: str) -> bytes:
    return (
        text.replace("\n<feil&kronos.nisd.cam.unisys.com>", "")
        .replace(" <xadmin&huisken-systems.nl>", "")
        .encode()
    )


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("registry_at", *arguments)
    return str(caught.value)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("date", "newest"),
    [
        ("2026-07-23", "2026-07-23"),
        ("2026-07-24", "2026-07-23"),
        ("2026-08-09", "2026-07-23"),
        ("2026-08-10", "2026-08-10"),
        ("2026-08-31", "2026-08-10"),
    ],
)
def test_the_registry_of_the_newest_date_not_after_the_one_asked_for_is_written(
    at: At, date: str, newest: str
) -> None:
    assert at(date) == without_addresses(dated(newest))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("date", ["2026-09-01", "2026-12-31", "9999-12-31"])
def test_of_two_states_of_one_date_the_last_is_written(at: At, date: str) -> None:
    last = dated("2026-09-01").replace("Net Steward Mgmt Console", "Renamed")
    assert at(date) == without_addresses(last)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("date", ["2026-07-22", "1988-01-01"])
def test_before_the_first_kept_file_the_dates_that_there_are_are_named(date: str) -> None:
    assert refusal("--date", date) == (
        f"No file of the registry from {date} or before is kept. "
        "Kept are those of 2026-07-23, 2026-08-10, 2026-09-01."
    )


def test_where_none_is_kept_that_is_said(tmp_path: Path) -> None:
    said = "No file of the registry from 2026-07-23 or before is kept. None is kept yet."
    assert refusal("--date", "2026-07-23") == said
    refresh(
        traps.body(traps.TEXT, tmp_path),
        origin=Origin.COMPILED,
        dates=Dates("2026-07-01", "2015"),
    )
    assert refusal("--date", "2026-07-23") == said


@pytest.mark.usefixtures("three")
def test_a_snapshot_whose_file_is_not_kept_is_passed_over(at: At) -> None:
    Snapshot.objects.filter(names_as_of="2026-08-10").update(file=None)
    assert at("2026-08-31") == without_addresses(dated("2026-07-23"))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "date",
    [
        "",
        "2026",
        "2026-07",
        "20260723",
        "2026-7-23",
        "2026-07-23\n",
        " 2026-07-23",
        "2026-02-29",
        "2026-13-01",
        "2026-W30-4",
        "23.07.2026",
        "٢٠٢٦-٠٧-٢٣",
        "yesterday",
    ],
)
def test_what_is_no_date_is_refused_with_how_to_write_one(date: str) -> None:
    assert refusal("--date", date) == (
        f"{date!r} is no date: write it as YYYY-MM-DD, such as 2026-07-23."
    )


def test_a_date_must_be_given() -> None:
    assert "--date" in refusal()


@pytest.mark.usefixtures("three")
def test_the_registry_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "registry-then.csv"
    errors = io.StringIO()
    call_command("registry_at", "--date", "2026-08-15", "--to", str(path), stderr=errors)
    assert path.read_bytes() == without_addresses(dated("2026-08-10"))
    assert errors.getvalue() == f"Wrote the registry of 2026-08-10 to {path}.\n"


@pytest.mark.usefixtures("three")
def test_a_file_that_cannot_be_written_is_named_with_the_reason(tmp_path: Path) -> None:
    arguments = ("--date", "2026-08-15", "--to")
    assert refusal(*arguments, str(tmp_path)) == f"{tmp_path} cannot be written: Is a directory."
    nowhere = tmp_path / "nowhere" / "registry.csv"
    assert refusal(*arguments, str(nowhere)) == (
        f"{nowhere} cannot be written: No such file or directory."
    )


def test_both_real_files_are_given_back_but_for_addresses(at: At) -> None:
    paths = {date: sample(date) for date in ("2024-04-30", "2026-07-23")}
    for path in paths.values():
        refresh(Body(path, digest(path), str(path)))
    for date, asked in {"2024-04-30": "2026-07-22", "2026-07-23": "2026-11-01"}.items():
        published = paths[date].read_bytes()
        given = at(asked)
        assert 0 < len(published) - len(given) < 400
        rows = zip(published.split(b"\r\n"), given.split(b"\r\n"), strict=True)
        assert sum(1 for before, after in rows if before != after) < 10
