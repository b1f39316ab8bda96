"""Records as values: their keys, their fingerprints, and the ranges of ports."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.registry.records import Key, PortRange, Record
from tests.data import traps

pytestmark = pytest.mark.any_database

CELL_FIELDS = [
    field for field in Record._fields if field not in {"first_port", "last_port", "occurrence"}
]


def test_a_key_is_the_name_the_port_cell_the_transport_and_the_occurrence() -> None:
    (ssh,) = traps.read(traps.write_table([traps.row("ssh", "22")]))
    assert isinstance(ssh, Record)
    assert ssh._replace(occurrence=3).key == Key("ssh", "22", "tcp", 3)


def test_no_two_records_of_the_traps_file_have_the_same_key_or_fingerprint() -> None:
    assert len({record.key for record in traps.RECORDS}) == len(traps.ROWS)
    assert len({record.fingerprint for record in traps.RECORDS}) == len(traps.ROWS)


def test_a_fingerprint_is_32_hexadecimal_digits_that_stay_the_same_between_runs() -> None:
    (ssh,) = [record for record in traps.RECORDS if record.key[:3] == ("ssh", "22", "tcp")]
    assert ssh.fingerprint == "b54ee6c138cfe88caeb4e1686e0b91ef"


@pytest.mark.parametrize("field", CELL_FIELDS)
def test_a_fingerprint_differs_when_any_published_cell_differs(field: str) -> None:
    for record in traps.RECORDS:
        other = record._replace(**{field: getattr(record, field) + "x"})
        assert other.fingerprint != record.fingerprint


def test_a_fingerprint_differs_with_the_occurrence() -> None:
    record = traps.RECORDS[0]
    assert record._replace(occurrence=1).fingerprint != record.fingerprint


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
