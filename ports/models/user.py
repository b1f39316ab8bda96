"""The people who sign in: editors and staff. Readers have no account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from ports.languages import LANGUAGES


class User(AbstractUser):
    """A person who edits, with the language they want the admin in."""

    preferred_language = models.CharField(
        _("preferred language"),
        max_length=10,
        blank=True,
        choices=[(language.code, language.name) for language in LANGUAGES],
        help_text=_("The language of the admin. Empty: what the browser asks for."),
    )
    working_languages = models.JSONField(
        _("working languages"),
        default=list,
        blank=True,
        help_text=_("The languages whose texts stand in this person's forms, besides English."),
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_preferred_language_known",
                condition=models.Q(
                    preferred_language__in=["", *(language.code for language in LANGUAGES)]
                ),
            ),
        ]
