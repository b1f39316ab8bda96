"""The words that translators agreed on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GlossaryTerm(models.Model):
    """A term of the field, as texts of each language call it, and what to mind when using it."""

    key = models.SlugField(max_length=60, unique=True, editable=False)
    # Translators: a word of a technical language.
    term = models.CharField(_("term"), max_length=120)
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("What it means here, or what else it must not be called."),
    )

    class Meta:
        # Translators: an entry of the list of technical terms for translators.
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(name="glossary_key_present", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.key
