"""What can be asked of the stored records."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from ports.models import Assignment
from ports.registry.records import Key
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]


ANY_PORT = st.integers(0, 65535)


def found(**fields: object) -> Assignment:
    return Assignment.objects.get(**fields)


def expected(numbers: Collection[int]) -> list[Key]:
    """The keys of the records of the traps file that cover any of these ports."""
    wanted = set(numbers)
    return [record.key for record in traps.RECORDS if wanted.intersection(record.ports)]


@pytest.mark.parametrize(
    "number",
    [0, 22, 23, 80, 114, 3321, 3322, 3325, 3326, 4748, 5999, 6000, 6010, 6063, 6064, 49151, 65535],
)
def test_the_records_covering_a_port_are_those_whose_ports_include_it(number: int) -> None:
    covering = Assignment.objects.covering(number).order_by("id")
    assert [row.key for row in covering] == expected([number])


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [22],
        [22, 22],
        [24, 22],
        [22, 80, 6010],
        [5999, 6000],
        [6063, 6064],
        [6064, 5999],
        [3321, 3326],
        [3320, 3322, 3324, 3326],
        [225, 241, 242],
        [3436, 3437, 3438, 3439, 3440, 3441, 3442, 3443, 3444, 80, 4250],
        range(5990, 6011),
        range(5000, 7001),
        range(65536),
        (0, 65535),
        {22, 3322, 27009},
        {22: "ssh", 80: "http"},
        frozenset({49151}),
    ],
    ids=str,
)
def test_the_records_covering_any_of_several_ports_are_told_once_each(
    numbers: Collection[int],
) -> None:
    covering = Assignment.objects.covering_any(numbers).order_by("id")
    assert [row.key for row in covering] == expected(numbers)


@given(st.sets(st.sampled_from([n for r in traps.RECORDS for n in r.ports]) | ANY_PORT, max_size=9))
def test_a_record_covers_any_of_some_ports_exactly_when_it_covers_one_of_them(
    numbers: set[int],
) -> None:
    covering = Assignment.objects.covering_any(numbers).order_by("id")
    assert [row.key for row in covering] == expected(numbers)


def test_records_of_one_port_and_of_a_span_are_covered_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert len(Assignment.objects.covering_any([22, 80, 6010, 4250])) == 11


def test_a_text_may_cite_thousands_of_ports() -> None:
    every_other = range(1, 5001, 2)
    covering = Assignment.objects.covering_any(every_other).order_by("id")
    assert [row.key for row in covering] == expected(every_other)


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
