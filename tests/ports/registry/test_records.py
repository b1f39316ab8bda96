"""Records as values: their keys, their cells, and the ranges of ports."""

import pytest

from ports.registry.records import Key, PortRange, Record, keyed
from tests.data import traps

pytestmark = pytest.mark.any_database


def test_a_key_is_the_name_the_port_cell_the_transport_and_the_occurrence() -> None:
    (ssh,) = traps.read(traps.write_table([traps.row("ssh", "22")]))
    assert isinstance(ssh, Record)
    assert ssh._replace(occurrence=3).key == Key("ssh", "22", "tcp", 3)


def test_no_two_records_of_the_traps_file_have_the_same_key() -> None:
    assert len({record.key for record in traps.RECORDS}) == len(traps.ROWS)


def test_records_are_found_by_the_keys_that_they_have() -> None:
    assert keyed(traps.RECORDS) == {record.key: record for record in traps.RECORDS}
    assert all(isinstance(key, Key) for key in keyed(traps.RECORDS))


def test_the_cells_of_a_record_are_those_of_its_row_by_name() -> None:
    for record, row in zip(traps.RECORDS, traps.ROWS, strict=True):
        assert [*record.cells.values()] == traps.cells_of(record)
        assert [*record.cells][:3] == ["service_name", "port_cell", "transport"]
        assert len(record.cells) == len(row)


@pytest.mark.parametrize(
    ("name", "port", "transport", "ports"),
    [
        ("ssh", "22", "tcp", range(22, 23)),
        ("", "4748-4748", "", range(4748, 4749)),
        ("x11", "6000-6063", "udp", range(6000, 6064)),
        ("mieleathome", "", "tcp", range(0)),
    ],
)
def test_a_record_covers_the_ports_of_its_cell(
    name: str, port: str, transport: str, ports: range
) -> None:
    (record,) = [row for row in traps.RECORDS if row.key[:3] == (name, port, transport)]
    assert record.ports == ports


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, PortRange.SYSTEM),
        (1023, PortRange.SYSTEM),
        (1024, PortRange.USER),
        (49151, PortRange.USER),
        (49152, PortRange.DYNAMIC),
        (65535, PortRange.DYNAMIC),
    ],
)
def test_the_ranges_have_the_edges_of_rfc_6335(number: int, expected: PortRange) -> None:
    assert PortRange.of(number) is expected
    assert expected.first <= number <= expected.last


def test_the_ranges_cover_every_port_once() -> None:
    covered = [number for part in PortRange for number in range(part.first, part.last + 1)]
    assert covered == list(range(65536))
