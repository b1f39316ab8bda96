"""Claims that the registry denies, told to editors with the registry's own row beside them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ports.editorial.claims import CheckedClaim
from ports.models import Assignment, Claim


def describe_denied(checked: CheckedClaim) -> SafeString:
    """Why a document was not published: the claim, and what the registry says."""
    claim = checked.claim
    sentence = _(
        "Not published: the registry denies the claim “%(port)s/%(transport)s: %(kind)s "
        "%(value)s”. The registry says:"
    ) % {
        "port": claim.port,
        "transport": claim.transport,
        "kind": Claim.Kind(claim.kind).label,
        "value": claim.value,
    }
    rows = "; ".join(map(registry_row, checked.records)) or _("no record covers this port")
    return format_html('{} <bdi lang="en" dir="ltr">{}</bdi>', sentence, rows)


def registry_row(record: Assignment) -> str:
    """A record of the registry on one line, as published."""
    cells = (
        record.service_name,
        record.port_cell,
        record.transport,
        record.description,
        record.assignee,
        record.registration_date,
    )
    return " | ".join(cell or "–" for cell in cells)
