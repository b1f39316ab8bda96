"""Each rule by which three sources become one state of the registry, on rows made by hand."""

import pytest

from ports.data.rules import Listing, Row, Sources, compile_rows, without_emails

type Listed = dict[tuple[int, str], tuple[str, str]]

SSH_2015 = Row("ssh", "22", "tcp", "SSH", "[Tatu_Ylonen]", "[Tatu]", "1995-07", notes="A note")


def compiled(
    listed: Listed | None = None,
    names: list[tuple[str, int, str]] | None = None,
    rows_2015: list[Row] | None = None,
) -> list[Row]:
    listings = {pair: Listing(*listing) for pair, listing in (listed or {}).items()}
    return compile_rows(Sources(listings, names or [], rows_2015 or []))


def heads(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [row[:3] for row in rows]


def test_a_pair_has_the_names_of_both_current_sources() -> None:
    rows = compiled({(80, "tcp"): ("www", "Web")}, [("http", 80, "tcp"), ("www", 80, "tcp")])
    assert rows == [Row("http", "80", "tcp"), Row("www", "80", "tcp", "Web")]


def test_a_current_record_keeps_its_registrant_of_2015() -> None:
    (row,) = compiled({(22, "tcp"): ("ssh", "Secure Shell")}, rows_2015=[SSH_2015])
    assert row == SSH_2015._replace(description="Secure Shell")


def test_letter_case_does_not_hide_the_registrant_and_the_current_spelling_wins() -> None:
    (row,) = compiled({(22, "tcp"): ("SSH", "Secure Shell")}, rows_2015=[SSH_2015])
    assert (row.name, row.assignee) == ("SSH", "[Tatu_Ylonen]")


@pytest.mark.parametrize("pair", [(22, "udp"), (23, "tcp")])
def test_a_registrant_is_not_carried_to_another_port_or_transport(pair: tuple[int, str]) -> None:
    (row,) = compiled({pair: ("ssh", "Secure Shell")}, rows_2015=[SSH_2015])
    assert row == Row("ssh", str(pair[0]), pair[1], "Secure Shell")


def test_a_current_description_stays_empty_when_the_current_source_has_none() -> None:
    (row,) = compiled({(22, "tcp"): ("ssh", "")}, rows_2015=[SSH_2015])
    assert row.description == ""


def test_a_further_name_takes_its_description_from_its_own_record_of_2015() -> None:
    rows_2015 = [SSH_2015._replace(port="24", description="Another"), SSH_2015]
    rows = compiled({(22, "tcp"): ("shell", "Shell")}, [("ssh", 22, "tcp")], rows_2015)
    assert rows[0] == SSH_2015


def test_a_further_name_without_a_record_takes_the_description_of_its_name() -> None:
    rows = compiled(names=[("SSH", 22, "udp")], rows_2015=[SSH_2015])
    assert rows == [Row("SSH", "22", "udp", "SSH")]


def test_a_further_name_that_2015_does_not_know_has_no_description() -> None:
    assert compiled(names=[("new", 22, "udp")]) == [Row("new", "22", "udp")]


@pytest.mark.parametrize("listing", [("", "Reserved"), ("other", "Another service")])
def test_a_name_of_2015_that_the_current_sources_deny_is_dropped(listing: tuple[str, str]) -> None:
    rows = compiled({(22, "tcp"): listing}, rows_2015=[SSH_2015])
    assert rows == [Row(listing[0], "22", "tcp", listing[1])]


def test_a_name_of_2015_on_a_pair_that_is_no_longer_listed_is_dropped() -> None:
    assert compiled(rows_2015=[SSH_2015]) == []


def test_a_renamed_assignment_keeps_its_registrant() -> None:
    (row,) = compiled({(22, "tcp"): ("secsh", "SSH")}, rows_2015=[SSH_2015])
    assert row == SSH_2015._replace(name="secsh")


def test_a_new_name_beside_the_old_one_is_no_renaming() -> None:
    rows = compiled({(22, "tcp"): ("secsh", "SSH")}, [("ssh", 22, "tcp")], [SSH_2015])
    assert rows == [SSH_2015, Row("secsh", "22", "tcp", "SSH")]


def test_two_dropped_records_with_the_same_words_are_no_renaming() -> None:
    rows_2015 = [SSH_2015, SSH_2015._replace(name="ssh2", assignee="[Someone]")]
    (row,) = compiled({(22, "tcp"): ("secsh", "SSH")}, rows_2015=rows_2015)
    assert row.assignee == ""


def test_an_empty_description_does_not_prove_a_renaming() -> None:
    rows_2015 = [SSH_2015._replace(description="")]
    (row,) = compiled({(22, "tcp"): ("secsh", "")}, rows_2015=rows_2015)
    assert row.assignee == ""


def test_a_nameless_record_keeps_its_notes_while_its_words_are_the_same() -> None:
    old = Row("", "0", "tcp", "Reserved", "[Jon_Postel]", notes="Of old")
    assert compiled({(0, "tcp"): ("", "Reserved")}, rows_2015=[old]) == [old]
    changed = compiled({(0, "tcp"): ("", "Unassigned")}, rows_2015=[old])
    assert changed == [Row("", "0", "tcp", "Unassigned")]


def test_a_name_wins_over_a_nameless_listing_of_the_same_pair() -> None:
    rows = compiled({(22, "tcp"): ("", "Reserved")}, [("ssh", 22, "tcp")])
    assert rows == [Row("ssh", "22", "tcp")]


def test_a_span_of_2015_is_cut_around_the_ports_listed_for_both_transports() -> None:
    listed = {(port, t): ("new", "New") for port in (3, 6, 7) for t in ("tcp", "udp")}
    rows = compiled(listed, rows_2015=[Row("", "1-9", "", "Unassigned", notes="A note")])
    spans = [row for row in rows if not row.name]
    assert heads(spans) == [("", "1-2", ""), ("", "4-5", ""), ("", "8-9", "")]
    assert {row[3:] for row in spans} == {Row(description="Unassigned", notes="A note")[3:]}


def test_a_span_keeps_the_transport_that_nothing_lists() -> None:
    rows = compiled({(2, "tcp"): ("new", "New")}, rows_2015=[Row("", "1-3", "", "Unassigned")])
    assert heads(rows) == [("", "1", ""), ("new", "2", "tcp"), ("", "2", "udp"), ("", "3", "")]


def test_a_port_listed_for_sctp_alone_leaves_tcp_and_udp() -> None:
    rows = compiled({(2, "sctp"): ("new", "New")}, rows_2015=[Row("", "2", "", "Unassigned")])
    assert heads(rows) == [("", "2", "tcp"), ("", "2", "udp"), ("new", "2", "sctp")]


def test_of_two_overlapping_records_of_2015_the_first_holds() -> None:
    rows_2015 = [Row("", "3-4", "", "Unassigned"), Row("", "1-9", "", "Unassigned")]
    rows = compiled({(6, "tcp"): ("new", "New"), (6, "udp"): ("new", "New")}, rows_2015=rows_2015)
    spans = [row.port for row in rows if not row.name]
    assert spans == ["1-2", "3-4", "5", "7-9"]


def test_a_span_of_one_transport_is_cut_for_that_transport_only() -> None:
    listed = {(2, "tcp"): ("new", "New"), (3, "udp"): ("new", "New")}
    rows = compiled(listed, rows_2015=[Row("", "1-3", "udp", "Reserved")])
    assert heads(rows) == [("", "1-2", "udp"), ("new", "2", "tcp"), ("new", "3", "udp")]


def test_a_listed_port_leaves_nothing_of_a_record_without_transport() -> None:
    listed = {(2, "tcp"): ("new", "New"), (2, "udp"): ("", "Reserved")}
    rows = compiled(listed, rows_2015=[Row("", "2", "", "Unassigned")])
    assert heads(rows) == [("new", "2", "tcp"), ("", "2", "udp")]


def test_named_spans_and_named_records_without_transport_stay() -> None:
    rows_2015 = [
        Row("boe-cms", "6400", "", "Business Objects", "[Someone]"),
        Row("x11", "6000-6063", "tcp", "X Window System"),
    ]
    assert compiled(rows_2015=rows_2015) == rows_2015[::-1]


def test_services_without_a_port_stay_last_and_as_they_are() -> None:
    portless = [Row("rdp", notes="One"), Row("rdp", notes="Another"), Row("argus", "", "tcp")]
    rows = compiled({(22, "tcp"): ("ssh", "")}, rows_2015=[*portless, SSH_2015])
    assert rows[1:] == portless


def test_rows_are_ordered_by_port_then_transport_then_the_sources_order() -> None:
    names = [("b", 9, "udp"), ("z", 10, "tcp"), ("b", 9, "dccp"), ("b", 9, "tcp"), ("a", 9, "tcp")]
    rows = compiled(names=names, rows_2015=[Row("", "11-12", "", "Unassigned"), Row("none")])
    assert [(row.name, row.transport) for row in rows] == [
        ("b", "tcp"),
        ("a", "tcp"),
        ("b", "udp"),
        ("b", "dccp"),
        ("z", "tcp"),
        ("", ""),
        ("none", ""),
    ]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("[A B <user&host.example> 15 June 2009]", "[A B 15 June 2009]"),
        ("Login\n<feil&a.b.example>\nPort 126", "Login\nPort 126"),
        ("write to some.body+ports@host.example, please", "write to, please"),
        ("<mailto:user@host.example>", ""),
        ("mailto:user@host.example", ""),
        ("user@host.example", ""),
        ("Miele@home Protocol", "Miele@home Protocol"),
        ("SNI R&D network", "SNI R&D network"),
        ("<see a & b. More>", "<see a & b. More>"),
    ],
)
def test_email_addresses_are_left_out(cell: str, kept: str) -> None:
    assert set(without_emails(Row(*[cell] * 12))) == {kept}


def test_email_addresses_are_left_out_of_what_is_compiled() -> None:
    rows_2015 = [SSH_2015._replace(contact="<user&host.example>"), Row("none", notes="u@h.example")]
    (ssh, none) = compiled({(22, "tcp"): ("ssh", "By u@h.example")}, rows_2015=rows_2015)
    assert (ssh.description, ssh.contact, none.notes) == ("By", "", "")
