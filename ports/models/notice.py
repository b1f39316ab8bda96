"""E-mail that is to be sent to editors. Only `ports.notices` writes this table."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ports.models.comment import Comment
from ports.models.conditions import is_one_of
from ports.models.document import Edition
from ports.models.work_item import WorkItem


class Notice(models.Model):
    """Something that a person is told by e-mail, and whether that was sent.

    It is written with what it tells of, in the same transaction, and sent by a worker, which tries
    again until the server takes it: nobody waits for a mail server, and no notice is lost. `by` is
    who did what it tells of; `text` is what they wrote.
    """

    class Kind(models.TextChoices):
        """What it tells."""

        SUBMITTED = "submitted"
        CHANGES_REQUESTED = "changes_requested"
        APPROVED = "approved"
        COMMENTED = "commented"
        WORK_ITEM = "work_item"
        DIGEST = "digest"
        PASSWORD_RESET = "password_reset"  # noqa: S105 - no secret

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=17, choices=Kind.choices)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, related_name="+")
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        # Translators: an e-mail to an editor about what waits for them.
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                name="notice_kind_known",
                condition=is_one_of(
                    "kind",
                    [
                        "submitted",
                        "changes_requested",
                        "approved",
                        "commented",
                        "work_item",
                        "digest",
                        "password_reset",
                    ],
                ),
            ),
        ]
        indexes = [
            # The worker: what is to be sent.
            models.Index(fields=["due_at"], name="notice_due", condition=Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}"
