"""Registered services explained in plain language."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ports.models.part import LONGEST_TEXT, Part


class Gloss(Part):
    """What the registry's terse description of a service means. A document of its own."""

    service_name = models.CharField(
        _("service name"), max_length=200, help_text=_("As it stands in the registry.")
    )
    text = models.TextField(_("explanation"), max_length=LONGEST_TEXT)

    class Meta:
        # Translators: a plain-language explanation of a registered service.
        verbose_name = _("gloss")
        verbose_name_plural = _("glosses")
        ordering = ["service_name"]
        constraints = [
            models.CheckConstraint(
                name="gloss_service_name_present", condition=~Q(service_name="")
            ),
            # Service names are the same in any letter case (RFC 6335, section 5.1).
            models.UniqueConstraint(
                Lower("service_name"),
                name="gloss_one_per_service",
                violation_error_message=_("This service has a gloss already."),
            ),
        ]

    def __str__(self) -> str:
        return self.service_name
