"""What is edited and published: documents, their editions in each language, and revisions.

Only `ports.publishing` writes these tables.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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
    `structure_version` counts the changes of order, dates, spans, addresses and the like.
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

    class Meta:
        permissions = [
            ("write_document", "Can write and translate articles, usages and glosses"),
            ("publish_document", "Can publish and unpublish articles, usages and glosses"),
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
    """A document in a language: the unit of translating and publishing.

    `version` counts the changes of its texts.
    """

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

    class Meta:
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
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.language}"


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
    holds texts only, and says which source revision was the latest when it was made. `texts` maps
    a part's uuid to its fields and their texts; empty texts are left out. `digest` is the same for
    the same content.
    """

    class Origin(models.TextChoices):
        """Who wrote it."""

        # Translators: a revision that an editor of the site wrote.
        EDITOR = "editor", pgettext_lazy("origin of a revision", "Editor")
        # Translators: a revision that came as a file with the program.
        BUNDLED = "bundled", pgettext_lazy("origin of a revision", "Supplied with Portsite")

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


class PublicationEvent(models.Model):
    """That an edition was published or unpublished: when, by whom, which revision.

    `revision` went live, or was live until then. `by` is None for what came with the program.
    """

    class Action(models.TextChoices):
        """What happened to the edition."""

        PUBLISHED = "published"
        UNPUBLISHED = "unpublished"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=11, choices=Action.choices)
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

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="publication_action_known",
                condition=is_one_of("action", ["published", "unpublished"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.action}"
