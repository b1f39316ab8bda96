"""The registry's records, as published."""

from collections.abc import Collection, Iterator
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ports.models.conditions import is_one_of
from ports.models.port import STATUS_CHOICES
from ports.registry.records import LAST_PORT, Key, Record, Status, Transport

_MOST_RUNS = 100


def _runs(numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of consecutive numbers."""
    distinct = set(numbers)
    starts = sorted(n for n in distinct if n - 1 not in distinct)
    ends = sorted(n for n in distinct if n + 1 not in distinct)
    return zip(starts, ends, strict=True)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about records, by name."""

    def covering(self, number: int) -> Self:
        """The records whose ports include `number`, singles and spans; in no order."""
        return self.covering_any([number])

    def covering_any(self, numbers: Collection[int]) -> Self:
        """The records whose ports include any of `numbers`, singles and spans.

        Two kinds of conditions that indexes answer: single ports by equality, spans by the small
        partial index on them. In no order: asked for one, SQLite reads the whole table.
        """
        spans = Q(first_port__lt=F("last_port"))
        condition = Q(first_port__in=numbers)
        runs = list(_runs(numbers))
        if len(runs) > _MOST_RUNS:
            # More than databases take in one condition: the few hundred spans are asked for first.
            distinct = set(numbers)
            rows = self.order_by().filter(spans).values_list("pk", "first_port", "last_port")
            covering = [
                pk for pk, first, last in rows if not distinct.isdisjoint(range(first, last + 1))
            ]
            condition |= Q(pk__in=covering)
            runs = []
        for first, last in runs:
            condition |= spans & Q(first_port__lte=last, last_port__gte=first)
        return self.order_by().filter(condition)

    def named(self) -> Self:
        """The records that carry a service name."""
        return self.exclude(service_name="")

    def of_service(self, name: str) -> Self:
        """The records of a service name, in any letter case (RFC 6335, section 5.1)."""
        alike = self.alias(name_lower=Lower("service_name")).filter(name_lower=name.lower())
        # Said of those without a port, as databases think differently of them.
        return alike.order_by(F("first_port").asc(nulls_last=True), "id")

    def other_names_of(self, name: str) -> list[str]:
        """The names whose records say that they are an alias of a service, in order."""
        aliases = self.alias(service=Lower("alias_of")).filter(service=name.lower())
        return sorted(
            set(
                aliases.order_by()
                # Said so that the partial index is used.
                .exclude(alias_of="")
                .exclude(service_name=name)
                .values_list("service_name", flat=True)
            )
        )


class Assignment(models.Model):
    """One registry record as published: a span of ports (or none), a transport protocol (or none),
    a service name (or none), and what the registry says of them.

    Reserved and Unassigned records are kept too, so that the registry can be given back cell by
    cell. `id` stays the same across refreshes for as long as the record exists.
    """

    service_name = models.CharField(_("service name"), max_length=200, blank=True)
    port_cell = models.CharField(_("port number"), max_length=11, blank=True)
    first_port = models.IntegerField(_("first port"), null=True, blank=True)
    last_port = models.IntegerField(_("last port"), null=True, blank=True)
    transport = models.CharField(
        _("transport protocol"),
        max_length=4,
        blank=True,
        choices=[(transport.value, transport.upper()) for transport in Transport],
    )
    # Translators: 0 for the first record with the same name, port and transport, 1 for the next.
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=STATUS_CHOICES)
    description = models.TextField(_("description"), blank=True)
    assignee = models.TextField(_("assignee"), blank=True)
    contact = models.TextField(_("contact"), blank=True)
    registration_date = models.CharField(_("registration date"), max_length=10, blank=True)
    modification_date = models.CharField(_("modification date"), max_length=10, blank=True)
    reference = models.TextField(_("reference"), blank=True)
    service_code = models.CharField(_("service code"), max_length=100, blank=True)
    unauthorized_use = models.TextField(_("unauthorized use reported"), blank=True)
    assignment_notes = models.TextField(_("assignment notes"), blank=True)
    alias_of = models.CharField(
        # Translators: the service name whose alias this record is.
        _("alias of"),
        max_length=200,
        blank=True,
        help_text=_("The service name that this one is another name of, by its notes."),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["first_port", "id"]
        constraints = [
            # It begins with what the page of a service asks for: its name in any letter case.
            models.UniqueConstraint(
                Lower("service_name"),
                "service_name",
                "port_cell",
                "transport",
                "occurrence",
                name="assignment_key",
            ),
            models.CheckConstraint(
                name="assignment_name_or_port",
                condition=~Q(service_name="") | Q(first_port__isnull=False),
            ),
            models.CheckConstraint(
                name="assignment_ports_together",
                condition=Q(first_port__isnull=True, last_port__isnull=True, port_cell="")
                | (Q(first_port__isnull=False, last_port__isnull=False) & ~Q(port_cell="")),
            ),
            models.CheckConstraint(
                name="assignment_ports_in_order",
                condition=Q(first_port__isnull=True)
                | Q(first_port__gte=0, first_port__lte=F("last_port"), last_port__lte=LAST_PORT),
            ),
            models.CheckConstraint(
                name="assignment_transport_known",
                condition=is_one_of("transport", ["", *Transport]),
            ),
            models.CheckConstraint(
                name="assignment_status_known",
                condition=is_one_of("status", (s for s in Status if s != Status.DYNAMIC)),
            ),
        ]
        indexes = [
            # The page of a port: its single-port records.
            models.Index(fields=["first_port"], name="assignment_first_port"),
            # The page of a port: the few hundred spans that may cover it.
            models.Index(
                fields=["first_port", "last_port"],
                condition=Q(first_port__lt=F("last_port")),
                name="assignment_spans",
            ),
            # The page of a service: its other names.
            models.Index(Lower("alias_of"), name="assignment_alias_of", condition=~Q(alias_of="")),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.service_name, self.port_cell, self.transport)))

    @property
    def record(self) -> Record:
        """The record as the pure registry code knows it."""
        return Record(*(getattr(self, field) for field in Record._fields))

    @property
    def key(self) -> Key:
        return self.record.key

    @property
    def is_span(self) -> bool:
        return self.first_port != self.last_port
