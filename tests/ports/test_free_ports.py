"""Which ports are suggested, and which never."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.browser_ports import BLOCKED
from ports.free_ports import FIRST, LAST, ROOM, FreePort, Reason, best, free_ports
from ports.models import Port, RegistryChange, Usage
from ports.registry.records import Status, Transport
from ports.registry.status import PortStatuses
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record
from tests.ports.writing import publish, published_article, save, usage

TCP, UDP = Transport.TCP, Transport.UDP
BOTH = [TCP, UDP]
NUMBERS = st.integers(min_value=FIRST, max_value=LAST)


def numbers(first: int = FIRST, last: int = LAST, *, of: Any = BOTH, **more: Any) -> list[int]:
    """All eligible ports between two."""
    found = free_ports(of, first=first, last=last, most=65536, **more)
    assert len(found.ports) == found.total
    return sorted(port.number for port in found.ports)


@pytest.mark.django_db
class TestWhichAreEligible:
    def test_those_that_the_registry_calls_unassigned_on_every_protocol_asked_for(self) -> None:
        for transports in (BOTH, [TCP], [UDP]):
            found = numbers(of=transports)
            assert len(found) > 10_000
            statuses = Port.objects.in_bulk(found)
            for number in found:
                said = statuses[number].statuses
                assert {getattr(said, each) for each in transports} == {Status.UNASSIGNED}

    def test_none_that_is_assigned_on_one_of_the_two(self) -> None:
        free = numbers()[0]
        Port.objects.filter(pk=free).update(udp_status=Status.ASSIGNED)
        assert free not in numbers()
        assert free not in numbers(of=[UDP])
        assert free in numbers(of=[TCP])

    def test_none_that_was_withdrawn_on_any_protocol(self) -> None:
        free = numbers()[0]
        Port.objects.filter(pk=free).update(sctp_status=Status.DEASSIGNED)
        assert free not in numbers()

    def test_none_whose_registration_left_the_registry_without_a_trace_in_it(self) -> None:
        first, second, *_rest = numbers()
        seen = made.snapshot("2026-07-23")
        made.removed(seen, record("Gone-1", str(first)))
        assert RegistryChange.objects.covering(first).exists()
        assert numbers()[0] == second

    def test_records_that_only_said_unassigned_were_no_registration(self) -> None:
        before = numbers()
        made.removed(made.snapshot("2026-07-23"), made.unassigned("20000-20100"))
        assert numbers() == before

    @pytest.mark.parametrize("kind", Usage.Kind.values)
    def test_none_that_something_is_known_to_use(self, kind: str) -> None:
        first, last = 20_000, 20_100
        before = numbers(first, last)
        owner, _row = usage(
            name="Thing", kind=kind, first_port=20_000, last_port=20_060, transport="tcp",
            description_en="It runs there.",
        )  # fmt: skip
        save(owner)
        assert numbers(first, last) == before, "a draft"
        publish(owner)
        for transports in (BOTH, [TCP], [UDP]):
            assert numbers(first, last, of=transports) == [n for n in before if n > 20_060]

    def test_none_that_has_a_story(self) -> None:
        free = numbers()[0]
        published_article(free)
        assert free not in numbers()

    def test_none_that_browsers_block(self) -> None:
        Port.objects.filter(pk__in=BLOCKED).update(tcp_status="unassigned", udp_status="unassigned")
        assert not BLOCKED & set(numbers())
        assert any(FIRST <= number <= LAST for number in BLOCKED)

    def test_only_user_ports_well_below_the_ephemeral_ones(self) -> None:
        found = numbers(0, 65535)
        assert found == numbers()
        assert found[0] >= 1024
        assert found[-1] < 32768 - ROOM

    def test_only_those_between_the_bounds(self) -> None:
        found = numbers(20_000, 20_050)
        assert found
        assert found == [number for number in numbers() if 20_000 <= number <= 20_050]
        for first, last in ((0, 1023), (32_768, 65_535), (30_000, 20_000), (22, 22)):
            assert numbers(first, last) == []

    @pytest.mark.usefixtures("empty_registry")
    def test_none_as_long_as_there_is_no_registry(self) -> None:
        found = free_ports(BOTH, first=FIRST, last=LAST, most=5)
        assert found == ([], 0, None)


@pytest.mark.django_db
class TestWhichAreBest:
    def test_those_that_are_far_from_registered_ports(self) -> None:
        found = free_ports(BOTH, first=FIRST, last=LAST, most=100)
        registered = {
            number
            for number, *said in Port.objects.values_list(
                "pk", *(f"{each.value}_status" for each in Transport)
            )
            if Status.ASSIGNED in said
        }
        for port in found.ports:
            around = range(port.number - ROOM + 1, port.number + ROOM)
            assert registered.isdisjoint(around)
            assert port.nearest in registered
            assert set(port.reasons) == set(Reason)

    def test_those_that_are_unassigned_on_all_protocols_before_those_with_room(self) -> None:
        free, taken = Status.UNASSIGNED, Status.ASSIGNED
        statuses = {
            20_000: PortStatuses(taken, taken, free, free),
            25_000: PortStatuses(free, Status.RESERVED, free, free),
        }
        found = best([20_001, 25_000], statuses, most=2, seed=0)
        assert [(port.number, port.room) for port in found] == [(20_001, 1), (25_000, ROOM)]

    def test_one_seed_gives_the_same_ports_and_another_one_others(self) -> None:
        given = {"first": FIRST, "last": LAST, "most": 100}
        first = free_ports(BOTH, **given, seed=1)
        assert free_ports(BOTH, **given, seed=1).ports == first.ports
        second = free_ports(BOTH, **given, seed=2)
        assert second.total == first.total
        assert len(set(first.ports) & set(second.ports)) < 20
        few = free_ports(BOTH, first=FIRST, last=LAST, most=7, seed=1)
        assert few.ports == first.ports[:7]

    def test_the_order_does_not_change_from_version_to_version(self) -> None:
        found = best(range(20_000, 21_000), {}, most=3, seed=0)
        assert [port.number for port in found] == [20_024, 20_633, 20_366]


@pytest.mark.any_database
@given(st.sets(NUMBERS), st.dictionaries(NUMBERS, st.sampled_from(Status)), st.integers(0, 9))
def test_the_best_are_some_of_the_candidates_and_the_nearest_port_is_nearest(
    candidates: set[int], said: dict[int, Status], most: int
) -> None:
    unassigned = Status.UNASSIGNED
    statuses = {
        n: PortStatuses(unassigned, unassigned, each, unassigned) for n, each in said.items()
    }
    registered = [number for number, each in said.items() if each == Status.ASSIGNED]
    found = best(candidates, statuses, most=most, seed=7)
    assert len(found) == min(most, len(candidates))
    assert {port.number for port in found} <= candidates
    for port in found:
        distances = [abs(port.number - number) for number in registered]
        assert (port.nearest is None) == (not registered)
        if port.nearest is not None:
            assert abs(port.number - port.nearest) == min(distances)
    ranks = [(not port.is_unregistered, -port.room) for port in found]
    assert ranks == sorted(ranks)
    left = [FreePort(n, None, n not in statuses) for n in candidates - {p.number for p in found}]
    if found and not found[-1].is_unregistered:
        assert not any(port.is_unregistered for port in left)
