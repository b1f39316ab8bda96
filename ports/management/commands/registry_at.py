"""`manage.py registry_at`: give the registry back as it stood on a date."""

import argparse
import re
import sys
from datetime import date as calendar_date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ports.models import Snapshot
from ports.registry import archive


class Command(BaseCommand):
    """Write the kept file of the snapshot that was current on a date."""

    help = (
        "Write the registry as it stood on a date, as IANA published it but for e-mail addresses, "
        "from the files this site has kept."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--date", required=True, metavar="YYYY-MM-DD", help="the date")
        parser.add_argument(
            "--to", type=Path, metavar="FILE", help="the file to write (default: standard output)"
        )

    def handle(self, *, date: str, to: Path | None, **_options: Any) -> None:
        snapshot = archive.as_of(_checked(date))
        if snapshot is None or snapshot.file is None:
            raise CommandError(f"No file of the registry from {date} or before is kept. {_kept()}")
        content = archive.content_of(snapshot.file)
        if to is None:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
            return
        try:
            to.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"Wrote the registry of {snapshot.names_as_of} to {to}.")


def _checked(date: str) -> str:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date):
            return str(calendar_date.fromisoformat(date))
    except ValueError:
        pass
    raise CommandError(f"{date!r} is no date: write it as YYYY-MM-DD, such as 2026-07-23.")


def _kept() -> str:
    dates = (
        Snapshot.objects.authoritative()
        .filter(file__isnull=False)
        .order_by("names_as_of")
        .values_list("names_as_of", flat=True)
        .distinct()
    )
    return f"Kept are those of {', '.join(dates)}." if dates else "None is kept yet."
