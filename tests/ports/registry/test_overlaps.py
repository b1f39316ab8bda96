"""Which removed and added records hang together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.registry.overlaps import Group, groups, is_named
from ports.registry.records import Record
from tests.data import traps

pytestmark = pytest.mark.any_database


def record(cells: tuple[str, tuple[int, int], str]) -> Record:
    name, (one, other), transport = cells
    first, last = min(one, other), max(one, other)
    return traps.RECORDS[0]._replace(
        service_name=name,
        port_cell=f"{first}-{last}",
        first_port=first,
        last_port=last,
        transport=transport,
    )


PORTS = st.integers(1, 30)
RECORDS = st.tuples(
    st.sampled_from(["", "", "a", "b"]),
    st.tuples(PORTS, PORTS),
    st.sampled_from(["", "tcp", "udp", "sctp"]),
).map(record)
SIDES = st.lists(RECORDS, max_size=12, unique=True)
type Side = list[Record]


def members(group: Group) -> frozenset[tuple[bool, Record]]:
    """The records of a group, and whether each is an added one."""
    return frozenset(
        [(False, old) for old in (*group.removed, *group.nameless_before)]
        + [(True, new) for new in (*group.added, *group.nameless_after)]
        + [pair for old, new in group.renamed for pair in ((False, old), (True, new))]
    )


def hang_together(old: Record, new: Record) -> bool:
    return (
        bool({*old.ports} & {*new.ports})
        and not (is_named(old) and is_named(new))
        and (old.transport == new.transport or "" in {old.transport, new.transport})
    )


def one_by_one(removed: Side, added: Side) -> set[frozenset[tuple[bool, Record]]]:
    """The same by comparing each with each, and joining until nothing changes."""
    found = [{(False, old)} for old in removed] + [{(True, new)} for new in added]
    for old in removed:
        for new in added:
            if hang_together(old, new):
                touched = [group for group in found if group & {(False, old), (True, new)}]
                found = [group for group in found if group not in touched]
                found.append(set().union(*touched))
    return {frozenset(group) for group in found}


@settings(deadline=None)
@given(SIDES, SIDES)
def test_groups_are_those_of_comparing_each_with_each(removed: Side, added: Side) -> None:
    found = list(groups(removed, added, []))
    assert {members(group) for group in found} == one_by_one(removed, added)
    assert all(members(group) for group in found)
    for group in found:
        assert all(map(is_named, (*group.removed, *group.added)))
        assert not any(map(is_named, (*group.nameless_before, *group.nameless_after)))


def test_the_two_of_a_renaming_are_in_one_group_with_what_each_hangs_together_with() -> None:
    old, new = record(("a", (5, 5), "")), record(("b", (5, 5), ""))
    removed, added = record(("", (5, 5), "tcp")), record(("", (5, 5), "udp"))
    (group,) = groups([removed], [added], [(old, new)])
    assert (group.nameless_before, group.nameless_after) == ([removed], [added])
    assert group.renamed == [(old, new)]
    assert not group.removed
    assert not group.added


@pytest.mark.parametrize("name", ["", " "])
def test_a_service_without_port_hangs_together_with_no_port_and_blanks_are_no_name(
    name: str,
) -> None:
    zero = record((name, (0, 0), ""))
    service = zero._replace(service_name="oro", port_cell="", first_port=None, last_port=None)
    for found in (groups([zero], [service], []), groups([service], [zero], [])):
        assert len([*found]) == 2
    assert not is_named(zero)
    assert is_named(service)
