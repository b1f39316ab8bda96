"""What people may do to documents, and in which languages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ports.languages import LANGUAGES, SOURCE
from ports.models.conditions import is_one_of


class Role(models.Model):
    """A person's role in one language, or in all of them where `language` is empty.

    Writers write the English text and the structure of documents; translators write all other
    texts; reviewers approve and publishers publish editions.
    """

    class Kind(models.TextChoices):
        """What somebody does."""

        # Translators: these four are roles of people who work on the site's texts.
        WRITER = "writer", _("Writer")
        TRANSLATOR = "translator", _("Translator")
        REVIEWER = "reviewer", _("Reviewer")
        PUBLISHER = "publisher", _("Publisher")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="roles",
        verbose_name=_("user"),
    )
    # Translators: a person's role: writer, translator, reviewer or publisher.
    kind = models.CharField(_("role"), max_length=10, choices=Kind.choices)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=[(language.code, language.name) for language in LANGUAGES],
        help_text=_("Empty: all languages. Writers write English, translators all others."),
    )

    class Meta:
        # Translators: a person's role: writer, translator, reviewer or publisher.
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(name="role_once", fields=["user", "kind", "language"]),
            models.CheckConstraint(
                name="role_kind_known",
                condition=is_one_of("kind", ["writer", "translator", "reviewer", "publisher"]),
            ),
            models.CheckConstraint(
                name="role_language_known",
                condition=Q(language__in=["", *(language.code for language in LANGUAGES)]),
            ),
            models.CheckConstraint(
                name="role_language_fits",
                condition=~Q(kind="writer") | Q(language__in=["", SOURCE.code]),
                violation_error_message=_(
                    "A writer writes English. Choose English, or leave the language empty."
                ),
            ),
            models.CheckConstraint(
                name="role_translator_translates",
                condition=~Q(kind="translator", language=SOURCE.code),
                violation_error_message=_(
                    "A translator translates from English. Choose another language, or the role of "
                    "a writer."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}".strip()
