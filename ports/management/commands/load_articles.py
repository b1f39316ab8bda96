"""`manage.py load_articles`: give the database the articles that come with the code."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ports.bundled_articles import ARTICLES, Fate, load_articles
from ports.editorial.article_files import ArticleFileError


class Command(BaseCommand):
    """Load article files; safe to run at every start."""

    help = "Load the bundled articles, or those of another folder; an editor's work is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="folder", type=Path, default=ARTICLES, help="the folder to read"
        )

    def handle(self, *, folder: Path, **_options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        try:
            loaded = load_articles(folder)
        except ArticleFileError as error:
            raise CommandError(str(error)) from error
        for file in loaded:
            if file.fate not in {Fate.LOADED, Fate.UNCHANGED}:
                reason = f" ({file.reason})" if file.reason else ""
                self.stdout.write(f"{file.path.relative_to(folder)}: {file.fate}{reason}")
        changed = sum(file.fate == Fate.LOADED for file in loaded)
        self.stdout.write(
            self.style.SUCCESS(f"{len(loaded)} editions, {changed} of them loaded anew.")
        )
