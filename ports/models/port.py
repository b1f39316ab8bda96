"""The 65,536 port numbers and their status on each transport protocol."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ports.models.conditions import is_one_of
from ports.registry.records import FIRST_DYNAMIC_PORT, LAST_PORT, PortRange, Status, Transport
from ports.registry.status import PortStatuses

_STATUS_LABELS = {
    # Translators: status of a port number in IANA's registry (RFC 6335).
    Status.ASSIGNED: _("Assigned"),
    # Translators: status of a port number in IANA's registry (RFC 6335): held back by IANA.
    Status.RESERVED: _("Reserved"),
    # Translators: status of a port number in IANA's registry (RFC 6335): free to be applied for.
    Status.UNASSIGNED: _("Unassigned"),
    # Translators: status of a port number: it was assigned once, and the assignment was withdrawn.
    Status.DEASSIGNED: _("De-assigned"),
    # Translators: status of the port numbers 49152-65535, which are never assigned (RFC 6335).
    Status.DYNAMIC: _("Dynamic"),
}
STATUS_CHOICES = [(status.value, label) for status, label in _STATUS_LABELS.items()]


def _status_field(transport: Transport) -> "models.CharField[str, str]":
    return models.CharField(transport.upper(), max_length=10, choices=STATUS_CHOICES)


class PortQuerySet(models.QuerySet["Port"]):
    """Questions about ports, by name."""

    def in_range(self, port_range: PortRange) -> Self:
        """The ports of one RFC 6335 range."""
        return self.filter(number__range=(port_range.first, port_range.last))

    def with_status(self, status: Status, transport: Transport | None = None) -> Self:
        """The ports with this status on one transport protocol, or on any of TCP and UDP."""
        if transport is not None:
            return self.filter(**{f"{transport.value}_status": status})
        return self.filter(Q(tcp_status=status) | Q(udp_status=status))

    def with_records(self) -> Self:
        """The ports of which the registry says more than of a port it has no record of."""
        return self.filter(
            Q(number__lt=FIRST_DYNAMIC_PORT) & ~_all_are(Status.UNASSIGNED)
            | Q(number__gte=FIRST_DYNAMIC_PORT) & ~_all_are(Status.DYNAMIC)
        )


def _all_are(status: Status) -> Q:
    return Q(**{f"{transport.value}_status": status for transport in Transport})


class Port(models.Model):
    """A port number, 0..65535, with its status per transport protocol.

    All 65,536 rows exist from the start and are never added to or deleted. The statuses are
    derived from the registry's records in the transaction that stores those.
    """

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    tcp_status = _status_field(Transport.TCP)
    udp_status = _status_field(Transport.UDP)
    sctp_status = _status_field(Transport.SCTP)
    dccp_status = _status_field(Transport.DCCP)

    objects = PortQuerySet.as_manager()

    class Meta:
        verbose_name = _("port")
        verbose_name_plural = _("ports")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="port_number_within_16_bits",
                condition=Q(number__gte=0) & Q(number__lte=LAST_PORT),
            ),
            *(
                models.CheckConstraint(
                    name=f"port_{transport.value}_status_known",
                    condition=is_one_of(f"{transport.value}_status", Status),
                )
                for transport in Transport
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def range(self) -> PortRange:
        """The RFC 6335 range the number lies in."""
        return PortRange.of(self.number)

    @property
    def statuses(self) -> PortStatuses:
        """The status on each transport protocol."""
        return PortStatuses(
            *(Status(getattr(self, f"{transport.value}_status")) for transport in Transport)
        )
