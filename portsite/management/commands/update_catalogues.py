"""`manage.py update_catalogues`: bring the .po files up to date with the code, and compile them."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ports.languages import by_code
from portsite import catalogues


class Command(BaseCommand):
    """For whoever changes a sentence."""

    help = "Give each catalogue every string of the code; name languages to begin new catalogues."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("language", nargs="*", help="a language's code, such as pt-br")

    def handle(self, *, language: list[str], **_options: Any) -> None:
        wanted = [by_code(code) for code in language] or catalogues.translated_languages()
        for each in wanted:
            if each is None:
                raise CommandError("Not one of the site's languages; see ports/languages.py.")
            for catalog in (catalogues.update(each), catalogues.update_gaps(each)):
                if catalog is not None:
                    missing = sum(1 for m in catalog if m.id and not _translated(m))
                    self.stdout.write(
                        f"{each.code}: {len(catalog)} strings, {missing} to translate"
                    )
        catalogues.compile_stale()


def _translated(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)
