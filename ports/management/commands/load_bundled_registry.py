"""`manage.py load_bundled_registry`: give a new database the snapshot that comes with the code."""

from typing import Any

from django.core.management.base import BaseCommand

from ports.management.commands.refresh_registry import summary
from ports.registry.bundled import load_bundled


class Command(BaseCommand):
    """Load the bundled snapshot; safe to run at every start."""

    help = "Load the bundled registry snapshot, unless IANA's own registry was loaded before."

    def handle(self, **_options: Any) -> None:
        outcome = load_bundled(progress=lambda step: self.stdout.write(f"{step.label} ..."))
        if outcome is None:
            self.stdout.write("IANA's own registry is loaded; the bundled snapshot is not needed.")
        else:
            self.stdout.write(self.style.SUCCESS(summary(outcome)))
