"""`manage.py make_dumps`: make the whole-set downloads now."""

import argparse
import sqlite3
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ports.dumps import making
from ports.dumps.places import BusyError


class Command(BaseCommand):
    """Make the downloads in the foreground."""

    help = "Make the downloads of the whole registry and of all articles, if anything has changed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="make them even if nothing has changed"
        )

    def handle(self, *, force: bool, **_options: Any) -> None:
        try:
            manifest = making.make(force=force, progress=self._say)
        except BusyError as error:
            raise CommandError(
                "The downloads are being made by another process. Those of before stay until it "
                "has ended."
            ) from error
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(
                f"The downloads cannot be written to {settings.DUMPS_DIR}: {reason}. Those of "
                "before are as they were."
            ) from error
        if manifest is None:
            said = "Nothing has changed since the downloads were made; --force makes them anyway."
        else:
            in_all = sum(each["bytes"] for each in manifest["files"])
            said = (
                f"Made {len(manifest['files'])} downloads, {in_all / 1e6:,.1f} MB in all, as "
                f"version {manifest['version']} in {settings.DUMPS_DIR}."
            )
        self.stdout.write(self.style.SUCCESS(said))

    def _say(self, name: str) -> None:
        self.stdout.write(f"{name} ...")
        self.stdout.flush()
