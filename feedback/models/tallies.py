"""What is counted of readers' votes.

Only `feedback.tallying` and `feedback.published` write these tables.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.votes import LANGUAGE_CODES
from ports.models import Port
from ports.models.conditions import is_one_of


class Counts(models.Model):
    """How many readers chose each face."""

    sad = models.IntegerField(default=0)
    doubtful = models.IntegerField(default=0)
    happy = models.IntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def total(self) -> int:
        return self.sad + self.doubtful + self.happy


def _are_counts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(sad__gte=0, doubtful__gte=0, happy__gte=0))


def _language_is_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=is_one_of("language", LANGUAGE_CODES))


class Tally(Counts):
    """The votes on one revision of an article, as shown on one page.

    `since_revision` is the first of the revisions in a row, up to this one, that differ by
    corrected typos only: together they are one text to readers, with one running tally.
    `first_vote_on` is a day in UTC.
    """

    port = models.ForeignKey(Port, on_delete=models.PROTECT, db_index=False, related_name="+")
    language = models.CharField(max_length=10)
    text_language = models.CharField(max_length=10, blank=True)
    revision_number = models.PositiveIntegerField()
    since_revision = models.PositiveIntegerField()
    first_vote_on = models.DateField()

    class Meta:
        # Translators: in the editors' menu: how useful pages are to their readers.
        verbose_name = _("usefulness")
        verbose_name_plural = _("usefulness of pages")
        constraints = [
            models.UniqueConstraint(
                name="tally_once_per_revision",
                fields=["port", "language", "text_language", "revision_number"],
            ),
            _are_counts("tally_counts"),
            _language_is_known("tally_language_known"),
            models.CheckConstraint(
                name="tally_run_begins_before",
                condition=Q(since_revision__lte=models.F("revision_number")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language} {self.text_language} {self.revision_number}"


class DailyTally(Counts):
    """The votes of one day (UTC) on a page, for charts over time."""

    port = models.ForeignKey(Port, on_delete=models.PROTECT, db_index=False, related_name="+")
    language = models.CharField(max_length=10)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="daily_tally_once", fields=["port", "language", "day"]),
            _are_counts("daily_tally_counts"),
            _language_is_known("daily_tally_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language} {self.day}"


class PublishedTally(Counts):
    """What a page tells its readers of the votes on its present text, brought up to date daily."""

    port = models.ForeignKey(Port, on_delete=models.PROTECT, db_index=False, related_name="+")
    language = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="published_tally_once", fields=["port", "language"]),
            _are_counts("published_tally_counts"),
            _language_is_known("published_tally_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language}"
