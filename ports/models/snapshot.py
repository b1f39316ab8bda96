"""The accepted states of the registry."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ports.models.registry_file import RegistryFile


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Questions about snapshots, by name."""

    def current(self) -> "Snapshot | None":
        """The snapshot the stored records come from; None before the first was loaded."""
        return self.order_by("-id").first()

    def authoritative(self) -> Self:
        """The snapshots that IANA published."""
        return self.filter(origin=Snapshot.Origin.AUTHORITATIVE)


class Snapshot(models.Model):
    """One accepted state of the registry: where it came from, and what it held."""

    class Origin(models.TextChoices):
        """Whether IANA published this state, or it was compiled from other sources."""

        AUTHORITATIVE = "authoritative", _("Authoritative")
        COMPILED = "compiled", _("Compiled")

    origin = models.CharField(_("kind of snapshot"), max_length=13, choices=Origin.choices)
    source = models.CharField(
        _("source"), max_length=500, help_text=_("The address or file it was read from.")
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    reading_rules = models.PositiveSmallIntegerField(
        _("reading rules"),
        help_text=_("The version of the parsing and status rules that were applied."),
    )
    names_as_of = models.CharField(
        _("names as of"), max_length=10, help_text=_("YYYY, YYYY-MM or YYYY-MM-DD.")
    )
    registrants_as_of = models.CharField(
        _("registrants and dates as of"), max_length=10, help_text=_("YYYY, YYYY-MM or YYYY-MM-DD.")
    )
    record_count = models.PositiveIntegerField(_("number of records"))
    rejected_count = models.PositiveIntegerField(_("number of rejected rows"))
    statistics = models.JSONField(_("statistics"))
    accepted_at = models.DateTimeField(_("accepted at"))
    checked_at = models.DateTimeField(
        _("checked at"),
        null=True,
        blank=True,
        help_text=_("When the source was last seen to hold nothing newer."),
    )
    etag = models.CharField("ETag", max_length=200, blank=True)
    last_modified = models.CharField("Last-Modified", max_length=40, blank=True)
    work_items_at = models.DateTimeField(
        _("editors told at"),
        null=True,
        blank=True,
        help_text=_("When work items were opened for what changed with it."),
    )
    file = models.ForeignKey(
        RegistryFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("file"),
        related_name="snapshots",
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="snapshot_origin_known",
                condition=Q(origin__in=["authoritative", "compiled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.names_as_of} ({self.get_origin_display()})"

    @property
    def is_compiled(self) -> bool:
        return self.origin == self.Origin.COMPILED
