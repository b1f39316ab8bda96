"""Every row of the CSV comes back, as a record or as a rejected row with its line and reason."""

import csv
import io
import re
import time

import pytest
from django.db.models import CharField
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ports.models import Assignment
from ports.registry.parse import HeaderError, parse, without_addresses
from ports.registry.records import COLUMNS, Record, RejectedRow
from tests.data import traps

pytestmark = pytest.mark.any_database

SSH = traps.row("ssh", "22")


def with_cells(**cells: str) -> traps.Cells:
    """The row of ssh with other cells, by the names of a record's fields, `port` for its number."""
    names = ["service_name", "port", "transport", *Record._fields[5:14]]
    return [cells.get(name, cell) for name, cell in zip(names, SSH, strict=True)]


def read_one(row: traps.Cells) -> Record | RejectedRow:
    (found,) = traps.read(traps.write_table([row]))
    return found


def reason(row: traps.Cells) -> str:
    found = read_one(row)
    assert isinstance(found, RejectedRow), found
    assert (found.line, found.cells) == (2, tuple(row))
    return found.reason


def test_the_traps_file_still_has_the_line_ends_it_was_published_with() -> None:
    content = traps.TRAPS.read_bytes()
    assert (content.count(b"\r\n"), content.count(b"\n")) == (121, 177)


def test_every_row_of_the_traps_file_is_a_record() -> None:
    found = traps.read(traps.TEXT)
    assert len(found) == len(traps.ROWS) == 120
    assert [row for row in found if isinstance(row, RejectedRow)] == []


def test_cells_are_as_published_but_for_email_addresses() -> None:
    changed = [
        record.service_name
        for record, row in zip(traps.RECORDS, traps.ROWS, strict=True)
        if traps.cells_of(record) != row
    ]
    assert changed == ["nxedit", "nxedit", "xadmin", "xadmin"]


def test_a_cell_of_several_lines_keeps_its_line_ends_and_quotes() -> None:
    (record,) = [record for record in traps.RECORDS if record.service_name == "sql-net"]
    assert record.description == (
        "Oracle SQL*NET\n"
        'IANA assigned this well-formed service name as a replacement for "sql*net".'
    )


@pytest.mark.parametrize(
    ("port", "first", "last"),
    [
        ("0", 0, 0),
        ("22", 22, 22),
        ("65535", 65535, 65535),
        ("6000-6063", 6000, 6063),
        ("4748-4748", 4748, 4748),
        ("0-65535", 0, 65535),
        ("", None, None),
    ],
)
def test_a_port_cell_gives_the_first_and_the_last_port(
    port: str, first: int | None, last: int | None
) -> None:
    record = read_one(with_cells(port=port))
    assert isinstance(record, Record)
    assert (record.port_cell, record.first_port, record.last_port) == (port, first, last)


@pytest.mark.parametrize(
    "port",
    [
        "x",
        "-1",
        "22-",
        "-22",
        "22 ",
        " 22",
        "22-23-24",
        "22–23",
        "٢٢",
        "2²",
        "+22",
        "022222",
        "22\n",
    ],
)
def test_a_port_cell_that_is_neither_a_number_nor_a_range_is_rejected(port: str) -> None:
    assert reason(with_cells(port=port)) == (
        f"port number {port!r} is neither a number nor a range"
    )


@pytest.mark.parametrize("port", ["65536", "99999", "22-65536", "23-22", "65535-0"])
def test_a_port_outside_16_bits_or_a_range_that_runs_back_is_rejected(port: str) -> None:
    assert reason(with_cells(port=port)) == f"port number {port!r} is not within 0-65535"


@pytest.mark.parametrize("transport", ["TCP", "icmp", "tcp ", "tcp/udp", "ip", "tcp\n"])
def test_a_transport_that_is_not_known_is_rejected(transport: str) -> None:
    assert reason(with_cells(transport=transport)) == f"unknown transport protocol {transport!r}"


@pytest.mark.parametrize("transport", ["", "tcp", "udp", "sctp", "dccp"])
def test_each_transport_of_the_registry_is_known_and_so_is_none(transport: str) -> None:
    record = read_one(with_cells(transport=transport))
    assert isinstance(record, Record)
    assert record.transport == transport


def test_a_row_with_neither_name_nor_port_is_rejected() -> None:
    found = reason(with_cells(service_name="", port=""))
    assert found == "neither a service name nor a port number"


@pytest.mark.parametrize("column", ["registration_date", "modification_date"])
@pytest.mark.parametrize(
    "date",
    [
        "2002",
        "2002-3",
        "2002-13",
        "2002-00",
        "2001-02-29",
        "2002-02-00",
        "0000-01",
        "02-03-2002",
        "2002/03",
        "2002-03-01T00:00",
        "٢٠٠٢-٠٣",
        "soon",
    ],
)
def test_a_date_that_is_none_is_rejected(column: str, date: str) -> None:
    found = reason(with_cells(**{column: date}))
    assert found.endswith(f"{date!r} is not YYYY-MM or YYYY-MM-DD")


@pytest.mark.parametrize("date", ["", "2002-03", "2002-03-31", "2000-02-29"])
def test_a_date_of_either_precision_is_taken_as_it_stands(date: str) -> None:
    record = read_one(with_cells(registration_date=date, modification_date=date))
    assert isinstance(record, Record)
    assert (record.registration_date, record.modification_date) == (date, date)


@pytest.mark.parametrize("count", [1, 11, 13])
def test_a_row_of_too_few_or_too_many_cells_is_rejected(count: int) -> None:
    assert reason([*SSH, "more"][:count]) == f"{count} cells instead of 12"


def test_an_empty_line_is_rejected_as_a_row_without_cells() -> None:
    found = traps.read(traps.write_table([SSH]) + "\r\n" + traps.write_table([SSH], header=SSH))
    assert found[1] == RejectedRow(3, "0 cells instead of 12", ())
    assert len(found) == 4


@pytest.mark.parametrize("character", [*"\0\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f"])
@pytest.mark.parametrize("column", ["service_name", "description", "assignment_notes"])
def test_a_control_character_in_any_cell_is_rejected(column: str, character: str) -> None:
    row = with_cells(**{column: f"before{character}behind"})
    assert reason(row) == "a cell holds a control character"


def test_tabs_and_line_ends_in_a_cell_are_kept() -> None:
    record = read_one(with_cells(assignment_notes="one\ttwo\r\nthree\rfour\nfive"))
    assert isinstance(record, Record)
    assert record.assignment_notes == "one\ttwo\r\nthree\rfour\nfive"


@pytest.mark.parametrize(("column", "name"), [(0, "service_name"), (9, "service_code")])
def test_a_cell_longer_than_its_column_in_the_database_is_rejected(column: int, name: str) -> None:
    field = Assignment._meta.get_field(name)
    assert isinstance(field, CharField)
    longest = field.max_length
    assert isinstance(read_one(with_cells(**{name: "x" * longest})), Record)
    found = reason(with_cells(**{name: "x" * (longest + 1)}))
    assert found == f"{COLUMNS[column]} is longer than {longest} characters"


def test_the_line_of_a_rejected_row_counts_the_lines_inside_cells_before_it() -> None:
    bad = with_cells(port="x", description="two\nlines")
    text = traps.write_table([SSH, traps.row("www-http", "80"), bad, SSH, bad])
    rejected = [row for row in traps.read(text) if isinstance(row, RejectedRow)]
    assert [row.line for row in rejected] == [24, 27]
    assert text.split("\n")[23].startswith("ssh,x,tcp")


def test_a_row_with_text_behind_a_closing_quote_is_rejected_and_the_next_one_is_read() -> None:
    good = traps.write_table([SSH])
    found = traps.read(f'{good}ssh,22,tcp,"a"b,,,,,,,,\r\n' + traps.write_table([], header=SSH))
    assert found[1] == RejectedRow(3, "not readable as CSV: ',' expected after '\"'", ())
    assert isinstance(found[2], Record)


def test_a_quote_that_never_closes_is_rejected_on_the_line_it_begins_on() -> None:
    text = traps.write_table([SSH, SSH]) + 'ssh,23,tcp,"never closed\r\nssh,24,tcp\r\n'
    found = traps.read(text)
    assert found[2:] == [RejectedRow(4, "not readable as CSV: unexpected end of data", ())]


def test_a_cell_beyond_what_csv_reads_is_rejected_and_later_rows_are_read() -> None:
    huge = with_cells(description="x" * (csv.field_size_limit() + 1))
    found = traps.read(traps.write_table([SSH, huge, SSH]))
    assert [type(row) for row in found] == [Record, RejectedRow, Record]
    assert found[1][:2] == (
        3,
        f"not readable as CSV: field larger than field limit ({csv.field_size_limit()})",
    )


def test_a_name_that_stands_twice_gets_occurrence_numbers_in_the_order_of_the_file() -> None:
    found = [record for record in traps.RECORDS if record.service_name == "rdp"]
    assert [(record.occurrence, record.description) for record in found] == [
        (0, "Reliable Data Protocol"),
        (1, "Windows Remote Desktop Protocol"),
    ]
    assert {record.occurrence for record in traps.RECORDS if record not in found} == {0}


def test_one_name_on_several_ports_and_transports_does_not_repeat() -> None:
    rows = [SSH, with_cells(port="23"), with_cells(transport="udp"), with_cells(port="22-22")]
    assert [row.occurrence for row in traps.read(traps.write_table(rows))] == [0, 0, 0, 0]  # type: ignore[union-attr]


def test_a_rejected_row_does_not_count_as_an_occurrence() -> None:
    found = traps.read(traps.write_table([with_cells(registration_date="soon"), SSH, SSH]))
    assert [row.occurrence for row in found[1:]] == [0, 1]  # type: ignore[union-attr]


def test_rows_that_are_told_apart_by_an_email_address_only_have_different_keys() -> None:
    rows = [with_cells(service_name="ssh <a@example.com>"), SSH]
    first, second = traps.read(traps.write_table(rows))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.key, second.key) == (("ssh", "22", "tcp", 0), ("ssh", "22", "tcp", 1))


def test_the_names_of_copies_from_2014_and_2015_for_the_eleventh_column_are_known() -> None:
    header = [*COLUMNS]
    header[10] = "Known Unauthorized Uses"
    assert len(traps.read(traps.write_table([SSH], header=header))) == 1


@pytest.mark.parametrize(
    "header",
    [
        [],
        COLUMNS[:11],
        [*COLUMNS, "More"],
        [column.lower() for column in COLUMNS],
        [f"\ufeff{COLUMNS[0]}", *COLUMNS[1:]],
        [COLUMNS[1], COLUMNS[0], *COLUMNS[2:]],
        SSH,
    ],
    ids=["nothing", "too few", "too many", "lower case", "byte order mark", "swapped", "a row"],
)
def test_another_header_is_refused_before_any_row(header: list[str]) -> None:
    with pytest.raises(HeaderError, match="expected the columns Service Name, Port Number, "):
        traps.read(traps.write_table([SSH], header=header))


def test_the_refusal_of_a_header_says_what_was_found() -> None:
    with pytest.raises(HeaderError, match=r"; found <!DOCTYPE html>$"):
        traps.read("<!DOCTYPE html>\n<title>Not found</title>\n")
    with pytest.raises(HeaderError, match=r"; found nothing$"):
        traps.read("")
    with pytest.raises(HeaderError, match=r"; found x{200}$"):
        traps.read("x" * 5000)
    with pytest.raises(HeaderError) as caught:
        traps.read("Service Name,Something\r\n")
    assert caught.value.found == "Service Name, Something"


def test_what_was_found_instead_of_a_header_is_fit_to_be_stored() -> None:
    with pytest.raises(HeaderError) as caught:
        traps.read("N\0a\x1bm\x7fe,Jane <jane@example.com>,joe@example.com,1\r\n")
    assert caught.value.found == "N�a�m�e, Jane, , 1"
    with pytest.raises(HeaderError) as caught:
        traps.read(f"{'x' * 190},jane@example.com\r\n")
    assert caught.value.found == f"{'x' * 190}, "


def test_a_first_line_that_is_not_csv_is_refused() -> None:
    with pytest.raises(HeaderError, match=r"^expected the columns Service Name, .*; found what is "
                       r"not CSV: unexpected end of data$"):  # fmt: skip
        traps.read('"Service Name')


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        ("Ari√´n Huisken <xadmin&huisken-systems.nl> 15 June 2009", "Ari√´n Huisken 15 June 2009"),
        ("above\n<feil&kronos.nisd.cam.unisys.com>\nbelow", "above\nbelow"),
        ("<jane@example.com>", ""),
        ("Jane <jane@example.com>, Joe <joe@example.com>", "Jane, Joe"),
        ("write to jane.doe+ports@mail.example.co.uk today", "write to  today"),
        ("mailto:jane@example.com", "mailto:"),
        ("a@example.com+b@example.com", ""),
        ("jürgen@müller.example", ""),
        ("see [jane@example.com]", "see []"),
        ("a@<x@y.example>example.com", ""),
        ("<a@b<c@d<e@f.example>.example>.example>", ""),
        ("jane<x&y.example>@example.com", ""),
    ],
)
def test_email_addresses_are_left_out(published: str, kept: str) -> None:
    record = read_one(with_cells(reference=published, assignment_notes=published))
    assert isinstance(record, Record)
    assert (record.reference, record.assignment_notes) == (kept, kept)


ADDRESSES = st.lists(
    st.sampled_from(
        ["a", "@", "&", ".", "<", ">", " ", "\n", "b.c", "<a@b.c>", "<a&b.c>", "a@b.c"]
    ),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(ADDRESSES)
@example("<a@b" * 9 + ".c>" * 9)
def test_a_text_without_addresses_has_none_left_to_take_out(text: str) -> None:
    without = without_addresses(text)
    assert without_addresses(without) == without
    assert not re.search(r"\w@\w+\.\w", without)


@pytest.mark.parametrize(
    "published",
    [
        "Miele@home Protocol",
        "d&b audiotechnik remote network",
        "u=<username> p=<password> path=<path>&more",
        "<Client&Server>",
        "user@host",
        "<user@host>",
        "@example.com",
        "a @ example.com",
        "AT&T <www.att.example>",
    ],
)
def test_what_only_looks_like_an_email_address_is_kept(published: str) -> None:
    record = read_one(with_cells(description=published))
    assert isinstance(record, Record)
    assert record.description == published


def test_a_row_that_was_nothing_but_an_email_address_is_rejected() -> None:
    row = with_cells(service_name="jane@example.com", port="")
    assert reason(row) == "neither a service name nor a port number"


@pytest.mark.parametrize(
    "cell",
    [
        "a" * 30_000 + " @",
        " " * 30_000 + "@ <&",
        "<a@" + "." * 30_000,
        "a@b.c" * 9_000,
        "<a@b" * 9_000 + ".c>" * 9_000,
    ],
    ids=["letters", "blanks", "dots", "addresses", "addresses around addresses"],
)
def test_no_cell_takes_long_to_look_through_for_email_addresses(cell: str) -> None:
    started = time.process_time()
    read_one(with_cells(description=cell))
    assert time.process_time() - started < 1


PIECES = st.sampled_from(
    [
        *dict.fromkeys(cell for row in traps.ROWS for cell in row),
        *['"', ",", "\n", "\r", "\r\n", "\0", "\x1f", "é", "\u2028", "\x85", "<a@b.c>", "<a&b.c>"],
        *["a@b.c", "65536", "70000", "3-2", "icmp", "2002-13", " ", "'", "\\", ";", "\ufeff"],
    ]
)
CELLS = st.one_of(
    PIECES,
    st.lists(PIECES, max_size=3).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
TABLES = st.lists(
    st.one_of(st.sampled_from(traps.ROWS), *[st.lists(CELLS, max_size=14)] * 2), max_size=12
)


@settings(deadline=None)
@given(TABLES)
@example([["a@b.c", "22", "tcp", *[""] * 9], ["d@e.f", "22", "tcp", *[""] * 9]])
def test_every_table_comes_back_row_for_row(table: list[traps.Cells]) -> None:
    found = traps.read(traps.write_table(table))
    assert len(found) == len(table)
    keys = [row.key for row in found if isinstance(row, Record)]
    assert len(set(keys)) == len(keys)
    text = traps.write_table([])
    for row, cells in zip(found, table, strict=True):
        if isinstance(row, RejectedRow):
            lines_before = sum(1 for _line in io.StringIO(text, newline=""))
            assert row.reason
            assert row.line == lines_before + 1
            assert row.cells == tuple(cells)
        elif not any("@" in cell or "&" in cell for cell in cells):
            assert traps.cells_of(row) == cells
        else:
            assert all(
                len(mine) <= len(cell)
                for mine, cell in zip(traps.cells_of(row), cells, strict=True)
            )
        text += traps.write_table([], header=cells)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300).map(lambda content: content.decode("latin-1")),
        st.text(max_size=300),
        st.lists(CELLS, max_size=40).map("".join),
    ),
    st.booleans(),
)
def test_no_text_at_all_raises_anything_but_a_header_error(text: str, with_header: bool) -> None:
    if with_header:
        for row in traps.read(traps.write_table([]) + text):
            assert isinstance(row, Record | RejectedRow)
    else:
        with pytest.raises(HeaderError):
            traps.read(text)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=30))
def test_lines_cut_anywhere_raise_nothing(lines: list[str]) -> None:
    for row in parse([traps.write_table([]), *lines]):
        assert isinstance(row, Record | RejectedRow)
