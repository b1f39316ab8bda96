"""`manage.py load_demo`: people in every role and texts in every state, to try the admin with."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ports.demo import PEOPLE, DemoExistsError, load_demo


class Command(BaseCommand):
    """Load the demo, and print who can sign in with what."""

    help = "Make four people, one for each role, and an example article in each state of its work."

    def handle(self, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This site is in production; the demo is for trying things out.")
        password = secrets.token_urlsafe(9)
        try:
            made = load_demo(password)
        except DemoExistsError as error:
            raise CommandError("The demo was loaded before.") from error
        for line in made:
            self.stdout.write(f"Port {line}")
        self.stdout.write(f"Sign in at /admin/ as {', '.join(PEOPLE)}; the password is {password}")
