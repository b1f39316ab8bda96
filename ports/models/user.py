"""The people who sign in: editors and staff. Readers have no account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.languages import LANGUAGES


class User(AbstractUser):
    """A person who edits, with the language they want the admin in.

    `digest_on` is the day of the last daily notice.
    """

    class Notices(models.TextChoices):
        """Whether a person is told by e-mail what waits for them."""

        # Translators: these three say how often somebody is told by e-mail what waits for them.
        OFF = "", pgettext_lazy("notices", "Never")
        EACH = "each", pgettext_lazy("notices", "Each time")
        DAILY = "daily", pgettext_lazy("notices", "Once a day")

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

    notices = models.CharField(
        _("notices by e-mail"),
        max_length=5,
        blank=True,
        choices=Notices.choices,
        default=Notices.OFF,
        help_text=_("Of what waits for this person."),
    )
    digest_on = models.DateField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_notices_known", condition=models.Q(notices__in=["", "each", "daily"])
            ),
            models.CheckConstraint(
                name="user_preferred_language_known",
                condition=models.Q(
                    preferred_language__in=["", *(language.code for language in LANGUAGES)]
                ),
            ),
        ]
