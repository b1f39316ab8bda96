"""`manage.py refresh_registry`: bring the stored registry to the state of IANA's file."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ports.registry.fetch import FetchError, fetch
from ports.registry.guards import RegistryRefusedError
from ports.registry.refresh import Outcome, Result, refresh


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
        self._say(f"Getting {source}")
        try:
            with fetch(source) as body:
                outcome = refresh(body, dry_run=dry_run, progress=self._say)
        except FetchError as error:
            raise CommandError(f"{error}. The stored registry is as it was.") from error
        except RegistryRefusedError as error:
            raise CommandError(
                f"{source} was refused: {error}. The stored registry is as it was."
            ) from error
        for row in outcome.rejected:
            self.stderr.write(f"line {row.line} rejected: {row.reason}")
        self.stdout.write(self.style.SUCCESS(summary(outcome)))

    def _say(self, step: str) -> None:
        self.stdout.write(f"{step} ...")
        self.stdout.flush()


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
        f"statuses of {outcome.statuses_changed:,} ports {would}updated."
    )
