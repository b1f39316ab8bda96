"""How the registry's facts look in answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from ports.models import Assignment, RegistryChange, Snapshot
from ports.registry.cells import read_people, read_references
from ports.registry.records import COLUMNS as PUBLISHED_COLUMNS
from ports.registry.records import Record

COLUMNS: Final = (
    "id",
    *(field for field in Record._fields if field not in {"port_cell", "occurrence"}),
    "status",
    "alias_of",
)
"""The columns of a record that an answer is made of."""


def assignment(row: Sequence[Any]) -> dict[str, Any]:
    """A record, from its values in the order of COLUMNS. What the registry leaves empty is null."""
    (
        number,
        service_name,
        first_port,
        last_port,
        transport,
        description,
        assignee,
        contact,
        registration_date,
        modification_date,
        reference,
        service_code,
        unauthorized_use,
        notes,
        status,
        alias_of,
    ) = row
    return {
        "id": number,
        "service_name": service_name or None,
        "protocol": transport or None,
        "first_port": first_port,
        "last_port": last_port,
        "status": status,
        "description": description or None,
        "assignee": read_people(assignee) if assignee else [],
        "contact": read_people(contact) if contact else [],
        "registration_date": date(registration_date),
        "modification_date": date(modification_date),
        "references": references(reference) if reference else [],
        "service_code": service_code or None,
        "unauthorized_use": unauthorized_use or None,
        "notes": notes or None,
        "alias_of": alias_of or None,
    }


def assignment_of(record: Assignment) -> dict[str, Any]:
    """The same, from a record as a model; one that is no more has null as its `id`."""
    return assignment([getattr(record, column) for column in COLUMNS])


def date(cell: str) -> dict[str, str] | None:
    """A date and how precisely it is known: to the year, the month or the day."""
    if not cell:
        return None
    return {"date": cell, "precision": _PRECISIONS[len(cell)]}


_PRECISIONS: Final = {len("2002"): "year", len("2002-05"): "month", len("2002-05-17"): "day"}


def moment(at: datetime | None) -> str | None:
    """A moment as RFC 3339 writes it, to the second, in UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def references(cell: str) -> list[dict[str, str | None]]:
    """The documents that a record refers to, with addresses where they are known."""
    return [{"text": each.text, "url": each.url or None} for each in read_references(cell)]


def snapshot(found: Snapshot) -> dict[str, Any]:
    """A state of the registry: whether IANA published it, and as of when it is."""
    return {
        "id": found.pk,
        "origin": found.origin,
        "names_as_of": date(found.names_as_of),
        "registrants_as_of": date(found.registrants_as_of),
    }


def change(found: RegistryChange) -> dict[str, Any]:
    """A difference between two states of the registry, with the raw records before and after.

    A span of unassigned ports that several names were taken from stands in each of their changes.
    Whoever follows a snapshot leaves out the records `before` all its changes, and takes in those
    `after` them.
    """
    return {
        "id": found.pk,
        "kind": found.kind,
        "snapshot": snapshot(found.snapshot),
        "service_name": found.service_name or None,
        "former_name": found.former_name or None,
        "first_port": found.first_port,
        "last_port": found.last_port,
        "protocol": found.transport or None,
        "before": [_cells(record) for record in found.before],
        "after": [_cells(record) for record in found.after],
    }


def _cells(record: dict[str, str]) -> dict[str, str]:
    """A raw record by the names of IANA's columns, in their order."""
    return dict(zip(PUBLISHED_COLUMNS, (record[name] for name in _CELLS), strict=True))


_CELLS: Final = tuple(
    field for field in Record._fields if field not in {"first_port", "last_port", "occurrence"}
)
