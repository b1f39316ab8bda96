"""`manage.py serve`: the whole site on one machine, as `make run` starts it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portsite import supervisor
from portsite.preparation import prepare


class Command(BaseCommand):
    """Prepare everything, then run web server, worker and beat until Ctrl-C."""

    help = "Prepare the database and files, then run web server, Celery worker and beat."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        try:
            supervisor.check_port(settings.PORT)
            with supervisor.alone_in(settings.STATE_DIR):
                prepare(self._say)
                self._say("Starting web server, worker and beat")
                supervisor.run(
                    supervisor.commands(settings.PORT, settings.STATE_DIR),
                    address=f"http://127.0.0.1:{settings.PORT}/healthz",
                    ready_message=(
                        f"\nPortsite is running at http://localhost:{settings.PORT}/  "
                        "(Ctrl-C stops it)\n"
                    ),
                )
        except supervisor.CannotStartError as error:
            raise CommandError(str(error)) from error

    def _say(self, step: str) -> None:
        self.stdout.write(f"{step} ...")
        self.stdout.flush()
