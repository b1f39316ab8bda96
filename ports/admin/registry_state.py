"""How the registry stands, for the first page of the admin: how old, and what went wrong last."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from ports.models import RefreshRun, Snapshot

STALE_AFTER: Final = timedelta(days=3)
"""A registry that was not found current for so long is told of."""


class RegistryState(NamedTuple):
    """The current snapshot and when it was last found current, and the run that came to nothing.

    `unsuccessful` is the last run that ended, if it was refused or failed.
    """

    snapshot: Snapshot | None
    checked_at: datetime | None
    is_stale: bool
    unsuccessful: RefreshRun | None


def registry_state(now: datetime | None = None) -> RegistryState:
    """How the registry stands, in two queries."""
    snapshot = Snapshot.objects.defer("statistics").current()
    checked_at = None
    if snapshot is not None:
        checked_at = max(snapshot.accepted_at, snapshot.checked_at or snapshot.accepted_at)
    last = RefreshRun.objects.ended().order_by("-ended_at", "-id").first()
    return RegistryState(
        snapshot,
        checked_at,
        checked_at is not None and checked_at < (now or timezone.now()) - STALE_AFTER,
        last if last is not None and last.reason else None,
    )
