"""`manage.py load_glossary`: give the database the terms that come with the code."""

from typing import Any

from django.core.management.base import BaseCommand

from ports.glossary import load_glossary


class Command(BaseCommand):
    """Load the glossary; safe to run at every start."""

    help = "Add the supplied terms that are missing; an editor's words are left alone."

    def handle(self, **_options: Any) -> None:
        changed = load_glossary()
        self.stdout.write(self.style.SUCCESS(f"{changed} terms were added or completed."))
