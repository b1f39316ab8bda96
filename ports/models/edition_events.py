"""The audit trail of editions: who did what to which revision, and when. Rows are only added.

Only `ports.publishing` writes these tables.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from ports.models.conditions import is_one_of
from ports.models.document import Edition
from ports.models.revision import Revision


class WorkEvent(models.Model):
    """That the work on an edition went on: what was done to a revision, by whom, and why.

    A revision is approved by a reviewer who wrote none of it, which the database itself sees to
    (see `ports.review_rules`), or without a review, for a reason. `source_revision` is the one that
    a translation was found to be still correct for.
    """

    class Action(models.TextChoices):
        """What was done."""

        # Translators: these say what somebody did to a revision of a text, in a list of events.
        SUBMITTED = "submitted", pgettext_lazy("what was done", "submitted for review")
        CHANGES_REQUESTED = "changes_requested", pgettext_lazy("what was done", "asked for changes")
        APPROVED = "approved", pgettext_lazy("what was done", "approved")
        APPROVED_WITHOUT_REVIEW = (
            "approved_without_review",
            pgettext_lazy("what was done", "approved without a review"),
        )
        STILL_CORRECT = (
            "still_correct",
            pgettext_lazy("what was done", "found the translation still correct"),
        )

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="work_events")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="work_events")
    action = models.CharField(max_length=23, choices=Action.choices)
    source_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="work_event_action_known",
                condition=is_one_of(
                    "action",
                    [
                        "submitted",
                        "changes_requested",
                        "approved",
                        "approved_without_review",
                        "still_correct",
                    ],
                ),
            ),
            models.CheckConstraint(
                name="work_event_says_why",
                condition=~Q(action__in=["changes_requested", "approved_without_review"])
                | ~Q(note=""),
            ),
            models.CheckConstraint(
                name="work_event_source_of_still_correct",
                condition=Q(action="still_correct", source_revision__isnull=False)
                | ~Q(action="still_correct") & Q(source_revision__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.action}"


class PublicationEvent(models.Model):
    """That an edition was published or unpublished, or that this was planned: when, by whom.

    `revision` went live, was live until then, or is to. `by` is None for what came with the
    program; what a plan does, its planner does. `note` is the time that was planned.
    """

    class Action(models.TextChoices):
        """What happened to the edition."""

        # Translators: these say what happened to a text, in a list of events.
        PUBLISHED = "published", pgettext_lazy("what was done", "published")
        UNPUBLISHED = "unpublished", pgettext_lazy("what was done", "unpublished")
        SCHEDULED = "scheduled", pgettext_lazy("what was done", "planned to be published")
        SCHEDULED_END = "scheduled_end", pgettext_lazy("what was done", "planned to be unpublished")
        UNSCHEDULED = "unscheduled", pgettext_lazy("what was done", "called the plan off")
        EXPIRED = "expired", pgettext_lazy("what was done", "unpublished as planned")
        FAILED = "failed", pgettext_lazy("what was done", "could not be published as planned")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=13, choices=Action.choices)
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="publication_action_known",
                condition=is_one_of(
                    "action",
                    [
                        "published",
                        "unpublished",
                        "scheduled",
                        "scheduled_end",
                        "unscheduled",
                        "expired",
                        "failed",
                    ],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.action}"
