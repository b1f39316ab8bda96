"""What the words of a record say, and what the records together say of each port."""

import pytest

from ports.registry.records import Record, Status
from ports.registry.status import PortStatuses, Statuses, derive_statuses, record_status
from tests.data import traps

pytestmark = pytest.mark.any_database

A, R, U, D = Status.ASSIGNED, Status.RESERVED, Status.UNASSIGNED, Status.DEASSIGNED

# Every record of the traps file that is not simply assigned, by name, port cell and transport.
NOT_ASSIGNED = {
    ("", "0", "tcp"): R,
    ("", "0", "udp"): R,
    ("", "4", "tcp"): U,
    ("", "15", "tcp"): D,  # Unassigned [was netstat]
    ("", "114", ""): U,  # unassigned
    ("", "225-241", ""): R,
    ("", "585", ""): D,  # De-registered
    ("", "659", ""): D,  # Removed
    ("", "788-799", ""): U,
    ("", "1008", "udp"): U,  # Possibly used by Sun Solaris????
    ("", "1011-1020", ""): R,
    ("", "1023", "tcp"): R,
    ("", "1023", "udp"): R,
    ("", "1024", "tcp"): R,
    ("", "1024", "udp"): R,
    ("", "1028", ""): D,  # Deprecated
    ("", "1109", ""): R,  # Reserved - IANA
    ("", "1783", ""): D,  # Decomissioned Port 04/14/00, ms
    ("", "2825", ""): U,  # (unassigned) Possibly assigned
    ("", "2905", "udp"): D,  # De-registered
    ("", "2925", ""): D,  # Unassigned (FRP-Released 12/7/00)
    ("", "4748-4748", ""): U,
    ("stun-behaviors", "5349", "udp"): R,  # Reserved for a future enhancement of STUN-BEHAVIOR
    ("", "6665-6669", "udp"): R,
    ("", "8282", "dccp"): R,
    ("", "9006", ""): D,  # De-Commissioned Port
    ("", "11434", "udp"): R,
    ("sua", "14001", "udp"): D,  # De-Registered
    ("", "49151", ""): R,
}


def record(port: str, description: str, *, name: str = "", transport: str = "tcp") -> Record:
    (found,) = traps.read(traps.write_table([traps.made(name, port, transport, description)]))
    assert isinstance(found, Record)
    return found


def of_every_port(statuses: Statuses) -> list[PortStatuses]:
    return [statuses[number] for number in range(65536)]


@pytest.mark.parametrize("record", traps.RECORDS, ids=lambda record: " ".join(record.key[:3]))
def test_each_record_of_the_traps_file_has_the_status_its_words_mean(record: Record) -> None:
    expected = NOT_ASSIGNED.get((record.service_name, record.port_cell, record.transport), A)
    assert record_status(record) is expected


@pytest.mark.parametrize(
    ("description", "status"),
    [
        ("Unassigned", U),
        ("unassigned", U),
        ("UNASSIGNED", U),
        ("Reserved", R),
        ("RESERVED", R),
        ("Deregistered", D),
        ("De-registered", D),
        ("Decommissioned Port", D),
        ("De-Comissioned", D),
        ("removed", D),
        ("Reservedness", A),
        ("Removedor Protocol", A),
        ("Unassignedish", A),
        ("not Reserved", A),
        ("any private mail system", A),
        ("", A),
    ],
)
def test_words_count_in_any_letter_case_at_the_beginning_and_as_whole_words(
    description: str, status: Status
) -> None:
    assert record_status(record("80", description)) is status


@pytest.mark.parametrize(
    "description",
    ["Unassigned", "RemoteWare Unassigned", "Unassigned [was netstat]", "Possibly used", ""],
)
def test_a_name_makes_an_assignment_of_words_that_mean_unassigned(description: str) -> None:
    assert record_status(record("80", description, name="named")) is A


@pytest.mark.parametrize("port", ["80", "80-81", "79-80", "0-65535"])
def test_a_record_gives_its_status_to_the_ports_it_covers_and_no_others(port: str) -> None:
    statuses = of_every_port(derive_statuses([record(port, "Reserved")]))
    first, _, last = port.partition("-")
    reserved = [number for number, found in enumerate(statuses) if found.tcp is R]
    assert reserved == list(range(int(first), int(last or first) + 1))
    assert {found.udp for found in statuses} == {U, Status.DYNAMIC}


def test_a_port_without_a_record_is_unassigned_and_dynamic_from_49152_up() -> None:
    statuses = of_every_port(derive_statuses([]))
    assert set(statuses[:49152]) == {PortStatuses(U, U, U, U)}
    assert set(statuses[49152:]) == {PortStatuses(*[Status.DYNAMIC] * 4)}


def test_a_record_with_a_service_but_no_port_gives_no_port_a_status() -> None:
    found = record("", "Miele@home Protocol", name="mieleathome")
    assert derive_statuses([found]) == derive_statuses([])


def test_a_record_that_names_no_transport_speaks_for_all_of_them() -> None:
    assert derive_statuses([record("585", "De-registered", transport="")])[585] == (D, D, D, D)


@pytest.mark.parametrize("own", ["Unassigned", "De-registered", "Reserved", "any private link"])
@pytest.mark.parametrize("shared", ["Unassigned", "Reserved", "any private link"])
def test_a_record_of_its_own_transport_counts_before_one_without_a_transport(
    own: str, shared: str
) -> None:
    records = [record("80", shared, transport=""), record("80", own, transport="udp")]
    general = record_status(records[0])
    expected = PortStatuses(general, record_status(records[1]), general, general)
    assert derive_statuses(records)[80] == expected
    assert derive_statuses(reversed(records))[80] == expected


def test_of_several_records_for_one_port_and_transport_the_strongest_status_counts() -> None:
    by_strength = ["Unassigned", "De-registered", "Reserved", "any private link"]
    records = [record("80", description) for description in by_strength]
    for strongest, status in enumerate([U, D, R, A]):
        some = records[: strongest + 1]
        assert derive_statuses(some)[80].tcp is status
        assert derive_statuses(reversed(some))[80].tcp is status


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, (R, R, U, U)),
        (9, (U, U, U, A)),
        (15, (D, U, U, U)),
        (22, (A, A, A, U)),
        (24, (A, A, U, U)),
        (114, (U, U, U, U)),
        (230, (R, R, R, R)),
        (585, (D, D, D, D)),
        (1008, (U, U, U, U)),
        (1021, (A, A, A, A)),
        (2999, (A, A, U, U)),
        (3323, (A, A, A, A)),
        (5349, (A, A, U, U)),  # udp: two assignments beside the reserved one
        (6003, (A, A, U, U)),
        (6667, (A, R, U, U)),
        (8282, (U, U, U, R)),
        (11434, (A, R, U, U)),
        (14001, (A, D, A, U)),
        (27009, (A, A, A, A)),
        (27010, (U, U, U, U)),
        (49151, (R, R, R, R)),
        (49152, (Status.DYNAMIC,) * 4),
    ],
)
def test_ports_of_the_traps_file_have_the_statuses_a_reader_of_it_would_name(
    number: int, expected: tuple[Status, ...]
) -> None:
    assert derive_statuses(traps.RECORDS)[number] == expected
