"""The figures of the registry, counted from scratch and moved by a difference."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.registry.records import LAST_PORT, PortRange, Record, Status
from ports.registry.statistics import PortState, moved, statistics
from ports.registry.status import PortStatuses, Statuses, derive_statuses
from tests.data import traps

pytestmark = pytest.mark.any_database

SSH = next(record for record in traps.RECORDS if record.service_name == "ssh")


def named(records: list[Record]) -> set[int]:
    """The ports of which some record has a service name."""
    return {number for record in records if record.service_name for number in record.ports}


def test_the_ports_with_a_name_are_counted_by_range_and_block() -> None:
    found = statistics(traps.RECORDS, derive_statuses(traps.RECORDS))
    numbers = named(traps.RECORDS)
    assert found["named_ports"] == {
        "system": len([number for number in numbers if number <= 1023]),
        "user": len([number for number in numbers if 1024 <= number <= 49151]),
        "dynamic": 0,
    }
    assert len(found["blocks"]) == 256
    assert sum(found["blocks"]) == len(numbers)
    assert found["blocks"][6000 // 256] == len([n for n in numbers if n // 256 == 6000 // 256])
    assert found["services"] == len({row[0].lower() for row in traps.ROWS if row[0]})


def test_a_service_counts_once_in_whatever_letter_case_it_is_written() -> None:
    shouted = SSH._replace(service_name="SSH", transport="udp")
    assert statistics([SSH, shouted], Statuses())["services"] == 1


def test_a_service_without_a_port_counts_as_a_service_and_names_no_port() -> None:
    nowhere = SSH._replace(port_cell="", first_port=None, last_port=None)
    found = statistics([nowhere], Statuses())
    assert (found["services"], sum(found["blocks"])) == (1, 0)


def test_the_edges_of_ranges_count_where_they_belong() -> None:
    edges = [
        SSH._replace(first_port=number, last_port=number)
        for number in (0, 1023, 1024, 49151, 49152, 65535)
    ]
    found = statistics(edges, derive_statuses(edges))
    assert found["named_ports"] == {port_range.value: 2 for port_range in PortRange}
    assert [block for block, count in enumerate(found["blocks"]) if count] == [
        0, 3, 4, 191, 192, 255,
    ]  # fmt: skip


def test_a_port_counts_once_for_each_status_it_has_on_tcp_or_udp() -> None:
    statuses = derive_statuses([])
    before = statistics([], statuses)["statuses"]["user"]
    assert before == {**dict.fromkeys(Status, 0), "unassigned": 48128}
    statuses[11434] = PortStatuses(
        Status.ASSIGNED, Status.RESERVED, Status.UNASSIGNED, Status.UNASSIGNED
    )
    statuses[3440] = PortStatuses(
        Status.ASSIGNED, Status.ASSIGNED, Status.UNASSIGNED, Status.UNASSIGNED
    )
    statuses[8282] = PortStatuses(*[Status.UNASSIGNED] * 3, Status.RESERVED)
    assert statistics([], statuses)["statuses"]["user"] == {
        **before,
        "assigned": 2,
        "reserved": 1,
        "unassigned": 48126,
    }


def test_an_empty_registry_has_the_defaults_of_every_range() -> None:
    counted = statistics([], Statuses())["statuses"]
    assert {name: {k: n for k, n in counts.items() if n} for name, counts in counted.items()} == {
        "system": {"unassigned": 1024},
        "user": {"unassigned": 48128},
        "dynamic": {"dynamic": 16384},
    }
    assert all(list(counts) == list(Status) for counts in counted.values())


def test_a_difference_of_nothing_moves_nothing() -> None:
    before = statistics(traps.RECORDS, derive_statuses(traps.RECORDS))
    assert moved(before, [], services=0) == before


EDGES = st.sampled_from([0, 21, 22, 255, 256, 1023, 1024, 6000, 49151, 49152, 65535])
SPANS = st.tuples(EDGES, st.integers(0, 40)).map(
    lambda span: {"first_port": span[0], "last_port": min(span[0] + span[1], LAST_PORT)}
)
RECORDS = st.builds(
    lambda record, span: record._replace(**span) if record.first_port is not None else record,
    st.sampled_from(traps.RECORDS),
    SPANS,
)
STATES = st.lists(RECORDS, max_size=6)


@settings(deadline=None)
@given(STATES, STATES, STATES, st.booleans())
def test_moved_figures_are_those_counted_from_scratch(
    stay: list[Record], gone: list[Record], come: list[Record], all_told: bool
) -> None:
    """Whether it is told of all the ports that either state speaks of, or of those that differ."""
    old, new = [*stay, *gone], [*stay, *come]
    was, is_now = derive_statuses(old), derive_statuses(new)
    states = {
        number: (
            PortState(was[number], number in named(old)),
            PortState(is_now[number], number in named(new)),
        )
        for number in {number for record in (*old, *new) for number in record.ports}
    }
    expected = statistics(new, is_now)
    before = statistics(old, was)
    as_it_was = repr(before)
    found = moved(
        before,
        [(number, *pair) for number, pair in states.items() if all_told or pair[0] != pair[1]],
        services=expected["services"] - before["services"],
    )
    assert found == expected
    assert repr(before) == as_it_was
