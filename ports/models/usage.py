"""What really runs on ports besides what the registry says."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ports.models.article import TRANSPORT_CHOICES
from ports.models.conditions import is_one_of
from ports.models.part import LONGEST_TEXT, Part
from ports.registry.records import LAST_PORT, Transport


class Usage(Part):
    """A program, protocol or malware found on a port or a span of ports.

    A document of its own, which stands on the page of each port of its span.
    """

    class Kind(models.TextChoices):
        """Why it is found there although nobody registered it."""

        # Translators: kind of usage of a port: in use without a registration.
        UNOFFICIAL = "unofficial", _("Unofficial use")
        # Translators: kind of usage of a port: by programs of the past.
        LEGACY = "legacy", _("Legacy use")
        MALWARE = "malware", _("Malware")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("As it is called in every language: MyDoom.A.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    first_port = models.PositiveIntegerField(
        _("first port"), validators=[MaxValueValidator(LAST_PORT)]
    )
    last_port = models.PositiveIntegerField(
        _("last port"),
        validators=[MaxValueValidator(LAST_PORT)],
        help_text=_("The same as the first for a single port."),
    )
    transport = models.CharField(
        _("transport protocol"),
        max_length=4,
        blank=True,
        choices=TRANSPORT_CHOICES,
        help_text=_("Empty: any, or not known."),
    )
    description = models.TextField(_("description"), max_length=LONGEST_TEXT)

    class Meta:
        # Translators: a program or malware found on a port besides what is registered there.
        verbose_name = _("usage")
        verbose_name_plural = _("usages")
        ordering = ["first_port", "last_port", "id"]
        constraints = [
            models.CheckConstraint(name="usage_name_present", condition=~Q(name="")),
            models.CheckConstraint(
                name="usage_kind_known",
                condition=is_one_of("kind", ["unofficial", "legacy", "malware"]),
            ),
            models.CheckConstraint(
                name="usage_ports_in_order",
                condition=Q(
                    first_port__gte=0, first_port__lte=F("last_port"), last_port__lte=LAST_PORT
                ),
                violation_error_message=_("The last port must not be smaller than the first."),
            ),
            models.CheckConstraint(
                name="usage_transport_known", condition=is_one_of("transport", ["", *Transport])
            ),
        ]

    def __str__(self) -> str:
        return self.name
