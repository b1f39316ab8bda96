"""The registry's records of a few ports, and their changes, in three queries."""

import pytest

from ports.models import Snapshot
from ports.registry_excerpt import registry_excerpt
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("changes_of", [None, 6363, "ndn"])
def test_an_excerpt_costs_three_queries_with_changes_and_without(
    django_assert_num_queries: object, changes_of: int | str | None
) -> None:
    for year in range(2020, 2026):
        state = made.snapshot(f"{year}-01-01")
        for transport in ("tcp", "udp"):
            made.added(state, record("ndn", "6363", transport))
    with django_assert_num_queries(3):  # type: ignore[operator]
        excerpt = registry_excerpt({6362, 6363}, changes_of=changes_of)
        for change in excerpt.changes:
            assert change.snapshot.names_as_of
            assert change.before is not None
        assert excerpt.snapshot is not None
        assert excerpt.snapshot.statistics["services"]
        assert excerpt.snapshot.origin
    assert len(excerpt.changes) == (0 if changes_of is None else 12)


def test_changes_come_newest_state_first_and_in_order_within_it() -> None:
    first, second = made.snapshot("2025-01-01"), made.snapshot("2025-02-01")
    expected = [
        made.modified(second, record("ndn", "6363"), record("ndn", "6363", contact="[A]")),
        made.modified(second, record("ndn", "6363", "udp"), record("ndn", "6363", contact="[A]")),
        made.added(first, record("ndn", "6363")),
    ]
    made.added(second, record("other", "6364"))
    current = made.snapshot("2025-03-01")
    for of in (6363, "NDN"):
        excerpt = registry_excerpt({6363}, changes_of=of)
        assert excerpt.changes == expected
        assert excerpt.snapshot == current


def test_a_service_finds_what_it_was_renamed_to() -> None:
    state = made.snapshot()
    change = made.renamed(state, record("old-name", "9"), record("new-name", "9"))
    for name in ("old-name", "NEW-name"):
        assert registry_excerpt((), changes_of=name).changes == [change]
    assert registry_excerpt((), changes_of="%-name").changes == []


def test_without_changes_the_current_snapshot_comes_alone() -> None:
    excerpt = registry_excerpt({22}, changes_of=22)
    assert excerpt.snapshot == Snapshot.objects.current()
    assert excerpt.changes == []


def test_before_a_registry_is_loaded_there_is_none(empty_registry: None) -> None:
    excerpt = registry_excerpt({22}, changes_of=22)
    assert (excerpt.snapshot, excerpt.changes) == (None, [])
