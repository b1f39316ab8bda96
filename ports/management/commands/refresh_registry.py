"""`manage.py refresh_registry`: bring the stored registry to the state of IANA's file."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ports.management.progress_bar import ProgressBar
from ports.models import RefreshRun
from ports.registry import runs
from ports.registry.fetch import fetch
from ports.registry.reasons import FetchError, RefreshError
from ports.registry.refresh import Outcome, Result, refresh
from ports.work_items.registry_changes import open_for_snapshots


class Command(BaseCommand):
    """Refresh the registry in the foreground."""

    help = "Refresh the stored registry from IANA, or from a file or address."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="source",
            default=settings.REGISTRY_URL,
            metavar="FILE-or-URL",
            help="where to read the registry's CSV (default: %(default)s)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )

    def handle(self, *, source: str, dry_run: bool, **_options: Any) -> None:
        if "://" not in source:
            # Whoever takes the run up when this process dies may stand in another folder.
            source = str(Path(source).absolute())
        bar = ProgressBar(self.stderr)
        try:
            outcome = self._preview(source, bar) if dry_run else self._refresh(source, bar)
        except runs.BusyError as error:
            run = error.run
            which = f" ({run.source}, since {run.started_at:%H:%M:%S} UTC)" if run else ""
            raise CommandError(
                f"Another refresh is going on{which}. Try again when it has ended."
            ) from error
        except FetchError as error:
            raise CommandError(f"{error}. The stored registry is as it was.") from error
        except RefreshError as error:
            raise CommandError(
                f"{source} was refused: {error}. The stored registry is as it was."
            ) from error
        finally:
            bar.end()
        if outcome is None:
            said = f"Unchanged: {source} holds nothing newer than the stored registry."
        else:
            for row in outcome.rejected:
                self.stderr.write(f"line {row.line} rejected: {row.reason}")
            said = summary(outcome)
        self.stdout.write(self.style.SUCCESS(said))
        if not dry_run and (opened := open_for_snapshots()):
            self.stdout.write(f"Work items opened for editors: {opened:,}.")

    def _refresh(self, source: str, bar: ProgressBar) -> Outcome | None:
        run = runs.begin(source=source)
        return runs.carry_out(run, received=bar.advance, progress=self._say(bar))

    def _preview(self, source: str, bar: ProgressBar) -> Outcome | None:
        say = self._say(bar)
        say(RefreshRun.Step.GETTING)
        with fetch(source, received=bar.advance) as body:
            return refresh(body, dry_run=True, progress=say) if body else None

    def _say(self, bar: ProgressBar) -> Any:
        def say(step: RefreshRun.Step) -> None:
            bar.end()
            self.stdout.write(f"{step.label} ...")
            self.stdout.flush()

        return say


def summary(outcome: Outcome) -> str:
    """One sentence that accounts for every row of the file."""
    rows = (
        f"{outcome.row_count:,} rows: {outcome.record_count:,} records, "
        f"{outcome.rejected_count:,} rejected"
    )
    if outcome.result == Result.UNCHANGED:
        return f"Unchanged: this is the stored registry ({rows})."
    would = "would be " if outcome.result == Result.PREVIEWED else ""
    return (
        f"{rows}. Records {would}added {len(outcome.difference.added):,}, "
        f"removed {len(outcome.difference.removed):,}, "
        f"modified {len(outcome.difference.modified):,}; "
        f"statuses of {outcome.statuses_changed:,} ports {would}updated; "
        f"changes {would}told {outcome.changes_told:,}."
    )
