"""What is written to the database is what differs, and what is read back is what was written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ports.models import Assignment, Port
from ports.registry import store
from ports.registry.diff import Difference, compare
from ports.registry.records import Key, PortRange, Record, Status
from ports.registry.status import PortStatuses, Statuses, derive_statuses, record_status
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

RECORDS = {record.key: record for record in traps.RECORDS}
SSH = Key("ssh", "22", "tcp", 0)


def write(records: dict[Key, Record]) -> Difference:
    """Bring the stored records to this state."""
    stored = store.stored_records()
    fingerprints = {key: record.fingerprint for key, record in records.items()}
    difference = compare({key: row.fingerprint for key, row in stored.items()}, fingerprints)
    store.apply(difference, stored=stored, records=records, fingerprints=fingerprints)
    return difference


def test_records_are_given_back_as_they_were_written() -> None:
    write(RECORDS)
    assert {stored.key: stored.record for stored in Assignment.objects.all()} == RECORDS


def test_each_record_is_stored_with_its_status_and_fingerprint() -> None:
    write(RECORDS)
    for stored in Assignment.objects.all():
        assert stored.status == record_status(stored.record)
        assert stored.fingerprint == stored.record.fingerprint


def test_stored_records_are_found_by_their_keys_with_what_comparing_needs() -> None:
    assert store.stored_records() == {}
    write(RECORDS)
    stored = store.stored_records()
    assert stored.keys() == RECORDS.keys()
    assert stored == {
        row.key: store.Stored(row.pk, row.fingerprint, row.status)
        for row in Assignment.objects.all()
    }


def test_only_the_records_that_differ_are_written() -> None:
    write(RECORDS)
    before = traps.tables()["Assignment"]
    ids = {key: row.id for key, row in store.stored_records().items()}
    new = RECORDS[SSH]._replace(transport="dccp")
    gone = Key("rdp", "", "", 1)
    state = RECORDS | {SSH: RECORDS[SSH]._replace(description="Other"), new.key: new}
    del state[gone]
    assert write(state) == Difference([new.key], [gone], [SSH])
    after = traps.tables()["Assignment"]
    assert before.keys() - after.keys() == {ids[gone]}
    assert {pk for pk in before.keys() & after.keys() if before[pk] != after[pk]} == {ids[SSH]}
    (added,) = after.keys() - before.keys()
    assert Assignment.objects.get(pk=added).record == new
    assert {row.key: row.record for row in Assignment.objects.all()} == state


def test_a_modified_record_gets_its_new_status_and_fingerprint_too() -> None:
    write(RECORDS)
    write(RECORDS | {SSH: RECORDS[SSH]._replace(description="Reserved")})
    stored = Assignment.objects.get(service_name="ssh", transport="tcp")
    assert (stored.status, stored.fingerprint) == (Status.RESERVED, stored.record.fingerprint)


def test_statuses_are_written_only_for_the_ports_that_differ() -> None:
    before = traps.tables()["Port"]
    statuses = derive_statuses(traps.RECORDS)
    changed = store.apply_statuses(statuses)
    after = traps.tables()["Port"]
    assert changed == sum(1 for number in range(65536) if before[number] != after[number]) == 271
    assert all(tuple(map(str, statuses[number])) == after[number][1:] for number in after)
    assert store.apply_statuses(statuses) == 0


def test_statuses_that_no_record_gives_any_more_are_taken_back() -> None:
    before = traps.tables()["Port"]
    store.apply_statuses(derive_statuses(traps.RECORDS))
    assert store.apply_statuses(derive_statuses([])) == 271
    assert traps.tables()["Port"] == before


def test_one_status_on_one_transport_is_enough_for_a_port_to_differ() -> None:
    statuses = derive_statuses([])
    statuses[80] = PortStatuses(*statuses[80][:3], Status.RESERVED)
    assert store.apply_statuses(statuses) == 1
    assert Port.objects.get(number=80).statuses == statuses[80]


def test_statistics_count_the_ports_with_a_name_by_range_and_block() -> None:
    statistics = store.statistics(traps.RECORDS, derive_statuses(traps.RECORDS))
    named = {
        number
        for row in traps.ROWS
        if row[0] and row[1]
        for number in range(int(row[1].split("-")[0]), int(row[1].split("-")[-1]) + 1)
    }
    assert statistics["named_ports"] == {
        "system": len([number for number in named if number <= 1023]),
        "user": len([number for number in named if 1024 <= number <= 49151]),
        "dynamic": 0,
    }
    assert len(statistics["blocks"]) == 256
    assert sum(statistics["blocks"]) == len(named)
    assert statistics["blocks"][6000 // 256] == len([n for n in named if n // 256 == 6000 // 256])
    assert statistics["services"] == len({row[0].lower() for row in traps.ROWS if row[0]})


def test_statistics_count_a_service_once_in_whatever_letter_case_it_is_written() -> None:
    shouted = RECORDS[SSH]._replace(service_name="SSH", transport="udp")
    assert store.statistics([RECORDS[SSH], shouted], Statuses())["services"] == 1


def test_statistics_count_the_edges_of_ranges_where_they_belong() -> None:
    edges = [
        RECORDS[SSH]._replace(first_port=number, last_port=number)
        for number in (0, 1023, 1024, 49151, 49152, 65535)
    ]
    statistics = store.statistics(edges, derive_statuses(edges))
    assert statistics["named_ports"] == {port_range.value: 2 for port_range in PortRange}
    assert [block for block, count in enumerate(statistics["blocks"]) if count] == [
        0, 3, 4, 191, 192, 255,
    ]  # fmt: skip


def test_statistics_count_the_ports_of_each_status_as_the_database_does() -> None:
    statuses = derive_statuses(traps.RECORDS)
    store.apply_statuses(statuses)
    counted = store.statistics(traps.RECORDS, statuses)["statuses"]
    assert counted == {
        port_range.value: {
            status.value: Port.objects.in_range(port_range).with_status(status).count()
            for status in Status
        }
        for port_range in PortRange
    }
    assert counted["dynamic"] == {**dict.fromkeys(Status, 0), "dynamic": 16384}


def test_statistics_count_a_port_once_for_each_status_it_has_on_tcp_or_udp() -> None:
    statuses = derive_statuses([])
    before = store.statistics([], statuses)["statuses"]["user"]
    assert before == {**dict.fromkeys(Status, 0), "unassigned": 48128}
    statuses[11434] = PortStatuses(
        Status.ASSIGNED, Status.RESERVED, Status.UNASSIGNED, Status.UNASSIGNED
    )
    statuses[3440] = PortStatuses(
        Status.ASSIGNED, Status.ASSIGNED, Status.UNASSIGNED, Status.UNASSIGNED
    )
    statuses[8282] = PortStatuses(*[Status.UNASSIGNED] * 3, Status.RESERVED)
    assert store.statistics([], statuses)["statuses"]["user"] == {
        **before,
        "assigned": 2,
        "reserved": 1,
        "unassigned": 48126,
    }


def test_statistics_of_an_empty_registry_are_the_defaults_of_every_range() -> None:
    counted = store.statistics([], Statuses())["statuses"]
    assert {name: {k: n for k, n in counts.items() if n} for name, counts in counted.items()} == {
        "system": {"unassigned": 1024},
        "user": {"unassigned": 48128},
        "dynamic": {"dynamic": 16384},
    }
    assert all(list(counts) == list(Status) for counts in counted.values())


def test_locking_asks_nothing_of_a_database_that_lets_one_transaction_write_at_a_time() -> None:
    with CaptureQueriesContext(connection) as queries:
        store.lock()
    assert len(queries) == {"sqlite": 0, "postgresql": 1}[connection.vendor]
