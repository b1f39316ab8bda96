"""What can be asked of the ports."""

import pytest

from ports.models import Port
from ports.registry.records import PortRange, Status, Transport
from ports.registry.status import PortStatuses, default_statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]


def numbers(ports: object) -> list[int]:
    return [port.number for port in ports]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("port_range", "first", "last"),
    [
        (PortRange.SYSTEM, 0, 1023),
        (PortRange.USER, 1024, 49151),
        (PortRange.DYNAMIC, 49152, 65535),
    ],
)
def test_the_ports_of_a_range_are_those_of_rfc_6335(
    port_range: PortRange, first: int, last: int
) -> None:
    ports = Port.objects.in_range(port_range).values_list("number", flat=True)
    assert list(ports) == list(range(first, last + 1))


@pytest.mark.parametrize(
    ("status", "transport", "expected"),
    [
        (Status.DEASSIGNED, Transport.TCP, [15, 585, 659, 1028, 1783, 2925, 9006]),
        (Status.DEASSIGNED, Transport.UDP, [585, 659, 1028, 1783, 2905, 2925, 9006, 14001]),
        (Status.DEASSIGNED, None, [15, 585, 659, 1028, 1783, 2905, 2925, 9006, 14001]),
        (Status.RESERVED, Transport.DCCP,
         [*range(225, 242), *range(1011, 1021), 1109, 8282, 49151]),
        (Status.ASSIGNED, Transport.SCTP,
         [22, 80, 443, 1021, *range(3322, 3326), *range(4200, 4300), 6400, 14001,
          *range(27000, 27010)]),
    ],
)  # fmt: skip
def test_ports_are_found_by_their_status_on_one_transport_or_on_tcp_or_udp(
    status: Status, transport: Transport | None, expected: list[int]
) -> None:
    assert numbers(Port.objects.with_status(status, transport)) == expected


def test_a_status_on_sctp_or_dccp_alone_is_not_found_without_naming_the_transport() -> None:
    assert 8282 not in numbers(Port.objects.with_status(Status.RESERVED))


def test_a_port_knows_its_number_its_range_and_its_statuses() -> None:
    port = Port.objects.get(number=14001)
    assert (str(port), port.range) == ("14001", PortRange.USER)
    assert port.statuses == PortStatuses(
        Status.ASSIGNED, Status.DEASSIGNED, Status.ASSIGNED, Status.UNASSIGNED
    )


def test_ports_with_records_are_those_whose_statuses_are_not_the_default() -> None:
    expected = [
        port.number for port in Port.objects.all() if port.statuses != default_statuses(port.number)
    ]
    assert numbers(Port.objects.with_records()) == expected
    assert len(expected) == 271
    Port.objects.filter(number=60000).update(dccp_status=Status.UNASSIGNED)
    Port.objects.filter(number=114).update(dccp_status=Status.DYNAMIC)
    assert set(numbers(Port.objects.with_records())) == {*expected, 60000, 114}
