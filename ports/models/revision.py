"""The immutable copies of editions.

Only `ports.publishing` writes this table.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ports.models.conditions import is_one_of
from ports.models.document import Edition


class RevisionImmutableError(TypeError):
    """A revision was about to be changed or deleted."""

    def __init__(self) -> None:
        super().__init__("revisions are append-only: save a new one")


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions can be added and read."""

    def update(self, **_values: Any) -> NoReturn:
        raise RevisionImmutableError

    def delete(self) -> NoReturn:
        raise RevisionImmutableError


class Revision(models.Model):
    """An immutable copy of an edition.

    A revision in the source language holds the document's structure, a mapping of the kinds of its
    parts to lists of them in order, and the texts of those parts. A revision in another language
    holds texts only, and says which source revision it was made from. `texts` maps a part's uuid
    to its fields and their texts; empty texts are left out. `digest` is the same for the same
    content. `significance` says of a source revision how much its changes matter to translations.
    """

    class Origin(models.TextChoices):
        """Who wrote it."""

        # Translators: a revision that an editor of the site wrote.
        EDITOR = "editor", pgettext_lazy("origin of a revision", "Editor")
        # Translators: a revision that came as a file with the program.
        BUNDLED = "bundled", pgettext_lazy("origin of a revision", "Supplied with Portsite")

    class Significance(models.TextChoices):
        """How much the changes of a source revision matter to those who translated it."""

        # Translators: how much a change of the English text matters to its translations.
        TYPO = "typo", pgettext_lazy("significance of a change", "Typo: says the same")
        MEDIUM = "medium", pgettext_lazy("significance of a change", "Medium: says more")
        MAJOR = "major", pgettext_lazy("significance of a change", "Major: says something else")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    structure = models.JSONField(null=True)
    texts = models.JSONField()
    digest = models.CharField(max_length=64)
    source_revision = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="translations",
    )
    significance = models.CharField(
        max_length=6, choices=Significance.choices, default=Significance.MEDIUM
    )
    origin = models.CharField(max_length=7, choices=Origin.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(name="revision_number_once", fields=["edition", "number"]),
            models.CheckConstraint(name="revision_numbers_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="revision_structure_or_source",
                condition=Q(structure__isnull=False, source_revision__isnull=True)
                | Q(structure__isnull=True, source_revision__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_significance_known",
                condition=is_one_of("significance", ["typo", "medium", "major"]),
            ),
            models.CheckConstraint(
                name="revision_editor_is_named",
                condition=Q(origin="editor", created_by__isnull=False)
                | Q(origin="bundled", created_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RevisionImmutableError
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RevisionImmutableError
