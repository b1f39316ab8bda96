"""What is edited and published: documents, and their editions in each language.

Only `ports.publishing` writes these tables.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.languages import LANGUAGES
from ports.models.conditions import is_one_of
from ports.models.gloss import Gloss
from ports.models.port import Port
from ports.models.usage import Usage
from ports.registry.records import LAST_PORT

LANGUAGE_CHOICES = [(language.code, language.name) for language in LANGUAGES]


class Document(models.Model):
    """What is edited and published as one: the article of a port with all that belongs to it, a
    usage, or the gloss of a service.

    Its working rows (Article, History, Usage ...) are what editors see; readers see the live
    revisions of its editions. The three `live_` fields say on which pages the live source revision
    stands, and are empty while none is live; `has_live_article`, that it tells a port's story.
    `structure_version` counts the changes of order, dates, spans, addresses and the like. On
    `review_on` somebody should look at it again.
    """

    class Kind(models.TextChoices):
        """What a document is about."""

        PORT = "port"
        USAGE = "usage"
        GLOSS = "gloss"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    port = models.OneToOneField(Port, on_delete=models.PROTECT, null=True, related_name="document")
    usage = models.OneToOneField(
        Usage, on_delete=models.PROTECT, null=True, related_name="document"
    )
    gloss = models.OneToOneField(
        Gloss, on_delete=models.PROTECT, null=True, related_name="document"
    )
    structure_version = models.PositiveIntegerField(default=0)
    live_first_port = models.PositiveIntegerField(null=True)
    live_last_port = models.PositiveIntegerField(null=True)
    live_service_name = models.CharField(max_length=200, blank=True)
    has_live_article = models.BooleanField(default=False)
    review_on = models.DateField(null=True)

    class Meta:
        permissions = [
            ("approve_without_review", "Can approve without a review, for a reason that is kept"),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_is_about_one_thing",
                condition=Q(kind="port", port__isnull=False, usage__isnull=True, gloss__isnull=True)
                | Q(kind="usage", port__isnull=True, usage__isnull=False, gloss__isnull=True)
                | Q(kind="gloss", port__isnull=True, usage__isnull=True, gloss__isnull=False),
            ),
            models.CheckConstraint(
                name="document_live_ports_in_order",
                condition=Q(live_first_port__isnull=True, live_last_port__isnull=True)
                | Q(
                    live_first_port__isnull=False,
                    live_last_port__isnull=False,
                    live_first_port__lte=F("live_last_port"),
                    live_last_port__lte=LAST_PORT,
                ),
            ),
        ]
        indexes = [
            # The page of a port: what is live on it.
            models.Index(
                fields=["live_first_port", "live_last_port"],
                condition=Q(live_first_port__isnull=False),
                name="document_live_ports",
            ),
            # The front page: the ports that have a story.
            models.Index(
                fields=["port"],
                condition=Q(has_live_article=True),
                name="document_live_articles",
            ),
            # The page of a port or a service: the glosses of its names.
            models.Index(
                fields=["live_service_name"],
                condition=~Q(live_service_name=""),
                name="document_live_service_name",
            ),
            # The worker: what somebody should look at again.
            models.Index(
                fields=["review_on"],
                condition=Q(review_on__isnull=False),
                name="document_review_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner[1]}"

    @property
    def owner(self) -> tuple[type[models.Model], int | None]:
        """What the document is about: the model and the primary key."""
        if self.kind == self.Kind.PORT:
            return Port, self.port_id
        return (Usage, self.usage_id) if self.kind == self.Kind.USAGE else (Gloss, self.gloss_id)


class Edition(models.Model):
    """A document in a language: the unit of translating, reviewing and publishing.

    `version` counts the changes of its texts. `work` says how far the latest revision has come on
    its way to readers. `scheduled_revision` goes live at `live_from`; at `live_until` the edition
    is taken from the readers. `reviewed_at` is when the live revision was approved by a reviewer,
    and empty where none looked at it; `staleness` is how much the live source changed since the
    live translation was made from it. Both follow from other rows, and are kept here so that the
    pages of readers need not ask for those.
    """

    class Work(models.TextChoices):
        """How far the latest revision has come."""

        # Translators: these four say how far a text has come on its way to readers.
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")

    class Staleness(models.TextChoices):
        """How much the source has changed since the translation was made."""

        # Translators: said of a translation, beside the source text it was made from.
        NONE = "", pgettext_lazy("translation", "Up to date")
        TYPO = "typo", pgettext_lazy("translation", "Behind by corrected typos")
        MEDIUM = "medium", pgettext_lazy("translation", "Behind by changes")
        MAJOR = "major", pgettext_lazy("translation", "Behind by important changes")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    version = models.PositiveIntegerField(default=0)
    latest_revision = models.ForeignKey(
        "Revision",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    live_revision = models.ForeignKey(
        "Revision",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    work = models.CharField(max_length=17, choices=Work.choices, default=Work.DRAFT)
    scheduled_revision = models.ForeignKey(
        "Revision",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    live_from = models.DateTimeField(null=True)
    live_until = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    staleness = models.CharField(max_length=6, choices=Staleness.choices, blank=True, default="")

    class Meta:
        indexes = [
            # The worker: what is to go live or to be taken from the readers.
            models.Index(
                fields=["live_from"],
                name="edition_live_from",
                condition=Q(live_from__isnull=False),
            ),
            models.Index(
                fields=["live_until"],
                name="edition_live_until",
                condition=Q(live_until__isnull=False),
            ),
            # The desk: what waits for whom.
            models.Index(
                fields=["work", "language"],
                name="edition_work",
                condition=Q(work__in=["in_review", "changes_requested", "approved"]),
            ),
            models.Index(
                fields=["staleness", "language"],
                name="edition_behind",
                condition=~Q(staleness=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="edition_one_per_language", fields=["document", "language"]
            ),
            models.CheckConstraint(
                name="edition_language_known",
                condition=is_one_of("language", (language.code for language in LANGUAGES)),
            ),
            models.CheckConstraint(
                name="edition_live_was_saved",
                condition=Q(live_revision__isnull=True) | Q(latest_revision__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_work_known",
                condition=is_one_of(
                    "work", ["draft", "in_review", "changes_requested", "approved"]
                ),
            ),
            models.CheckConstraint(
                name="edition_staleness_known",
                condition=is_one_of("staleness", ["", "typo", "medium", "major"]),
            ),
            models.CheckConstraint(
                name="edition_schedule_has_a_time",
                condition=Q(scheduled_revision__isnull=True, live_from__isnull=True)
                | Q(scheduled_revision__isnull=False, live_from__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_ends_after_it_begins",
                condition=Q(live_from__isnull=True)
                | Q(live_until__isnull=True)
                | Q(live_from__lt=F("live_until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.language}"
