"""What changed in the registry, in the admin: each change with the records before and after."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ports.admin.row_page import Fact, RowPageAdmin, fact, label_of, link
from ports.models import Assignment, RegistryChange, Snapshot
from ports.registry.records import Record
from ports.sentences import fill, registry_text

_MOST_SNAPSHOTS = 30

CELLS: Final = tuple(
    name for name in Record._fields if name not in {"first_port", "last_port", "occurrence"}
)
"""The fields that hold a record's cells, in the order of IANA's columns."""


class ComparedCell(NamedTuple):
    """A cell of a record before and after a change."""

    label: str
    before: str
    after: str
    differs: bool


class SnapshotFilter(admin.SimpleListFilter):
    """The changes first seen in a snapshot; the newest snapshots are there to be chosen."""

    title = _("snapshot")
    parameter_name = "snapshot"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        newest = Snapshot.objects.authoritative().only("origin", "names_as_of")
        return [(str(snapshot.pk), str(snapshot)) for snapshot in newest[:_MOST_SNAPSHOTS]]

    def queryset(
        self, _request: HttpRequest, changes: QuerySet[RegistryChange]
    ) -> QuerySet[RegistryChange]:
        chosen = self.value()
        if chosen is None:
            return changes
        if not re.fullmatch("[0-9]{1,18}", chosen, re.ASCII):
            return changes.none()
        return changes.filter(snapshot=int(chosen))


@admin.register(RegistryChange)
class RegistryChangeAdmin(RowPageAdmin):
    """The changes of the registry."""

    list_display = ("name", "kind", "port", "protocol", "snapshot")
    list_filter = ("kind", "transport", SnapshotFilter)
    search_fields = ("service_name", "former_name")
    search_help_text = _("The name of a service")
    show_full_result_count = False
    page_template = "admin/ports/registry_change.html"

    class Media:
        css = {"all": ["ports/refreshes.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistryChange]:
        changes = super().get_queryset(request).select_related("snapshot")
        return changes.defer("snapshot__statistics")

    @admin.display(description=_("service name"), ordering="service_name")
    def name(self, change: RegistryChange) -> SafeString:
        return change_name(change)

    @admin.display(description=_("port number"), ordering="first_port", empty_value="–")
    def port(self, change: RegistryChange) -> SafeString | None:
        return registry_text(change.port_cell) if change.port_cell else None

    @admin.display(description=_("transport protocol"), ordering="transport", empty_value="–")
    def protocol(self, change: RegistryChange) -> SafeString | None:
        return registry_text(change.transport.upper()) if change.transport else None

    def page_context(self, request: HttpRequest, row: RegistryChange) -> dict[str, Any]:
        return {
            "name": change_name(row),
            "facts": change_facts(row, view_snapshots=request.user.has_perm("ports.view_snapshot")),
            "cells": compared_cells(row),
            "further_before": [one_line(record) for record in row.before[1:]],
            "further_after": [one_line(record) for record in row.after[1:]],
        }


def change_name(change: RegistryChange) -> SafeString:
    """What a change is about: the service's name, or what a record without one says."""
    if change.former_name:
        return fill(
            # Translators: both are names of the same service, which was renamed.
            str(_("%(name)s, formerly %(former)s")),
            name=registry_text(change.service_name),
            former=registry_text(change.former_name),
        )
    records = [*change.after, *change.before]
    described = records[0].get("description", "") if records else ""
    return registry_text(change.service_name or described or str(change.pk))


def change_facts(change: RegistryChange, *, view_snapshots: bool) -> list[Fact]:
    """Where in the registry a change is, and since when it is known."""
    places = (("port_cell", change.port_cell), ("transport", change.transport.upper()))
    return [
        *(fact(RegistryChange, field, registry_text(text)) for field, text in places if text),
        fact(RegistryChange, "snapshot", link(change.snapshot, view=view_snapshots)),
    ]


def compared_cells(change: RegistryChange) -> list[ComparedCell]:
    """The cells of the record that a change is about that hold something, before or after it.

    Differences in white space only do not count.
    """
    before: Mapping[str, Any] = change.before[0] if change.before else {}
    after: Mapping[str, Any] = change.after[0] if change.after else {}
    compared = []
    for name in CELLS:
        old, new = str(before.get(name, "")), str(after.get(name, ""))
        if old or new:
            differs = bool(before and after) and old.split() != new.split()
            compared.append(ComparedCell(label_of(Assignment, name), old, new, differs))
    return compared


def one_line(record: Mapping[str, Any]) -> str:
    """A record's cells on one line, those left out that are empty."""
    return " | ".join(str(record[name]) for name in CELLS if record.get(name))
