"""`manage.py export_articles`: write what is published as the files that `load_articles` reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ports.bundled_articles import ARTICLES, export_articles


class Command(BaseCommand):
    """Write every live edition as a file."""

    help = "Write the published articles, usages and glosses as text files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            dest="folder",
            type=Path,
            default=ARTICLES,
            help="the folder to write to (default: the bundled articles)",
        )

    def handle(self, *, folder: Path, **_options: Any) -> None:
        written = export_articles(folder)
        self.stdout.write(self.style.SUCCESS(f"Wrote {len(written)} files to {folder}."))
