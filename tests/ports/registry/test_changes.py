"""What changed between two states of the registry, as it is told; the rows are trimmed."""

import csv
import time
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.registry.changes import Change, ChangeKind, changed_cells, told_changes
from ports.registry.records import Record
from tests.data import traps

pytestmark = pytest.mark.any_database

ADDED, REMOVED, MODIFIED, RENAMED = ChangeKind


def state(*rows: str) -> list[Record]:
    """Records from lines of CSV; cells that are missing at the end are empty."""
    cells = [[*row, *[""] * (12 - len(row))] for row in csv.reader(rows)]
    return [record for record in traps.read(traps.write_table(cells)) if isinstance(record, Record)]


def told(changes: Iterable[Change]) -> list[tuple[str, ...]]:
    """What a change says beside its records."""
    return [
        (change.kind, change.service_name, change.former_name, change.port_cell, change.transport)
        for change in changes
    ]


def test_a_state_does_not_differ_from_itself() -> None:
    assert told_changes(traps.RECORDS, reversed(traps.RECORDS)) == []


def test_the_first_state_is_all_added() -> None:
    changes = told_changes([], traps.RECORDS)
    assert {change.kind for change in changes} == {ADDED}
    assert {change.before for change in changes} == {()}
    assert sorted(change.after[0] for change in changes) == sorted(traps.RECORDS)
    assert all(len(change.after) == 1 for change in changes)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('whoispp,63,tcp,"whois++ IANA assigned"', 'whoispp,63,tcp,"whois++\n\nIANA\tassigned "'),
        ("Escale (Newton Dock),3679,tcp,Newton", "Escale  (Newton Dock) ,3679,tcp, Newton"),
        (",24578-24665,,Unassigned", ",24578-24665,,Unassigned "),
    ],
)
def test_whitespace_is_no_change(before: str, after: str) -> None:
    (old,), (new,) = state(before), state(after)
    assert old != new
    assert changed_cells(old, new) == []
    assert told_changes([old], [new]) == []


def test_a_name_that_differs_in_whitespace_is_the_same_name() -> None:
    before = state("Escale (Newton Dock),3679,tcp,Newton Dock,[Paul_Guyot]")
    after = state("Escale  (Newton Dock),3679,tcp,Newton Dock,[Someone_Else]")
    (change,) = told_changes(before, after)
    assert (change.kind, change.former_name) == (MODIFIED, "")
    assert (change.before, change.after) == (tuple(before), tuple(after))


def test_of_names_alike_but_for_whitespace_the_very_same_belong_together() -> None:
    before = state("Escale  (Newton Dock),3679,tcp,old", "Escale (Newton Dock),3679,tcp,old")
    after = state("Escale (Newton Dock),3679,tcp,new")
    assert [change[:2] + change[7:] for change in told_changes(before, after)] == [
        (MODIFIED, "Escale (Newton Dock)", (before[1],), (after[0],)),
        (REMOVED, "Escale  (Newton Dock)", (before[0],), ()),
    ]


def test_a_record_with_other_cells_is_modified() -> None:
    before = state("pcoip,4172,tcp,PC over IP,[Teradici],[Jeff_Dillabough],,2012-03-06")
    after = state("pcoip,4172,tcp,PC  over IP,[HP_Inc_2],[Jeff_Jeansonne],,2026-03-10")
    assert told_changes(before, after) == [
        Change(MODIFIED, "pcoip", "", "4172", 4172, 4172, "tcp", tuple(before), tuple(after))
    ]
    assert changed_cells(*before, *after) == ["assignee", "contact", "modification_date"]


def test_every_cell_of_the_file_is_compared_and_what_follows_from_it_is_not() -> None:
    record = traps.RECORDS[0]
    other = Record._make(f"{value}x" if isinstance(value, str) else 7 for value in record)
    assert changed_cells(record, other) == [
        "service_name",
        "port_cell",
        "transport",
        "description",
        "assignee",
        "contact",
        "registration_date",
        "modification_date",
        "reference",
        "service_code",
        "unauthorized_use",
        "assignment_notes",
    ]


def test_a_service_with_another_name_is_renamed() -> None:
    before = state("Escale (Newton Dock),3679,tcp,Newton Dock,[Paul_Guyot],,2002-03,2011-11-09")
    after = state("newton-dock,3679,tcp,Newton Dock,[Paul_Guyot],,2002-03,2025-01-23")
    assert told_changes(before, after) == [
        Change(
            RENAMED,
            "newton-dock",
            "Escale (Newton Dock)",
            "3679",
            3679,
            3679,
            "tcp",
            tuple(before),
            tuple(after),
        )
    ]


def test_a_service_without_registration_date_may_be_renamed_too() -> None:
    before = state("pearldoc-xact,1980,tcp,PearlDoc XACT,[Chris_Vertonghen]")
    after = state("panquest-xact,1980,tcp,PanQuest XACT, [Chris_Vertonghen] ,,,2025-11-20")
    assert told(told_changes(before, after)) == [
        (RENAMED, "panquest-xact", "pearldoc-xact", "1980", "tcp")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fox-skytale,4319,tcp,,[Fox_Crypto_BV],,2022-01-20", "a,4319,tcp,,[Sentyron],,2022-01-20"),
        ("netconf-beep,831,tcp,NETCONF over BEEP", "netconf-new,831,tcp,NETCONF over BEEP"),
        ("http,80,tcp,,[IESG],,2021-10-01", "www,80,tcp,,[IESG],,2022-10-01"),
        ("http,80,tcp,,[IESG],,2021-10-01", "www,80,udp,,[IESG],,2021-10-01"),
        ("http,80,tcp,,[IESG],,2021-10-01", "www,81,tcp,,[IESG],,2021-10-01"),
        ("s2connect,,tcp,,[TNO],,2026-03-27", "s3connect,,tcp,,[TNO],,2026-03-27"),
        ("compressnet,3,tcp,,[Bernie_Volz]", "compressnet,,tcp,,[Bernie_Volz]"),
    ],
    ids=["assignee", "no assignee", "date", "transport", "port", "no port", "same name"],
)
def test_a_service_that_differs_in_more_than_its_name_is_removed_and_added(
    before: str, after: str
) -> None:
    changes = told_changes(state(before), state(after))
    assert sorted(change.kind for change in changes) == [ADDED, REMOVED]
    assert {change.former_name for change in changes} == {""}


def test_a_nameless_record_is_never_renamed() -> None:
    before = state(",75,tcp,any private dial out service,[Jon_Postel]")
    after = state("dial-out,75,tcp,any private dial out service,[Jon_Postel]")
    (change,) = told_changes(before, after)
    assert told([change]) == [(ADDED, "dial-out", "", "75", "tcp")]


def test_of_several_names_on_a_port_those_with_the_same_description_belong_together() -> None:
    before = state("www,80,tcp,Web,[TBL]", "www-http,80,tcp,World Wide Web HTTP,[TBL]")
    after = state("http,80,tcp,World Wide Web HTTP,[TBL]", "web,80,tcp,The Web,[TBL]")
    assert told(told_changes(before, after)) == [
        (RENAMED, "http", "www-http", "80", "tcp"),
        (RENAMED, "web", "www", "80", "tcp"),
    ]


def test_of_several_names_on_a_port_each_is_renamed_once_in_their_order() -> None:
    before = state("www-http,80,tcp,,[TBL]", "www,80,tcp,,[TBL]")
    after = state("c,80,tcp,,[TBL]", "b,80,tcp,,[TBL]", "a,80,tcp,,[TBL]")
    assert told(told_changes(before, after)) == [
        (RENAMED, "a", "www", "80", "tcp"),
        (RENAMED, "b", "www-http", "80", "tcp"),
        (ADDED, "c", "", "80", "tcp"),
    ]


def test_whitespace_before_a_name_does_not_decide_which_comes_first() -> None:
    before = state("www,80,tcp,,[TBL]")
    after = state(" b,80,tcp,,[TBL]", "a,80,tcp,,[TBL]")
    assert told(told_changes(before, after)) == [
        (RENAMED, "a", "www", "80", "tcp"),
        (ADDED, " b", "", "80", "tcp"),
    ]


def test_a_port_that_is_assigned_is_one_change_for_each_service() -> None:
    before = state(",2794,,Unassigned,,,,2006-12-04")
    after = state(
        "urp,2794,tcp,Uniform Resource Platform,[Liu_Hongyan],,2024-11-26",
        "urp,2794,udp,Uniform Resource Platform,[Liu_Hongyan],,2024-11-26",
    )
    assert told_changes(before, after) == [
        Change(ADDED, "urp", "", "2794", 2794, 2794, "tcp", tuple(before), (after[0],)),
        Change(ADDED, "urp", "", "2794", 2794, 2794, "udp", tuple(before), (after[1],)),
    ]


UNSPLIT = state(",4461-4483,,Unassigned")
SPLIT = state(
    ",4461-4479,,Unassigned",
    "agtp,4480,tcp,Agent Transfer Protocol,[Chris_Hood],,2026-04-30",
    ",4480,udp,Reserved",
    ",4481-4483,,Unassigned",
)


def test_a_service_in_a_span_carries_the_span_and_what_remains_of_it() -> None:
    below, agtp, reserved, above = SPLIT
    (change,) = told_changes(UNSPLIT, SPLIT)
    assert told([change]) == [(ADDED, "agtp", "", "4480", "tcp")]
    assert change.before == tuple(UNSPLIT)
    assert change.after == (agtp, below, reserved, above)


def test_a_service_that_is_taken_away_carries_what_its_port_went_back_to() -> None:
    below, agtp, reserved, above = SPLIT
    (change,) = told_changes(SPLIT, UNSPLIT)
    assert told([change]) == [(REMOVED, "agtp", "", "4480", "tcp")]
    assert change.before == (agtp, below, reserved, above)
    assert change.after == tuple(UNSPLIT)


def test_a_service_that_is_removed_carries_the_reservation_of_its_own_transport_only() -> None:
    before = state("netconf-beep,831,tcp,NETCONF", "netconf-beep,831,udp,NETCONF")
    after = state(",831,tcp,Reserved", ",831,udp,Reserved", "netconf-beep,,,NETCONF")
    assert [change[:4] + change[6:] for change in told_changes(before, after)] == [
        (REMOVED, "netconf-beep", "", "831", "tcp", (before[0],), (after[0],)),
        (REMOVED, "netconf-beep", "", "831", "udp", (before[1],), (after[1],)),
        (ADDED, "netconf-beep", "", "", "", (), (after[2],)),
    ]


def test_names_do_not_hang_together_because_they_share_a_port() -> None:
    before = state("avi-nms,4413,tcp,,[AVI]", ",4413,udp,Reserved")
    after = state("vision-mon,4413,tcp,,[FORTE]", "vision-mon-disc,4413,udp,,[FORTE]")
    assert [change[:2] + change[7:] for change in told_changes(before, after)] == [
        (REMOVED, "avi-nms", (before[0],), ()),
        (ADDED, "vision-mon", (), (after[0],)),
        (ADDED, "vision-mon-disc", (before[1],), (after[1],)),
    ]


def test_a_renamed_service_carries_nameless_records_too() -> None:
    before = state("a,10,,,[A]", ",10,tcp,Reserved")
    after = state("b,10,,,[A]")
    (change,) = told_changes(before, after)
    assert told([change]) == [(RENAMED, "b", "a", "10", "")]
    assert (change.before, change.after) == (tuple(before), tuple(after))


def test_a_record_that_is_modified_where_it_stands_is_a_change_of_its_own() -> None:
    before = state(",7120-7123,,Unassigned", ",7123,udp,Reserved")
    after = state(",7120-7122,,Unassigned", "snif,7123,tcp", ",7123,udp,Reserved [by IANA]")
    changes = told_changes(before, after)
    assert told(changes) == [
        (MODIFIED, "", "", "7123", "udp"),
        (ADDED, "snif", "", "7123", "tcp"),
    ]
    assert (changes[0].before, changes[0].after) == ((before[1],), (after[2],))
    assert (changes[1].before, changes[1].after) == ((before[0],), (after[1], after[0]))


@pytest.mark.parametrize(
    "after",
    [
        [",10-15,,Unassigned", ",16-20,,Unassigned"],
        [",10,,Unassigned", ",11,,Unassigned ", ",12-20,, Unassigned"],
        [",10-16,,Unassigned", ",15-20,,Unassigned"],
        [",10-19,,Unassigned", ",12-13,,Unassigned", ",20,,Unassigned"],
    ],
)
def test_a_span_that_is_only_cut_otherwise_is_no_change(after: list[str]) -> None:
    before = state(",10-20,,Unassigned")
    assert told_changes(before, state(*after)) == []
    assert told_changes(state(*after), before) == []


def test_a_span_in_which_a_port_gets_a_note_is_modified_as_a_whole() -> None:
    before = state(",18244-18261,,Unassigned")
    after = state(
        ",18244-18258,,Unassigned",
        ",18259,,Unassigned,,,,,,,Known Unauthorized Use on port 18259",
        ",18260-18261,,Unassigned",
    )
    assert told_changes(before, after) == [
        Change(MODIFIED, "", "", "18244-18261", 18244, 18261, "", tuple(before), tuple(after))
    ]


@pytest.mark.parametrize(
    ("after", "port_cell", "transport"),
    [
        ([",10-20,tcp,Unassigned", ",10-20,udp,Unassigned"], "10-20", ""),
        ([",10-14,,Unassigned", ",16-20,,Unassigned"], "10-20", ""),
        ([",10-30,,Unassigned"], "10-30", ""),
        ([",10-15,,Unassigned", ",16-20,,Reserved"], "10-20", ""),
    ],
    ids=["transports", "hole", "longer", "words"],
)
def test_a_span_of_which_anything_else_is_said_is_modified(
    after: list[str], port_cell: str, transport: str
) -> None:
    assert told(told_changes(state(",10-20,,Unassigned"), state(*after))) == [
        (MODIFIED, "", "", port_cell, transport)
    ]


def test_nameless_records_of_one_transport_keep_it_and_one_port_is_no_span() -> None:
    before = state(",4748-4748,tcp,Unassigned")
    after = state(",4748,tcp,Reserved")
    assert told(told_changes(before, after)) == [(MODIFIED, "", "", "4748", "tcp")]


def test_nameless_records_of_different_transports_have_none_together() -> None:
    before, after = state(",300,tcp,Reserved"), state(",300,,Unassigned")
    assert told(told_changes(before, after)) == [(MODIFIED, "", "", "300", "")]


def test_nameless_records_that_nothing_covered_are_added_one_by_one() -> None:
    after = state(",300,tcp,Reserved", ",300,udp,Reserved", ",4748-4748,,Unassigned")
    assert told(told_changes([], after)) == [
        (ADDED, "", "", "300", "tcp"),
        (ADDED, "", "", "300", "udp"),
        (ADDED, "", "", "4748-4748", ""),
    ]
    assert [change.kind for change in told_changes(after, [])] == [REMOVED] * 3


def test_the_record_that_stands_twice_is_told_by_its_occurrence() -> None:
    before = state("rdp,,,Remote Desktop Protocol", "rdp,,,Another")
    after = state("rdp,,,Remote Desktop Protocol", "rdp,,,Another one")
    (change,) = told_changes(before, after)
    assert (change.kind, change.before, change.after) == (MODIFIED, (before[1],), (after[1],))
    assert told(told_changes(before, after[:1])) == [(REMOVED, "rdp", "", "", "")]


def test_changes_come_by_port_name_transport_and_kind_and_those_without_port_last() -> None:
    before = state("b,9,tcp", ",10,udp,Reserved", "c,10,tcp,old", "d,11,tcp")
    after = state(
        "z,,tcp",
        "b,10,udp",
        "a,10,udp",
        "a,10,tcp",
        ",9,udp,Reserved",
        "c,10,tcp,new",
        "d,11-12,tcp",
    )
    assert told(told_changes(before, after)) == [
        (ADDED, "", "", "9", "udp"),
        (REMOVED, "b", "", "9", "tcp"),
        (ADDED, "a", "", "10", "tcp"),
        (ADDED, "a", "", "10", "udp"),
        (ADDED, "b", "", "10", "udp"),
        (MODIFIED, "c", "", "10", "tcp"),
        (ADDED, "d", "", "11-12", "tcp"),
        (REMOVED, "d", "", "11", "tcp"),
        (ADDED, "z", "", "", "tcp"),
    ]


def test_a_change_carries_the_nearest_of_very_many_nameless_records() -> None:
    before = state(",1000-3000,,Unassigned")
    pieces = state(*(f",{port},,Reserved {port}" for port in range(1000, 3000)))
    services = state("low,1000,tcp", "middle,2000,tcp", "high,3000,tcp")
    low, nameless, middle, high = told_changes(before, [*pieces, *services])
    named = [low, middle, high]
    assert [change.service_name for change in named] == ["low", "middle", "high"]
    assert {change.before for change in named} == {tuple(before)}
    assert [change.after for change in named] == [
        (services[0], *pieces[:32]),
        (services[1], *pieces[984:1016]),
        (services[2], *pieces[-32:]),
    ]
    # What is farther away is told too, by itself.
    assert told([nameless]) == [(ADDED, "", "", "1032-2967", "")]
    assert nameless.after == (*pieces[32:984], *pieces[1016:-32])


def spans(count: int, name: str, description: str) -> list[Record]:
    return state(
        *(f"{name and name + str(n)},{n}-{40_000 - n},,{description}" for n in range(count))
    )


@pytest.mark.parametrize("name", ["", "n"])
def test_thousands_of_spans_over_the_same_ports_take_no_quadratic_time(name: str) -> None:
    before, after = spans(6_000, "", "Reserved"), spans(6_001, name, "Unassigned")[1:]
    start = time.process_time()
    changes = told_changes(before, after)
    # It takes a tenth of this; each with each are 36 million pairs, and more than a minute.
    assert time.process_time() - start < 3
    assert len(changes) >= 6_000 if name else {change.kind for change in changes} == {MODIFIED}


def port_cells() -> st.SearchStrategy[str]:
    single = st.integers(1, 8).map(str)
    span = st.tuples(st.integers(1, 8), st.integers(1, 8)).map(
        lambda ends: f"{min(ends)}-{max(ends)}"
    )
    return st.one_of(st.just(""), single, span)


def record_of(cells: tuple[str, ...]) -> list[str]:
    name, port_cell, transport, description, assignee, date = cells
    # No row of the registry has neither a name nor a port.
    return [name if port_cell else name or "a", port_cell, transport, description, assignee, date]


ROWS = st.tuples(
    st.sampled_from(["", "", "a", "b", "c"]),
    port_cells(),
    st.sampled_from(["", "tcp", "udp"]),
    st.sampled_from(["Unassigned", "Reserved", "is  it"]),
    st.sampled_from(["", "[A]"]),
    st.sampled_from(["", "2002-03"]),
).map(record_of)


def read_rows(rows: list[list[str]]) -> list[Record]:
    table = [[*row[:5], "", row[5], *[""] * 5] for row in rows]
    return [record for record in traps.read(traps.write_table(table)) if isinstance(record, Record)]


STATES = st.lists(ROWS, max_size=10).map(read_rows)
BLANKS = st.sampled_from([" ", "\n", " \t ", "\u00a0"])


@st.composite
def spaced(draw: st.DrawFn, records: list[Record]) -> list[Record]:
    """The records with other whitespace in their cells."""

    def noisy(cell: str) -> str:
        return draw(st.sampled_from(["", " "])) + draw(BLANKS).join(cell.split()) + draw(BLANKS)

    return [
        record._replace(
            service_name=noisy(record.service_name) if record.service_name else "",
            description=noisy(record.description),
            assignee=noisy(record.assignee) if record.assignee else "",
        )
        for record in records
    ]


def said_of(port: int, records: set[Record]) -> set[tuple[object, ...]]:
    """What nameless records say of a port, whatever span they say it of."""
    return {
        (record.transport, *record[5:14])
        for record in records
        if not record.service_name and port in record.ports
    }


@settings(deadline=None)
@given(STATES, STATES)
def test_every_record_that_differs_is_carried_and_no_other(
    before: list[Record], after: list[Record]
) -> None:
    old, new = {*before} - {*after}, {*after} - {*before}
    changes = told_changes(before, after)
    carried_old = {record for change in changes for record in change.before}
    carried_new = {record for change in changes for record in change.after}
    assert carried_old <= old
    assert carried_new <= new
    for record in (old - carried_old) | (new - carried_new):
        # Spans that were only cut otherwise are left out.
        assert not record.service_name
        assert all(said_of(port, old) == said_of(port, new) for port in record.ports)


@settings(deadline=None)
@given(STATES, STATES)
def test_every_name_that_differs_is_what_one_change_is_about(
    before: list[Record], after: list[Record]
) -> None:
    changes = told_changes(before, after)
    first = Counter(
        record
        for change in changes
        if change.service_name
        for records, is_about in (
            (change.before, change.kind != ADDED),
            (change.after, change.kind != REMOVED),
        )
        if is_about
        for record in records[:1]
    )
    named = ({*before} ^ {*after}) - {r for r in (*before, *after) if not r.service_name}
    assert first == Counter(named)
    assert all(bool(change.former_name) == (change.kind == RENAMED) for change in changes)


@given(STATES)
def test_no_state_differs_from_itself(records: list[Record]) -> None:
    assert told_changes(records, records) == []


@settings(deadline=None)
@given(st.data())
def test_whitespace_changes_nothing(data: st.DataObject) -> None:
    before, after = data.draw(STATES), data.draw(STATES)
    assert told_changes(after, data.draw(spaced(after))) == []
    noisy = told_changes(before, data.draw(spaced(after)))
    assert told(change._replace(service_name=change.service_name.strip()) for change in noisy) == (
        told(told_changes(before, after))
    )


@settings(deadline=None)
@given(STATES, STATES)
def test_backwards_what_was_added_is_removed_and_a_renaming_is_taken_back(
    before: list[Record], after: list[Record]
) -> None:
    backwards = {ADDED: REMOVED, REMOVED: ADDED}
    turned = [
        change._replace(
            kind=backwards.get(change.kind, change.kind),
            service_name=change.former_name or change.service_name,
            former_name=change.service_name if change.former_name else "",
            before=change.after,
            after=change.before,
        )
        for change in told_changes(after, before)
    ]
    assert Counter(turned) == Counter(told_changes(before, after))


@settings(deadline=None)
@given(st.data())
def test_neither_the_order_of_the_records_nor_those_that_stayed_matter(data: st.DataObject) -> None:
    before, after = data.draw(STATES), data.draw(STATES)
    changes = told_changes(before, after)
    assert told_changes(data.draw(st.permutations(before)), reversed(after)) == changes
    differing = {*before} ^ {*after}
    assert changes == told_changes(
        [record for record in before if record in differing],
        [record for record in data.draw(st.permutations(after)) if record in differing],
    )
