"""What readers say who did not find a page useful.

Only `feedback.follow_ups` writes this table.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models.votes import Vote
from ports.models.conditions import is_one_of


class FollowUp(models.Model):
    """Why a page was not useful to a reader, in their own words if they chose to write some.

    `comment` is kept for twelve months, `reason` for good.
    """

    class Reason(models.TextChoices):
        """What is amiss with the page."""

        # Translators: these five complete "What is the matter with this page?".
        WRONG = "wrong", _("Something is wrong")
        OUTDATED = "outdated", _("Something is out of date")
        UNCLEAR = "unclear", _("It is hard to understand")
        MISSING = "missing", _("Something is missing")
        TRANSLATION = "translation", _("The translation is bad")

    class State(models.TextChoices):
        """What editors made of it."""

        # Translators: these five say what editors made of a reader's comment.
        NEW = "new", pgettext_lazy("reader's comment", "New")
        USEFUL = "useful", pgettext_lazy("reader's comment", "Useful")
        ACTED_ON = "acted_on", pgettext_lazy("reader's comment", "Acted on")
        NOT_USEFUL = "not_useful", pgettext_lazy("reader's comment", "Not useful")
        SPAM = "spam", pgettext_lazy("reader's comment", "Spam")

    vote = models.OneToOneField(Vote, on_delete=models.PROTECT, related_name="follow_up")
    reason = models.CharField(_("reason"), max_length=11, choices=Reason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    written_on = models.DateField(_("written on"))
    state = models.CharField(
        pgettext_lazy("filter of a list", "state"),
        max_length=10,
        choices=State.choices,
        default=State.NEW,
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)

    class Meta:
        # Translators: what a reader wrote about a page.
        verbose_name = _("reader's comment")
        verbose_name_plural = _("readers' comments")
        constraints = [
            models.CheckConstraint(
                name="follow_up_reason_known",
                condition=is_one_of(
                    "reason", ["", "wrong", "outdated", "unclear", "missing", "translation"]
                ),
            ),
            models.CheckConstraint(
                name="follow_up_state_known",
                condition=is_one_of("state", ["new", "useful", "acted_on", "not_useful", "spam"]),
            ),
        ]
        indexes = [
            # The editors' queue.
            models.Index(fields=["id"], name="follow_up_new", condition=Q(state="new")),
            # What is to be forgotten.
            models.Index(fields=["written_on"], name="follow_up_comment", condition=~Q(comment="")),
        ]

    def __str__(self) -> str:
        return f"{self.vote} {self.reason}"
