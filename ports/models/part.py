"""What the working rows of a document have in common."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 50_000
"""The most characters of a text in Markdown."""


class Part(models.Model):
    """A working row of a document: known by its uuid in every revision and language."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class WithdrawablePart(Part):
    """A part that is taken out of its document by saying when, and never deleted."""

    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class OrderedPart(WithdrawablePart):
    """One of several parts of a kind; they stand in the order of `position`, then of `id`."""

    position = models.PositiveIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers come first.")
    )

    class Meta:
        abstract = True
