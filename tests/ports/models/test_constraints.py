"""For every rule the database holds, a row that breaks it."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from ports.models import Assignment, Port, Snapshot, User
from ports.registry.records import Status, Transport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]


def assignment(**fields: object) -> Assignment:
    """A record as it may be stored, unless a field says otherwise."""
    good = {
        "service_name": "ssh",
        "port_cell": "22",
        "first_port": 22,
        "last_port": 22,
        "transport": "tcp",
        "status": "assigned",
        "fingerprint": "0" * 32,
    }
    return Assignment(**good | fields)


def port(**fields: object) -> Port:
    """A port number that is free, with statuses as they may be, unless a field says otherwise."""
    Port.objects.filter(number=80).delete()
    statuses = {f"{transport.value}_status": Status.ASSIGNED for transport in Transport}
    return Port(**{"number": 80} | statuses | fields)


def snapshot(**fields: object) -> Snapshot:
    good = {
        "origin": "authoritative",
        "reading_rules": 1,
        "record_count": 0,
        "rejected_count": 0,
        "statistics": {},
        "accepted_at": timezone.now(),
    }
    return Snapshot(**good | fields)


GOOD = {Assignment: assignment, Port: port, Snapshot: snapshot, User: User}
VIOLATIONS = [
    ("assignment_key", Assignment, {"description": "Another"}),
    ("assignment_key", Assignment, {"first_port": 23, "last_port": 23}),
    ("assignment_name_or_port", Assignment,
     {"service_name": "", "port_cell": "", "first_port": None, "last_port": None}),
    ("assignment_ports_together", Assignment, {"port_cell": "23", "last_port": None}),
    ("assignment_ports_together", Assignment, {"port_cell": "23", "first_port": None}),
    ("assignment_ports_together", Assignment, {"port_cell": ""}),
    ("assignment_ports_together", Assignment,
     {"port_cell": "23", "first_port": None, "last_port": None}),
    ("assignment_ports_in_order", Assignment, {"port_cell": "23-22", "first_port": 23}),
    ("assignment_ports_in_order", Assignment, {"port_cell": "22-65536", "last_port": 65536}),
    ("assignment_transport_known", Assignment, {"transport": "icmp"}),
    ("assignment_transport_known", Assignment, {"transport": "TCP"}),
    ("assignment_status_known", Assignment, {"transport": "udp", "status": "dynamic"}),
    ("assignment_status_known", Assignment, {"transport": "udp", "status": ""}),
    ("port_number_within_16_bits", Port, {"number": 65536}),
    *((f"port_{transport.value}_status_known", Port, {f"{transport.value}_status": "open"})
      for transport in Transport),
    ("snapshot_origin_known", Snapshot, {"origin": "invented"}),
    ("user_preferred_language_known", User, {"preferred_language": "tlh"}),
]  # fmt: skip
UNIQUE_IN_SQLITE = (
    "UNIQUE constraint failed: ports_assignment.port_cell, ports_assignment.service_name, "
    "ports_assignment.transport, ports_assignment.occurrence"
)


@pytest.mark.parametrize(
    ("name", "model", "fields"), VIOLATIONS, ids=[f"{name}-{f}" for name, _, f in VIOLATIONS]
)
def test_a_row_that_breaks_the_rule_is_refused_by_its_name(
    name: str, model: type[models.Model], fields: dict[str, object]
) -> None:
    assignment().save()
    unique = name == "assignment_key" and connection.vendor == "sqlite"
    with (
        pytest.raises(IntegrityError, match=UNIQUE_IN_SQLITE if unique else rf"\b{name}\b"),
        transaction.atomic(),
    ):
        GOOD[model](**fields).save(force_insert=True)


@pytest.mark.parametrize("model", GOOD)
def test_the_same_row_without_the_fault_is_taken(model: type[models.Model]) -> None:
    GOOD[model]().save(force_insert=True)


def test_rows_that_differ_in_one_part_of_the_key_are_different_records() -> None:
    assignment().save()
    assignment(service_name="SSH").save()
    assignment(port_cell="22-22").save()
    assignment(transport="").save()
    assignment(occurrence=1).save()
    assert Assignment.objects.count() == 5


def test_every_named_rule_of_the_models_is_broken_here() -> None:
    named = {
        constraint.name
        for model in (Assignment, Port, Snapshot, User)
        for constraint in model._meta.constraints
    }
    assert named == {name for name, _model, _fields in VIOLATIONS}
