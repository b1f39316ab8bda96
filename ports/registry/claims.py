"""Checking what a text claims of a port against the registry's records. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ports.registry.cells import read_people
from ports.registry.records import Record, Status, Transport
from ports.registry.status import PortStatuses, record_status


class ClaimKind(StrEnum):
    """What is claimed of a port on a transport protocol."""

    STATUS = "status"
    SERVICE = "service"
    ASSIGNEE = "assignee"
    REGISTERED = "registered"


class RegistryClaim(NamedTuple):
    """A claim: `value` is a Status, a service name, a person's name, or a date.

    A date may be less precise than the registry's: "2002" where that says "2002-03".
    """

    port: int
    transport: Transport
    kind: ClaimKind
    value: str


class Verdict(StrEnum):
    """What the registry says of a claim; a compiled snapshot does not know everything."""

    HOLDS = "holds"
    DENIED = "denied"
    UNDECIDED = "undecided"


def speaking_for(records: Sequence[Record], transport: Transport) -> list[Record]:
    """The records that speak for a transport protocol on their port.

    Those that name it; where there are none, those that name no transport protocol at all.
    """
    own = [record for record in records if record.transport == transport]
    return own or [record for record in records if not record.transport]


def verdict(
    claim: RegistryClaim, *, records: Sequence[Record], statuses: PortStatuses, compiled: bool
) -> Verdict:
    """Whether the registry confirms a claim.

    `records` are all that cover the claim's port, `statuses` those of that port. Assignees and
    dates of a `compiled` snapshot are old, and decide nothing.
    """
    if claim.kind in {ClaimKind.ASSIGNEE, ClaimKind.REGISTERED} and compiled:
        return Verdict.UNDECIDED
    if claim.kind == ClaimKind.STATUS:
        holds = getattr(statuses, claim.transport) == claim.value
    else:
        in_force = [record for record in records if record_status(record) == Status.ASSIGNED]
        holds = any(_confirms(record, claim) for record in speaking_for(in_force, claim.transport))
    return Verdict.HOLDS if holds else Verdict.DENIED


def _confirms(record: Record, claim: RegistryClaim) -> bool:
    if claim.kind == ClaimKind.SERVICE:
        # Service names are the same in any letter case (RFC 6335, section 5.1).
        return record.service_name.lower() == claim.value.lower()
    if claim.kind == ClaimKind.ASSIGNEE:
        return claim.value in read_people(record.assignee)
    return f"{record.registration_date}-".startswith(f"{claim.value}-")
