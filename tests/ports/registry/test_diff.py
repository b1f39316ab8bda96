"""What changed between two states of the registry."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.registry.diff import Difference, compare
from ports.registry.records import Key
from tests.data import traps

pytestmark = pytest.mark.any_database

BEFORE = {record.key: record.description for record in traps.RECORDS}
SSH = Key("ssh", "22", "tcp", 0)
NEW = Key("ollama", "11434", "udp", 0)

STATES = st.dictionaries(
    st.builds(
        Key,
        st.sampled_from(["", "ssh", "rdp"]),
        st.sampled_from(["", "22", "22-22"]),
        st.sampled_from(["", "tcp", "udp"]),
        st.integers(0, 1),
    ),
    st.sampled_from(["a", "b", "c"]),
)


def test_a_state_does_not_differ_from_itself() -> None:
    difference = compare(BEFORE, dict(BEFORE))
    assert difference == ([], [], [])
    assert not difference


def test_the_order_of_the_records_is_no_difference() -> None:
    assert not compare(BEFORE, dict(reversed(BEFORE.items())))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE | {NEW: "new"}, Difference([NEW], [], [])),
        ({key: BEFORE[key] for key in BEFORE if key != SSH}, Difference([], [SSH], [])),
        (BEFORE | {SSH: "other"}, Difference([], [], [SSH])),
    ],
    ids=["added", "removed", "modified"],
)
def test_one_record_that_differs_is_the_whole_difference(
    after: dict[Key, str], expected: Difference
) -> None:
    difference = compare(BEFORE, after)
    assert difference == expected
    assert difference


def test_the_first_state_is_all_added_and_the_last_all_removed() -> None:
    assert compare({}, BEFORE) == (list(BEFORE), [], [])
    assert compare(BEFORE, {}) == ([], list(BEFORE), [])


def test_a_record_that_gets_another_transport_is_removed_and_added() -> None:
    assert compare({SSH: "a"}, {SSH._replace(transport="udp"): "a"}) == (
        [SSH._replace(transport="udp")],
        [SSH],
        [],
    )


@settings(deadline=None)
@given(STATES, STATES)
def test_applying_the_difference_to_the_state_before_gives_the_state_after(
    before: dict[Key, str], after: dict[Key, str]
) -> None:
    difference = compare(before, after)
    state = dict(before)
    for key in difference.removed:
        del state[key]
    for key in difference.modified:
        assert state[key] != after[key]
        state[key] = after[key]
    for key in difference.added:
        assert key not in before
        state[key] = after[key]
    assert state == after
    assert bool(difference) == (before != after)
