"""Which changes are told as one, which cells differ, and which ports a change says something of."""

import pytest

from ports.change_facts import Cell, ToldChange, concerns, last_known, told
from ports.models import RegistryChange, Snapshot
from ports.registry.records import Status
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record, unassigned

pytestmark = pytest.mark.django_db

NDN = {"description": "Named Data Networking", "assignee": "[UCLA]", "contact": "[Jeff_Burke]"}


@pytest.fixture
def state() -> Snapshot:
    return made.snapshot()


def the_only(*changes: RegistryChange) -> ToldChange:
    (change,) = told(changes)
    return change


def test_the_same_change_on_several_transports_is_told_as_one(state: Snapshot) -> None:
    change = the_only(
        *(made.added(state, record("ndn", "6363", each, **NDN)) for each in ("tcp", "udp"))
    )
    assert (change.name, change.where) == ("ndn", "6363/tcp, 6363/udp")
    assert change.id == RegistryChange.objects.order_by("id").values_list("id", flat=True)[0]


def test_notes_that_are_only_indented_otherwise_are_told_as_one(state: Snapshot) -> None:
    notes = ("one\n    two", "one\n  two")
    the_only(
        *(
            made.added(state, record("ndn", "6363", transport, assignment_notes=note))
            for transport, note in zip(("tcp", "udp"), notes, strict=True)
        )
    )


@pytest.mark.parametrize(
    "other",
    [
        record("ndn", "6363", "udp", description="Something else"),
        record("ndn", "6364", "udp", **NDN),
        record("other", "6363", "udp", **NDN),
        record("ndn", "6363", "tcp", **NDN),
    ],
    ids=["another cell", "another port", "another name", "the same transport"],
)
def test_changes_that_differ_in_more_than_the_transport_are_told_apart(
    state: Snapshot, other: made.Cells
) -> None:
    changes = [made.added(state, record("ndn", "6363", **NDN)), made.added(state, other)]
    assert len(told(changes)) == 2


def test_the_same_change_in_two_states_is_told_twice(state: Snapshot) -> None:
    ndn = record("ndn", "6363", "udp", **NDN)
    again = made.added(made.snapshot("2026-08-01"), record("ndn", "6363", **NDN))
    assert len(told([again, made.added(state, ndn)])) == 2


def test_a_service_without_port_or_transport_stays_alone_though_it_stands_twice(
    state: Snapshot,
) -> None:
    twice = [made.added(state, record("rdp", "", "", description="One")) for _ in range(2)]
    assert len(told(twice)) == 2


def test_an_addition_tells_its_cells_beside_those_that_gave_way(state: Snapshot) -> None:
    change = the_only(
        made.added(
            state,
            record("ndn", "6363", description="Named Data", contact="[Jeff_Burke]"),
            unassigned("6361-6362"),
            unassigned("6364-6381"),
            before=(unassigned("6000-6010", ""), unassigned("6361-6381", "")),
        )
    )
    assert change.cells == (
        Cell("description", "Unassigned", "Named Data"),
        Cell("contact", "", "[Jeff_Burke]"),
    )


def test_a_removal_tells_the_last_cells_beside_those_in_their_place(state: Snapshot) -> None:
    change = the_only(
        made.removed(
            state,
            record("compressnet", "2", description="Management", assignee="[Bernie_Volz]"),
            after=(record("", "2", "udp", description="No"), record("", "2", description="Yes")),
        )
    )
    assert change.cells == (
        Cell("description", "Management", "Yes"),
        Cell("assignee", "[Bernie_Volz]", ""),
    )
    assert (change.has_before, change.has_after) == (True, True)


def test_a_modification_tells_the_cells_that_differ_and_no_whitespace(state: Snapshot) -> None:
    before = record("smtp", "25", reference="[RFC5321]", description="Simple  Mail")
    change = the_only(
        made.modified(state, before, {**before, "reference": "[x]", "description": "Simple Mail"})
    )
    assert change.cells == (Cell("reference", "[RFC5321]", "[x]"),)


def test_a_renaming_tells_both_names_but_not_as_cells(state: Snapshot) -> None:
    old = record("pearldoc-xact", "1980", description="PearlDoc")
    change = the_only(
        made.renamed(
            state, old, {**old, "service_name": "panquest-xact", "description": "PanQuest"}
        )
    )
    assert (change.former_name, change.name) == ("pearldoc-xact", "panquest-xact")
    assert change.cells == (Cell("description", "PearlDoc", "PanQuest"),)


def test_nameless_records_that_changed_together_are_listed(state: Snapshot) -> None:
    change = the_only(
        made.cut(
            state,
            (unassigned("4000-4010", ""),),
            (
                unassigned("4000-4004", ""),
                record("", "4005-4010", "udp", description="Reserved", unauthorized_use="Seen"),
            ),
        )
    )
    assert (change.name, change.where, change.title) == ("", "4000–4010", "Unassigned")
    assert change.cells == (
        Cell(
            "description",
            "4000–4010 Unassigned",
            "4000–4004 Unassigned\n4005–4010/udp Reserved Seen",
        ),
    )


@pytest.mark.parametrize(("number", "says"), [(4000, False), (4004, False), (4005, True)])
def test_of_ports_beside_the_one_it_is_about_a_change_says_nothing(
    state: Snapshot, number: int, says: bool
) -> None:
    change = made.cut(
        state,
        (unassigned("4000-4010", ""),),
        (unassigned("4000-4004", "tcp"), record("", "4005-4010", "udp", description="Reserved")),
    )
    assert concerns(change, number) == says


def test_a_name_says_something_of_each_port_of_its_span(state: Snapshot) -> None:
    before = record("x11", "6000-6063")
    change = made.modified(state, before, {**before, "contact": "[A]"})
    assert concerns(change, 6000)
    assert concerns(change, 6063)
    assert not concerns(change, 6064)


def test_an_unassigned_span_with_a_note_says_something(state: Snapshot) -> None:
    noted = {**unassigned("10-20", ""), "assignment_notes": "Removed on 2025-01-01"}
    assert concerns(made.modified(state, unassigned("10-20", ""), noted), 15)


def test_last_known_records_are_as_they_were_stored(state: Snapshot) -> None:
    changes = [
        made.removed(state, record("www", "80", assignment_notes='This is an alias to "http".')),
        made.removed(state, record("sua", "14001", "udp", description="De-Registered")),
        made.removed(state, record("x11", "6000-6063", "")),
    ]
    records = last_known(changes)
    assert [r.service_name for r in records] == ["www", "sua", "x11"]
    assert [r.alias_of for r in records] == ["http", "", ""]
    assert [r.status for r in records] == [Status.ASSIGNED, Status.DEASSIGNED, Status.ASSIGNED]
    assert (records[2].first_port, records[2].last_port) == (6000, 6063)
