"""`manage.py compile_catalogues`: compile the .po files that changed since the last time."""

from typing import Any

from django.core.management.base import BaseCommand

from portsite import catalogues


class Command(BaseCommand):
    """For servers; `make run` does this by itself."""

    help = "Compile the message catalogues that changed since they were compiled last."

    def handle(self, **_options: Any) -> None:
        compiled = catalogues.compile_stale()
        names = ", ".join(language.code for language in compiled) or "none"
        self.stdout.write(f"Compiled: {names}.")
