"""What changed in the registry: one difference between two authoritative snapshots."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ports.models.conditions import is_one_of
from ports.models.snapshot import Snapshot
from ports.registry.changes import ChangeKind
from ports.registry.records import LAST_PORT, PortRange, Transport


class RegistryChangeQuerySet(models.QuerySet["RegistryChange"]):
    """Questions about changes, by name."""

    def covering(self, number: int) -> Self:
        """The changes of records whose ports include `number`."""
        return self.filter(first_port__lte=number, last_port__gte=number)

    def in_range(self, port_range: PortRange) -> Self:
        """The changes of records with a port in one RFC 6335 range."""
        return self.filter(first_port__lte=port_range.last, last_port__gte=port_range.first)

    def newest_first(self) -> Self:
        """Those of the newest snapshot first, each snapshot's in the order of the registry."""
        return self.order_by("-snapshot_id", "id")

    def with_snapshots(self) -> Self:
        """Read each change's snapshot with it, without its statistics."""
        return self.select_related("snapshot").defer("snapshot__statistics")

    def of_service(self, name: str) -> Self:
        """The changes of a service, under this name or away from it, in any letter case."""
        lower = name.lower()
        # Said of the former name as the partial index on it says it, so that it is used.
        return self.alias(now=Lower("service_name"), then=Lower("former_name")).filter(
            Q(now=lower) | Q(then=lower) & ~Q(former_name="")
        )


class RegistryChange(models.Model):
    """A record that was added, removed, modified or renamed, with the raw records before and after.

    `before` and `after` are lists of records, each the cells of a row by the names of Record's
    fields; the first is the one that the change is about. `id` counts up in the order in which
    changes became known.
    """

    class Kind(models.TextChoices):
        """What happened to the record."""

        # Translators: these four say what happened to a record of IANA's registry.
        ADDED = ChangeKind.ADDED, _("Added")
        REMOVED = ChangeKind.REMOVED, _("Removed")
        MODIFIED = ChangeKind.MODIFIED, _("Modified")
        RENAMED = ChangeKind.RENAMED, _("Renamed")

    snapshot = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        verbose_name=_("snapshot"),
        related_name="changes",
        help_text=_("The first snapshot in which the change is seen."),
    )
    kind = models.CharField(_("change"), max_length=8, choices=Kind.choices)
    service_name = models.CharField(_("service name"), max_length=200, blank=True)
    former_name = models.CharField(_("former name"), max_length=200, blank=True)
    port_cell = models.CharField(_("port number"), max_length=11, blank=True)
    first_port = models.IntegerField(_("first port"), null=True, blank=True)
    last_port = models.IntegerField(_("last port"), null=True, blank=True)
    transport = models.CharField(
        _("transport protocol"),
        max_length=4,
        blank=True,
        choices=[(transport.value, transport.upper()) for transport in Transport],
    )
    before = models.JSONField(_("records before"), default=list)
    after = models.JSONField(_("records after"), default=list)

    objects = RegistryChangeQuerySet.as_manager()

    class Meta:
        # Translators: a difference between two states of IANA's registry.
        verbose_name = _("change of the registry")
        verbose_name_plural = _("changes of the registry")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="change_kind_known", condition=is_one_of("kind", ChangeKind)
            ),
            models.CheckConstraint(
                name="change_former_name_of_renamed",
                condition=Q(kind="renamed") & ~Q(former_name="")
                | ~Q(kind="renamed") & Q(former_name=""),
            ),
            models.CheckConstraint(
                name="change_ports_in_order",
                condition=Q(first_port__isnull=True, last_port__isnull=True, port_cell="")
                | Q(
                    first_port__isnull=False,
                    last_port__isnull=False,
                    first_port__gte=0,
                    first_port__lte=models.F("last_port"),
                    last_port__lte=LAST_PORT,
                )
                & ~Q(port_cell=""),
            ),
        ]
        indexes = [
            # The timeline of a port's page.
            models.Index("first_port", "last_port", name="change_of_ports"),
            # The page of a service that was withdrawn or renamed.
            models.Index(Lower("service_name"), name="change_of_service"),
            models.Index(
                Lower("former_name"), name="change_from_service", condition=~Q(former_name="")
            ),
        ]

    def __str__(self) -> str:
        name = self.service_name or self.get_kind_display()
        return f"{name} {self.port_cell}/{self.transport}"
