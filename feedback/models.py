"""Readers' votes on pages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.languages import LANGUAGES
from ports.models import Port


class Face(models.TextChoices):
    """The three answers to "Was this page useful?"."""

    # Translators: answer to "Was this page useful?", beside a sad face.
    SAD = "sad", pgettext_lazy("answer", "No")
    # Translators: answer to "Was this page useful?", beside a doubtful face.
    DOUBTFUL = "doubtful", pgettext_lazy("answer", "Partly")
    # Translators: answer to "Was this page useful?", beside a happy face.
    HAPPY = "happy", pgettext_lazy("answer", "Yes")


class Vote(models.Model):
    """One reader's answer on one page, a port in a language.

    Nothing of the reader is stored, and of the time only the day.
    """

    port = models.ForeignKey(Port, on_delete=models.PROTECT, verbose_name=_("port"))
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[(language.code, language.name) for language in LANGUAGES],
    )
    revision_number = models.PositiveIntegerField(
        _("revision number"), default=0, help_text=_("0: a page without an article.")
    )
    face = models.CharField(_("face"), max_length=8, choices=Face.choices)
    cast_on = models.DateField(_("cast on"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.CheckConstraint(
                name="vote_face_known", condition=Q(face__in=["sad", "doubtful", "happy"])
            ),
            models.CheckConstraint(
                name="vote_language_known",
                condition=Q(language__in=[language.code for language in LANGUAGES]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language} {self.face}"
