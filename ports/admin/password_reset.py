"""Asking for a link by which to choose a new password."""

import time
from typing import Any, Final

from django.contrib.auth import forms, views
from django.db import transaction
from django.http import HttpResponse

from ports import notices

ANSWER_SECONDS: Final = 0.5
"""Every answer takes so long, whether anybody has the address or not."""


class PasswordResetForm(forms.PasswordResetForm):
    """Django's own, whose e-mails a worker sends."""

    def save(self, *_args: Any, **_options: Any) -> None:
        # A transaction also where nothing is written: on SQLite both wait for other writers.
        with transaction.atomic():
            notices.password_reset_asked(list(self.get_users(self.cleaned_data["email"])))


class PasswordResetView(views.PasswordResetView):
    """Django's own, which tells nobody by its time who has an account."""

    form_class = PasswordResetForm

    def form_valid(self, form: Any) -> HttpResponse:
        started = time.monotonic()
        response = super().form_valid(form)
        time.sleep(max(0.0, started + ANSWER_SECONDS - time.monotonic()))
        return response
