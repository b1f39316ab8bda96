"""What can be asked of the accepted states of the registry."""

import pytest
from django.utils import timezone

from ports.models import Snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]


def accepted(origin: str, names_as_of: str) -> Snapshot:
    return Snapshot.objects.create(
        origin=origin,
        names_as_of=names_as_of,
        reading_rules=1,
        record_count=0,
        rejected_count=0,
        statistics={},
        accepted_at=timezone.now(),
    )


def test_the_current_snapshot_is_the_last_one_accepted_whatever_its_date() -> None:
    assert Snapshot.objects.current() is None
    accepted("compiled", "2026-07")
    last = accepted("authoritative", "2024-04-30")
    assert Snapshot.objects.current() == last


def test_authoritative_snapshots_are_those_that_iana_published() -> None:
    compiled = accepted("compiled", "2026-07")
    published = accepted("authoritative", "2024-04-30")
    assert list(Snapshot.objects.authoritative()) == [published]
    assert (compiled.is_compiled, published.is_compiled) == (True, False)


def test_a_snapshot_is_called_by_its_date_and_origin() -> None:
    assert str(accepted("compiled", "2026-07")) == "2026-07 (Compiled)"
