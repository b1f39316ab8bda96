"""What editors should look at, and what became of it.

Only `ports.work_items` writes this table.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.languages import LANGUAGES
from ports.models.conditions import is_one_of
from ports.models.document import LANGUAGE_CHOICES, Document
from ports.models.registry_change import RegistryChange


class WorkItem(models.Model):
    """Something to look at in one language of a document: why, since when, whose it is.

    `cause` names what brought it about, such as a snapshot or an address: the same cause never
    opens a second item of its kind. `evidence` holds what else is known of it, and `changes` those
    of the registry that it is about. An item is open until it has an `outcome`; who closed it is
    None where it went away by itself.
    """

    class Kind(models.TextChoices):
        """Why somebody should look."""

        # Translators: these five are reasons why an editor should look at a text.
        REGISTRY_CHANGE = "registry_change", _("The registry changed")
        STALE_TRANSLATION = "stale_translation", _("The translation is behind")
        REVIEW_DATE = "review_date", _("It is time to look at it again")
        DEAD_LINK = "dead_link", _("A source no longer answers")
        READERS = "readers", _("Readers are not satisfied")

    class Severity(models.IntegerChoices):
        """How much it matters."""

        # Translators: these three say how much something matters.
        LOW = 1, pgettext_lazy("severity", "Low")
        MEDIUM = 2, pgettext_lazy("severity", "Medium")
        HIGH = 3, pgettext_lazy("severity", "High")

    class Outcome(models.TextChoices):
        """What became of it."""

        # Translators: these three say what became of something that an editor should look at.
        DONE = "done", pgettext_lazy("outcome", "Done")
        NOTHING_TO_DO = "nothing_to_do", pgettext_lazy("outcome", "Nothing to do")
        WENT_AWAY = "went_away", pgettext_lazy("outcome", "Went away by itself")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="work_items")
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    kind = models.CharField(max_length=17, choices=Kind.choices)
    cause = models.CharField(max_length=100)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    evidence = models.JSONField(default=dict)
    changes = models.ManyToManyField(RegistryChange, related_name="work_items")
    opened_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="work_items"
    )
    due_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=13, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        # Translators: something that an editor should look at.
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="work_item_once_per_cause", fields=["document", "language", "kind", "cause"]
            ),
            models.CheckConstraint(
                name="work_item_kind_known",
                condition=is_one_of(
                    "kind",
                    [
                        "registry_change",
                        "stale_translation",
                        "review_date",
                        "dead_link",
                        "readers",
                    ],
                ),
            ),
            models.CheckConstraint(
                name="work_item_language_known",
                condition=is_one_of("language", (language.code for language in LANGUAGES)),
            ),
            models.CheckConstraint(
                name="work_item_severity_known", condition=Q(severity__gte=1, severity__lte=3)
            ),
            models.CheckConstraint(
                name="work_item_outcome_known",
                condition=is_one_of("outcome", ["", "done", "nothing_to_do", "went_away"]),
            ),
            models.CheckConstraint(
                name="work_item_closed_with_an_outcome",
                condition=Q(outcome="", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(outcome="") & Q(closed_at__isnull=False),
            ),
        ]
        indexes = [
            # The desk: what is open.
            models.Index(fields=["language"], name="work_item_open", condition=Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.language} {self.kind}"

    @property
    def is_open(self) -> bool:
        return not self.outcome
