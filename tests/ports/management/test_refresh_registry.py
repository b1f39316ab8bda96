"""The commands say what they did with every row, and what went wrong."""

import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from ports.management.commands.refresh_registry import Command
from ports.management.progress_bar import ProgressBar
from ports.models import Assignment, RefreshRun, Snapshot
from ports.registry import runs
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

BAD = traps.made("bad", "70000", "tcp")


def run(*arguments: str) -> tuple[str, str]:
    """What a command writes to its output and to its errors."""
    output, errors = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=output, stderr=errors, no_color=True)
    return output.getvalue(), errors.getvalue()


def refresh(path: Path, *options: str) -> tuple[str, str]:
    return run("refresh_registry", "--from", str(path), *options)


def file(rows: list[traps.Cells], folder: Path) -> Path:
    return traps.body(traps.write_table(rows), folder).path


def test_the_output_names_each_step_and_accounts_for_every_row() -> None:
    output, errors = refresh(traps.TRAPS)
    assert output.splitlines() == [
        "Getting the file ...",
        "Comparing and writing ...",
        (
            "120 rows: 120 records, 0 rejected. Records added 120, removed 0, modified 0; "
            "statuses of 271 ports updated; changes told 0."
        ),
    ]
    assert errors == ""
    assert Assignment.objects.count() == 120
    assert Snapshot.objects.get().source == str(traps.TRAPS)
    run = RefreshRun.objects.get()
    assert (run.state, run.door, run.source) == ("applied", "command", str(traps.TRAPS))
    assert (run.record_count, run.added_count, run.statuses_changed) == (120, 120, 271)


def test_rejected_rows_are_counted_and_named_by_line_among_the_errors(tmp_path: Path) -> None:
    output, errors = refresh(file([BAD, *traps.ROWS, BAD], tmp_path))
    assert "122 rows: 120 records, 2 rejected. Records added 120" in output
    assert errors.splitlines() == [
        f"line {line} rejected: port number '70000' is not within 0-65535" for line in (2, 179)
    ]


def test_the_same_file_again_is_said_to_be_unchanged() -> None:
    refresh(traps.TRAPS)
    output, errors = refresh(traps.TRAPS)
    assert output.splitlines()[2:] == [
        "Unchanged: this is the stored registry (120 rows: 120 records, 0 rejected)."
    ]
    assert errors == ""


def test_the_rejected_rows_of_the_same_file_are_still_counted(tmp_path: Path) -> None:
    path = file([*traps.ROWS, BAD], tmp_path)
    refresh(path)
    output, errors = refresh(path)
    assert output.splitlines()[2:] == [
        "Unchanged: this is the stored registry (121 rows: 120 records, 1 rejected)."
    ]
    assert errors == ""


def test_a_dry_run_says_what_would_happen_and_does_not_do_it(tmp_path: Path) -> None:
    refresh(traps.TRAPS)
    before = traps.tables()
    rows = [row for row in traps.ROWS if row[0] != "z39.50"]
    rows = [traps.made("new", "40000", "udp"), *rows]
    output, errors = refresh(file(rows, tmp_path), "--dry-run")
    assert output.splitlines()[-1] == (
        "120 rows: 120 records, 0 rejected. Records would be added 1, removed 1, modified 0; "
        "statuses of 2 ports would be updated; changes would be told 2."
    )
    assert errors == ""
    assert traps.tables() == before
    assert RefreshRun.objects.count() == 1


def test_a_file_that_is_missing_is_named_and_the_registry_said_to_be_as_it_was() -> None:
    with pytest.raises(CommandError) as caught:
        refresh(Path("/nowhere/registry.csv"))
    assert str(caught.value) == (
        "/nowhere/registry.csv cannot be read: No such file or directory. "
        "The stored registry is as it was."
    )


def test_a_refused_file_is_named_with_the_reason_and_the_registry_as_it_was(
    tmp_path: Path,
) -> None:
    refresh(traps.TRAPS)
    before = traps.tables()
    path = file([*traps.ROWS, *[BAD] * 21], tmp_path)
    with pytest.raises(CommandError) as caught:
        refresh(path)
    assert str(caught.value) == (
        f"{path} was refused: rows that cannot be read: 21; the limit is 20; the first stands on "
        "line 178: port number '70000' is not within 0-65535. "
        "The stored registry is as it was."
    )
    # But for the refused file itself, which is kept for a while.
    assert {**traps.tables(), "RegistryFile": {}} == {**before, "RegistryFile": {}}
    assert [run.state for run in RefreshRun.objects.all()] == ["refused", "applied"]


def test_while_another_refresh_is_going_on_nothing_is_done(tmp_path: Path) -> None:
    run_there = runs.begin(source="https://iana.example/ports.csv")
    before = traps.tables()
    with pytest.raises(CommandError) as caught:
        refresh(traps.TRAPS)
    assert str(caught.value) == (
        "Another refresh is going on (https://iana.example/ports.csv, since "
        f"{run_there.started_at:%H:%M:%S} UTC). Try again when it has ended."
    )
    assert traps.tables() == before
    assert RefreshRun.objects.get() == run_there


def test_a_path_is_remembered_from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(traps.TRAPS.parent)
    refresh(Path(traps.TRAPS.name))
    assert RefreshRun.objects.get().source == str(traps.TRAPS)


def test_the_same_rows_in_other_bytes_are_said_to_be_unchanged_too(tmp_path: Path) -> None:
    refresh(traps.TRAPS)
    output, _errors = refresh(traps.body(traps.TEXT.replace("\r\n", "\n"), tmp_path).path)
    assert output.splitlines()[-1].startswith("Unchanged: this is the stored registry (120 rows")


def test_what_was_told_is_counted(tmp_path: Path) -> None:
    refresh(traps.TRAPS)
    output, _errors = refresh(file([traps.made("new", "40000", "udp"), *traps.ROWS], tmp_path))
    assert output.endswith("statuses of 1 ports updated; changes told 1.\n")


def test_without_a_source_the_file_of_iana_is_asked_for(settings: LazySettings) -> None:
    settings.REGISTRY_URL = "https://registry.example/ports.csv"
    options = Command().create_parser("manage.py", "refresh_registry").parse_args([])
    assert (options.source, options.dry_run) == ("https://registry.example/ports.csv", False)


def test_the_bundled_registry_is_loaded_once_and_not_needed_after_ianas_own() -> None:
    output, errors = run("load_bundled_registry")
    assert output.splitlines()[0] == "Comparing and writing ..."
    last = output.splitlines()[-1]
    count = Snapshot.objects.get().record_count
    assert last.startswith(
        f"{count:,} rows: {count:,} records, 0 rejected. Records added {count:,}"
    )

    output, errors = run("load_bundled_registry")
    assert output.splitlines()[-1] == (
        f"Unchanged: this is the stored registry ({count:,} rows: {count:,} records, 0 rejected)."
    )
    Snapshot.objects.update(origin="authoritative")
    before = traps.tables()
    output, errors = run("load_bundled_registry")
    assert output == "IANA's own registry is loaded; the bundled snapshot is not needed.\n"
    assert errors == ""
    assert traps.tables() == before


class Terminal(io.StringIO):
    """An output that says that a person looks at it."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_much_has_come_on_one_line() -> None:
    terminal = Terminal()
    bar = ProgressBar(OutputWrapper(terminal))
    bar.advance(512 * 1024, 1024 * 1024)
    bar.advance(1024 * 1024, 1024 * 1024)
    bar.end()
    bar.end()
    half, whole = terminal.getvalue().removesuffix("\n").split("\r")[1:]
    assert half.rstrip() == f"[{'#' * 20}{'.' * 20}] 512 KB of 1,024 KB"
    assert whole.rstrip() == f"[{'#' * 40}] 1,024 KB of 1,024 KB"
    assert len(half) == len(whole) == 78
    assert terminal.getvalue().count("\n") == 1


def test_a_terminal_shows_what_has_come_where_nobody_knows_of_how_much() -> None:
    terminal = Terminal()
    ProgressBar(OutputWrapper(terminal)).advance(2048, None)
    assert terminal.getvalue().strip() == "2 KB"


def test_more_than_was_announced_does_not_break_out_of_the_bar() -> None:
    terminal = Terminal()
    ProgressBar(OutputWrapper(terminal)).advance(4096, 2048)
    assert terminal.getvalue().strip() == f"[{'#' * 40}] 4 KB of 2 KB"


def test_anywhere_else_no_bar_is_shown() -> None:
    output = io.StringIO()
    bar = ProgressBar(OutputWrapper(output))
    bar.advance(1, 2)
    bar.end()
    assert output.getvalue() == ""
