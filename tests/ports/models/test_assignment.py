"""What can be asked of the stored records."""

import pytest

from ports.models import Assignment
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]


def found(**fields: object) -> Assignment:
    return Assignment.objects.get(**fields)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0, 0),
        (22, 22),
        (22, 24),
        (23, 23),
        (3322, 3322),
        (3325, 3325),
        (3326, 3326),
        (4748, 4748),
        (5999, 5999),
        (6000, 6000),
        (6010, 6010),
        (6063, 6070),
        (6064, 6070),
        (5990, 6010),
        (5000, 7000),
        (6001, 6002),
        (49151, 65535),
        (49152, 65535),
        (0, 65535),
    ],
)
def test_the_records_covering_a_span_are_those_whose_ports_overlap_it(
    first: int, last: int
) -> None:
    expected = [
        record.key
        for record in traps.RECORDS
        if record.first_port is not None
        and record.last_port is not None
        and record.first_port <= last
        and record.last_port >= first
    ]
    covering = Assignment.objects.covering(first, last).order_by("id")
    assert [row.key for row in covering] == expected


def test_named_records_are_those_with_a_service_name() -> None:
    named = Assignment.objects.named().order_by("id").values_list("service_name", flat=True)
    assert list(named) == [row[0] for row in traps.ROWS if row[0]]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("http", 3),
        ("HTTP", 3),
        ("HtTp", 3),
        ("rdp", 2),
        ("EtherNet/IP-1", 1),
        ("ethernet/ip-1", 1),
        ("ETHERNET/IP-1", 1),
        ("whois++", 1),
        ("sql*net", 1),
        ("SUBNTBCST_TFTP", 1),
        ("subntbcst-tftp", 0),
        ("htt", 0),
        ("http%", 0),
        ("h_tp", 0),
    ],
)
def test_the_records_of_a_service_are_found_in_any_letter_case_by_its_whole_name(
    name: str, count: int
) -> None:
    records = Assignment.objects.of_service(name)
    assert {row.service_name.lower() for row in records} <= {name.lower()}
    assert len(records) == count


def test_records_stand_in_the_order_of_their_ports() -> None:
    ports = [row.first_port for row in Assignment.objects.exclude(first_port=None)]
    assert ports == sorted(ports, key=int)


def test_a_stored_record_gives_its_published_cells_and_key_back() -> None:
    (record,) = [row for row in traps.RECORDS if row.service_name == "pon-ictp"]
    stored = found(service_name="pon-ictp")
    assert (stored.record, stored.key) == (record, record.key)


@pytest.mark.parametrize(
    ("fields", "text", "is_span"),
    [
        ({"service_name": "ollama"}, "ollama 11434 tcp", False),
        ({"service_name": "x11", "transport": "udp"}, "x11 6000-6063 udp", True),
        ({"service_name": "active-net"}, "active-net 3322-3325", True),
        ({"port_cell": "4748-4748"}, "4748-4748", False),
        ({"service_name": "mieleathome"}, "mieleathome tcp", False),
        ({"service_name": "rdp", "occurrence": 1}, "rdp", False),
    ],
)
def test_a_record_is_called_by_what_it_has_and_is_a_span_with_more_than_one_port(
    fields: dict[str, object], text: str, is_span: bool
) -> None:
    stored = found(**fields)
    assert (str(stored), stored.is_span) == (text, is_span)
