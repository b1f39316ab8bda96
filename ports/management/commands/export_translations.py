"""`manage.py export_translations`: all translations into a language, as PO files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ports.languages import LANGUAGES, SOURCE, by_code
from ports.translation_folder import export_folder


class Command(BaseCommand):
    """Write the file of every published document."""

    help = "Write a PO file for every published document, to be translated into a language."

    def add_arguments(self, parser: CommandParser) -> None:
        codes = [language.code for language in LANGUAGES if language is not SOURCE]
        parser.add_argument("--language", required=True, choices=codes, help="its code")
        parser.add_argument(
            "--to", dest="folder", type=Path, required=True, help="the folder to write to"
        )

    def handle(self, *, language: str, folder: Path, **_options: Any) -> None:
        found = by_code(language)
        if found is None:
            raise CommandError(f"{language} is no language of the site.")
        written = export_folder(found, folder)
        self.stdout.write(self.style.SUCCESS(f"Wrote {len(written)} files to {folder}."))
