"""What editors say to each other about a text. Only `ports.comments` writes this table."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ports.models.revision import Revision


class Comment(models.Model):
    """A remark on a revision, at one of its fields or on all of it, or an answer to a remark.

    `part` is the uuid of the part that it is about, and `field` its text; both are empty where it
    is about the whole. Answers belong to the remark that began the thread, in the order of `id`; a
    thread is open until somebody says that it is settled. Nothing is changed or deleted.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="comments")
    part = models.UUIDField(null=True)
    field = models.CharField(max_length=40, blank=True)
    thread = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers")
    text = models.TextField(_("comment"), max_length=4_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="comment_field_of_a_part",
                condition=Q(part__isnull=True, field="") | Q(part__isnull=False) & ~Q(field=""),
            ),
            models.CheckConstraint(
                name="comment_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_thread_is_settled_as_one",
                condition=Q(thread__isnull=True) | Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
