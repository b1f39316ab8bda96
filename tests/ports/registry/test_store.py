"""What is written to the database is what differs, and what is read back is what was written."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ports.models import Assignment, Port, RegistryChange, Snapshot
from ports.registry import store
from ports.registry.cells import read_alias
from ports.registry.changes import Change, ChangeKind
from ports.registry.diff import Difference, compare
from ports.registry.records import Key, PortRange, Record, Status
from ports.registry.statistics import statistics
from ports.registry.status import PortStatuses, Statuses, derive_statuses, record_status
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

RECORDS = {record.key: record for record in traps.RECORDS}
SSH = Key("ssh", "22", "tcp", 0)


def write(records: dict[Key, Record]) -> Difference:
    """Bring the stored records to this state."""
    ids = stored_ids()
    before = {record.key: record for _pk, record in store.stored_records()}
    difference = compare(before, records)
    gone = {key: ids[key] for key in (*difference.removed, *difference.modified)}
    store.apply(difference, ids=gone, records=records)
    return difference


def stored_ids() -> dict[Key, int]:
    """The ids of the stored records by their keys."""
    return {record.key: pk for pk, record in store.stored_records()}


def test_records_are_given_back_as_they_were_written() -> None:
    write(RECORDS)
    assert {stored.key: stored.record for stored in Assignment.objects.all()} == RECORDS


def test_each_record_is_stored_with_its_status_and_alias() -> None:
    write(RECORDS)
    for stored in Assignment.objects.all():
        assert stored.status == record_status(stored.record)
        assert stored.alias_of == read_alias(stored.assignment_notes)
    assert Assignment.objects.get(service_name="whois++").alias_of == "whoispp"


def test_stored_records_come_with_their_ids() -> None:
    assert [*store.stored_records()] == []
    write(RECORDS)
    stored = dict(store.stored_records())
    assert stored == {row.pk: row.record for row in Assignment.objects.all()}
    assert {record.key: record for record in stored.values()} == RECORDS


def test_the_records_that_cover_ports_are_those_of_the_model() -> None:
    write(RECORDS)
    for numbers in ({22}, {6010, 80}, {4100, 4250, 65535}, {*range(3300, 3400)}, {65000}):
        expected = [row.record for row in Assignment.objects.covering_any(numbers)]
        assert sorted(store.covering(numbers)) == sorted(expected)
    assert store.covering(set()) == []


def test_records_with_the_same_name_port_and_transport_are_found_however_they_differ_else() -> None:
    write(RECORDS)
    stored = stored_ids()
    other = RECORDS[SSH]._replace(description="Other")
    assert store.find_records([other]) == {RECORDS[SSH]: stored[SSH]}
    both = [RECORDS[Key("rdp", "", "", number)] for number in (0, 1)]
    assert store.find_records(both[:1]) == {record: stored[record.key] for record in both}
    for fields in (
        {"service_name": "SSH"},
        {"port_cell": "22-22"},
        {"transport": "dccp"},
        {"port_cell": ""},
    ):
        assert store.find_records([RECORDS[SSH]._replace(**fields)]) == {}
    assert store.find_records([]) == {}


def test_only_the_records_that_differ_are_written() -> None:
    write(RECORDS)
    before = traps.tables()["Assignment"]
    ids = stored_ids()
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


def test_a_modified_record_gets_its_new_status_and_alias_too() -> None:
    write(RECORDS)
    notes = 'This entry is an alias to "telnet".'
    changed = RECORDS[SSH]._replace(description="Reserved", assignment_notes=notes)
    write(RECORDS | {SSH: changed})
    stored = Assignment.objects.get(service_name="ssh", transport="tcp")
    assert (stored.status, stored.alias_of) == (Status.RESERVED, "telnet")


def test_what_is_derived_is_brought_up_to_date_and_nothing_else_is_written() -> None:
    write(RECORDS)
    right = traps.tables()
    with CaptureQueriesContext(connection) as queries:
        store.derive_again()
    assert not [q for q in queries.captured_queries if re.match("[1-9].* times: UPDATE", q["sql"])]
    Assignment.objects.filter(service_name="sua").update(status=Status.RESERVED)
    Assignment.objects.filter(service_name="whois++").update(alias_of="")
    assert traps.tables() != right
    store.derive_again()
    assert traps.tables() == right


def test_statuses_are_written_only_for_the_ports_that_differ() -> None:
    before = traps.tables()["Port"]
    statuses = derive_statuses(traps.RECORDS)
    changed = store.apply_statuses(store.stored_statuses(), statuses)
    after = traps.tables()["Port"]
    assert changed == sum(1 for number in range(65536) if before[number] != after[number]) == 271
    assert all(tuple(map(str, statuses[number])) == after[number][1:] for number in after)
    assert store.apply_statuses(store.stored_statuses(), statuses) == 0


def test_statuses_are_read_of_all_ports_that_differ_from_the_default_or_of_some_only() -> None:
    statuses = derive_statuses(traps.RECORDS)
    store.apply_statuses(store.stored_statuses(), statuses)
    assert store.stored_statuses() == statuses
    some = store.stored_statuses([22, 40000, 60000])
    assert some == {number: statuses[number] for number in (22, 40000, 60000)}
    assert all(isinstance(status, Status) for told in some.values() for status in told)
    assert store.stored_statuses([]) == {}


def test_statuses_of_more_ports_than_one_statement_takes_are_all_written() -> None:
    statuses = Statuses(
        (number, PortStatuses(*[Status.RESERVED] * 4)) for number in range(1024, 32_000)
    )
    assert store.apply_statuses(Statuses(), statuses) == len(statuses)
    assert store.stored_statuses() == statuses


def test_statuses_that_no_record_gives_any_more_are_taken_back() -> None:
    before = traps.tables()["Port"]
    statuses = derive_statuses(traps.RECORDS)
    store.apply_statuses(Statuses(), statuses)
    assert store.apply_statuses(statuses, derive_statuses([])) == 271
    assert traps.tables()["Port"] == before


def test_one_status_on_one_transport_is_enough_for_a_port_to_differ() -> None:
    statuses = derive_statuses([])
    statuses[80] = PortStatuses(*statuses[80][:3], Status.RESERVED)
    assert store.apply_statuses(Statuses(), statuses) == 1
    assert Port.objects.get(number=80).statuses == statuses[80]


def test_statistics_count_the_ports_of_each_status_as_the_database_does() -> None:
    statuses = derive_statuses(traps.RECORDS)
    store.apply_statuses(Statuses(), statuses)
    counted = statistics(traps.RECORDS, statuses)["statuses"]
    assert counted == {
        port_range.value: {
            status.value: Port.objects.in_range(port_range).with_status(status).count()
            for status in Status
        }
        for port_range in PortRange
    }
    assert counted["dynamic"] == {**dict.fromkeys(Status, 0), "dynamic": 16384}


def test_locking_asks_nothing_of_a_database_that_lets_one_transaction_write_at_a_time() -> None:
    with CaptureQueriesContext(connection) as queries:
        store.lock()
        store.lock(store.Lock.REQUESTS)
    assert len(queries) == {"sqlite": 0, "postgresql": 2}[connection.vendor]


def test_a_change_is_told_with_its_records_as_they_were_published() -> None:
    snapshot = Snapshot.objects.create(
        origin="authoritative",
        reading_rules=1,
        record_count=0,
        rejected_count=0,
        statistics={},
        accepted_at=timezone.now(),
    )
    before = RECORDS[SSH]
    after = before._replace(service_name="ssh2")
    store.tell(
        [Change(ChangeKind.RENAMED, "ssh2", "ssh", "22", 22, 22, "tcp", (before,), (after,)),
         Change(ChangeKind.ADDED, "swyp", "", "", None, None, "", (), (before, after))],
        snapshot,
    )  # fmt: skip
    renamed, added = RegistryChange.objects.order_by("id")
    assert (renamed.snapshot, renamed.kind) == (snapshot, "renamed")
    assert (renamed.service_name, renamed.former_name) == ("ssh2", "ssh")
    assert (renamed.port_cell, renamed.first_port, renamed.last_port) == ("22", 22, 22)
    assert renamed.transport == "tcp"
    assert (renamed.before, renamed.after) == ([before.cells], [after.cells])
    assert (added.first_port, added.last_port, added.transport) == (None, None, "")
    assert (added.before, added.after) == ([], [before.cells, after.cells])
    # PostgreSQL keeps the names of cells in an order of its own.
    assert {*added.after[0]} == {*before.cells}
