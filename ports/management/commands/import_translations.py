"""`manage.py import_translations`: take in PO files that translators worked on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ports.editorial.translation_verdicts import Fate
from ports.models import User
from ports.translation_folder import Brought, import_folder


class Command(BaseCommand):
    """Take in a folder of files; safe to run again."""

    help = "Take in the PO files of a folder as drafts; what changed here meanwhile is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder to read")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="who translated, with the role for it"
        )

    def handle(self, *, folder: Path, by: str, **_options: Any) -> None:
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is no user {by}.")
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        count = refused = 0
        for brought in import_folder(folder, by=user):
            count += 1
            refused += self._tell(brought)
        self.stdout.write(f"{count} files, {refused} of them with something refused.")

    def _tell(self, brought: Brought) -> bool:
        """Say what became of a file; returns whether something of it was refused."""
        name = brought.path.name
        if brought.imported is None:
            self.stdout.write(self.style.ERROR(f"{name}: refused: {brought.refusal}"))
            return True
        counts = {fate: len(brought.imported.of(fate)) for fate in Fate}
        told = ", ".join(f"{fate} {count}" for fate, count in counts.items() if count)
        self.stdout.write(f"{name}: {told or 'no entries'}")
        refused = brought.imported.of(Fate.REFUSED)
        for verdict in [*refused, *brought.imported.of(Fate.UNKNOWN)]:
            self.stdout.write(f"  {verdict.name}: {' '.join(verdict.reasons) or verdict.fate}")
        return bool(refused)
