"""Records as values: their keys, their fingerprints, and the ranges of ports."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.registry.records import Key, PortRange, Record
from tests.data import traps

pytestmark = pytest.mark.any_database

CELLS_BEYOND_THE_KEY = [*Record._fields[5:14]]


def test_a_key_is_the_name_the_port_cell_the_transport_and_the_occurrence() -> None:
    (ssh,) = traps.read(traps.write_table([traps.row("ssh", "22")]))
    assert isinstance(ssh, Record)
    assert ssh._replace(occurrence=3).key == Key("ssh", "22", "tcp", 3)


def test_no_two_records_of_the_traps_file_have_the_same_key() -> None:
    assert len({record.key for record in traps.RECORDS}) == len(traps.ROWS)


def test_every_cell_stands_in_the_key_or_in_the_fingerprint() -> None:
    assert {*Record._fields} - {"first_port", "last_port"} == {
        *Key._fields,
        *CELLS_BEYOND_THE_KEY,
    }


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


def test_a_fingerprint_is_32_hexadecimal_digits_that_stay_the_same_between_runs() -> None:
    (ssh,) = [record for record in traps.RECORDS if record.key[:3] == ("ssh", "22", "tcp")]
    assert ssh.fingerprint == "dde293a9631f8f459a2bc1237bd0213c"


@pytest.mark.parametrize("field", CELLS_BEYOND_THE_KEY)
def test_a_fingerprint_differs_when_any_cell_beyond_the_key_differs(field: str) -> None:
    for record in traps.RECORDS:
        other = record._replace(**{field: getattr(record, field) + "x"})
        assert other.fingerprint != record.fingerprint


@settings(deadline=None)
@given(st.data())
def test_text_that_moves_from_one_cell_to_the_next_changes_the_fingerprint(
    data: st.DataObject,
) -> None:
    record = data.draw(st.sampled_from(traps.RECORDS))
    column = data.draw(st.integers(5, 12))
    both = record[column] + record[column + 1]
    cut = data.draw(st.integers(0, len(both)))
    fields = Record._fields[column : column + 2]
    moved = record._replace(**dict(zip(fields, (both[:cut], both[cut:]), strict=True)))
    assert (moved.fingerprint == record.fingerprint) == (moved == record)


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
