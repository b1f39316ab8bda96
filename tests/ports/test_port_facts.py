"""What the registry says of a port, gathered for its page."""

from collections.abc import Collection

import pytest

from ports.models import Assignment
from ports.port_facts import PortFacts, port_facts, shown_beside
from ports.registry.records import PortRange, Status, Transport
from ports.registry_excerpt import registry_excerpt

pytestmark = pytest.mark.django_db


def facts_of(number: int) -> PortFacts:
    return port_facts(number, registry_excerpt(shown_beside(number)))


def test_the_facts_cost_three_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        facts = facts_of(80)
        assert facts.snapshot is not None


def test_records_that_differ_in_the_transport_only_are_one_registration() -> None:
    (registration,) = facts_of(3440).registrations
    assert registration.name == "ans-console"
    assert registration.transports == (Transport.TCP, Transport.UDP)
    assert registration.people == ("John Richmond",)
    assert registration.where == "3440/tcp, 3440/udp"


def test_a_port_with_several_names_tells_all_of_them() -> None:
    assert set(facts_of(80).service_names) == {"http", "www", "www-http"}


def test_a_port_inside_a_span_tells_the_span() -> None:
    (registration,) = facts_of(6010).registrations
    assert (registration.name, registration.first_port, registration.last_port) == (
        "x11",
        6000,
        6063,
    )
    assert "x11" in facts_of(6063).service_names
    assert "x11" not in facts_of(6064).service_names


def test_tcp_and_udp_are_always_told_others_only_where_they_have_a_record() -> None:
    assert [p.transport for p in facts_of(3440).protocols] == [Transport.TCP, Transport.UDP]
    assert Transport.SCTP in [p.transport for p in facts_of(22).protocols]


def test_a_port_may_be_assigned_on_one_protocol_and_reserved_on_the_other() -> None:
    tcp, udp = facts_of(11434).protocols
    assert (tcp.status, tcp.names) == (Status.ASSIGNED, ("ollama",))
    assert (udp.status, udp.names) == (Status.RESERVED, ())


def test_a_record_without_transport_speaks_for_tcp_and_udp() -> None:
    tcp, udp = facts_of(4200).protocols
    assert tcp.status == udp.status == Status.ASSIGNED
    assert tcp.names == udp.names == ()
    assert tcp.unspecified_names == udp.unspecified_names == ("vrml-multi-use",)
    assert facts_of(4200).registrations[0].transports == ()


def test_neighbours_stop_at_the_ends_of_the_port_space() -> None:
    assert [n.number for n in facts_of(0).neighbours] == [0, 1, 2, 3, 4]
    assert [n.number for n in facts_of(65535).neighbours] == [65531, 65532, 65533, 65534, 65535]


def test_every_port_lies_in_its_range() -> None:
    for number, expected in (
        (0, PortRange.SYSTEM),
        (1023, PortRange.SYSTEM),
        (1024, PortRange.USER),
        (49151, PortRange.USER),
        (49152, PortRange.DYNAMIC),
        (65535, PortRange.DYNAMIC),
    ):
        assert facts_of(number).range == expected


def test_ephemeral_spans_begin_where_systems_begin_them() -> None:
    assert facts_of(32767).ephemeral_on == []
    assert [system for system, _f, _l in facts_of(32768).ephemeral_on] == ["Linux"]
    assert [system for system, _f, _l in facts_of(50000).ephemeral_on] == [
        "Linux",
        "Windows",
        "macOS",
    ]
    assert [system for system, _f, _l in facts_of(61000).ephemeral_on] == ["Windows", "macOS"]


def test_remarks_are_what_goes_beyond_reserved_and_unassigned() -> None:
    assert any("993" in remark for remark in facts_of(585).remarks)
    assert facts_of(3440).remarks == ()


def test_a_port_speaks_tls_when_a_registered_description_says_so() -> None:
    assert facts_of(443).speaks_tls
    assert not facts_of(22).speaks_tls


def test_only_the_neighbours_inside_the_port_space_are_shown_beside_a_port() -> None:
    assert list(shown_beside(3440)) == list(range(3436, 3445))
    assert list(shown_beside(0)) == [0, 1, 2, 3, 4]
    assert list(shown_beside(65535)) == [65531, 65532, 65533, 65534, 65535]


def test_an_excerpt_with_more_ports_gives_the_same_facts() -> None:
    excerpt = registry_excerpt({*shown_beside(3440), 80, 6010, 60000})
    assert port_facts(3440, excerpt) == facts_of(3440)


@pytest.mark.parametrize("numbers", [range(3436, 3445), [3440, 80, 6010]])
def test_the_index_of_spans_is_used_for_them(numbers: Collection[int]) -> None:
    plan = Assignment.objects.covering_any(numbers).explain()
    assert "assignment_spans" in plan or "Seq Scan" in plan  # PostgreSQL may find scanning cheaper
