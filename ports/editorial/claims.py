"""The claims of a document, checked against the stored registry."""

from typing import NamedTuple

from ports.editorial.parts import Structure
from ports.models import Assignment
from ports.registry.claims import ClaimKind, RegistryClaim, Verdict, verdict
from ports.registry.records import Transport
from ports.registry_excerpt import registry_excerpt


class CheckedClaim(NamedTuple):
    """A claim, what the registry says of it, and the registry's records for that port."""

    claim: RegistryClaim
    verdict: Verdict
    records: list[Assignment]


def check_claims(structure: Structure) -> list[CheckedClaim]:
    """Every claim of a structure with its verdict, in order."""
    claims = [
        RegistryClaim(
            part["claimed_port"],
            Transport(part["transport"]),
            ClaimKind(part["kind"]),
            part["value"],
        )
        for part in structure.get("claim", [])
    ]
    if not claims:
        return []
    excerpt = registry_excerpt({claim.port for claim in claims})
    compiled = excerpt.snapshot is None or excerpt.snapshot.is_compiled
    return [
        CheckedClaim(
            claim,
            verdict(
                claim,
                records=[record.record for record in excerpt.records[claim.port]],
                statuses=excerpt.statuses(claim.port),
                compiled=compiled,
            ),
            excerpt.records[claim.port],
        )
        for claim in claims
    ]
