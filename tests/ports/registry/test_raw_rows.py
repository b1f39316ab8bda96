"""Files as the bytes of their rows: taken apart, put together, compared without reading them."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ports.registry import raw_rows
from ports.registry.parse import without_addresses
from ports.registry.raw_rows import (
    HEADER,
    MOST_LINE_BYTES,
    MOST_LINES,
    Differing,
    OversizeError,
    RawRows,
    UnfinishedError,
)
from tests.data import traps

pytestmark = pytest.mark.any_database

DATA = traps.TEXT.encode()

CELLS = st.one_of(
    st.sampled_from([cell for row in traps.ROWS for cell in row]),
    st.sampled_from(["", ",", '"', "\n", "\r", "\r\n", "a@b.c", "<a&b.c>", "Miele@home", "é", " "]),
    st.text(st.sampled_from('ab",\r\n@.&<> é'), max_size=8),
)
TABLES = st.lists(st.lists(CELLS, max_size=13), max_size=10)


def rows_of(*rows: bytes) -> RawRows:
    return RawRows(HEADER, list(rows))


def whole(table: list[traps.Cells]) -> RawRows:
    rows = raw_rows.split(traps.write_table(table).encode())
    assert rows is not None
    return rows


def read(data: bytes) -> list[traps.Cells]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def test_the_traps_file_is_split_into_its_header_and_rows() -> None:
    rows = raw_rows.split(DATA)
    assert rows is not None
    assert (rows.header, len(rows.rows)) == (HEADER, 120)
    assert rows.dump() == DATA
    assert raw_rows.load(rows.dump()) == rows
    assert "\r\n".join([*rows.lines(), ""]) == traps.TEXT


@settings(deadline=None)
@given(TABLES)
@example([[]])
@example([["a\r\nb", '"', "c\n"], [], ["x"]])
def test_whatever_a_csv_writer_wrote_is_given_back_byte_for_byte(table: list[traps.Cells]) -> None:
    data = traps.write_table(table).encode()
    rows = raw_rows.split(data)
    assert rows is not None
    assert rows.dump() == data
    assert raw_rows.load(data) == rows
    assert "\r\n".join([*rows.lines(), ""]).encode() == data


@settings(deadline=None)
@given(TABLES)
def test_rows_read_one_by_one_are_those_of_the_whole_read(table: list[traps.Cells]) -> None:
    """Where each is whole; and that is so unless a cell holds what ends rows."""
    rows = whole(table)
    has_ends = any("\r\n" in cell for row in table for cell in row)
    assert raw_rows.are_whole(rows.rows) == (not has_ends)
    if not has_ends:
        assert raw_rows.cells_of(rows.rows) == read(rows.dump())[1:] == table


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"Service Name\n",
        b"a,b\n1,2\n",
        b"a,b\n1,2\r\n",
        b'"a",b\r\n1,2\r\n',
        b"\xff\xfe\0\n",
    ],
)
def test_a_file_with_other_line_ends_or_a_quoted_header_is_not_split(data: bytes) -> None:
    assert raw_rows.split(data) is None


def test_the_last_row_has_an_end() -> None:
    for cut in (b"", b"a", b"a\r\n1\r\n2", b"a\r\n1\r\n2\r"):
        with pytest.raises(UnfinishedError):
            raw_rows.split(cut)
    assert raw_rows.split(b"a\r\n1\r\n2\r\n") == RawRows(b"a", [b"1", b"2"])
    assert raw_rows.split(b"a\r\n1\r\n\r\n") == RawRows(b"a", [b"1", b""])
    assert raw_rows.split(b"a\r\n") == RawRows(b"a", [])


def test_a_quote_on_its_own_makes_a_row_that_is_not_whole() -> None:
    assert raw_rows.are_whole([b'ssh,22,"a ""b"" c"'])
    assert raw_rows.are_whole([b"ssh,22"])
    assert not raw_rows.are_whole([b'ssh,22,"a'])
    assert not raw_rows.are_whole([b'ssh,22,5" disk'])


def test_a_row_that_is_not_one_row_of_csv_has_no_cells() -> None:
    rows = ['ssh,22,"a ""b""\nc é"'.encode(), b'ssh,"22"', b""]
    assert raw_rows.cells_of(rows) == [["ssh", "22", 'a "b"\nc é'], ["ssh", "22"], []]
    for row in (b'ssh,"22', b'ssh,"22"x', b"ssh\n22", b"ssh,caf\xe9"):
        assert raw_rows.cells_of([row]) is None
        assert raw_rows.cells_of([b"ssh,22", row, b"http,80"]) is None


def test_the_line_of_a_row_counts_the_line_ends_inside_the_rows_before_it() -> None:
    rows = rows_of(b"a", b'"b\nb\nb"', b"c", b'"d\n"', b"e")
    assert rows.first_lines()[:5] == [2, 3, 6, 7, 9]


@settings(deadline=None)
@given(TABLES.filter(lambda table: not any("\r\n" in cell for row in table for cell in row)))
def test_the_line_of_a_row_is_where_it_stands_in_the_file(table: list[traps.Cells]) -> None:
    rows = whole(table)
    data = rows.dump()
    for line, row in zip(rows.first_lines(), rows.rows, strict=False):
        lines_before = data.split(b"\n")[: line - 1]
        rest = data[sum(len(line) + 1 for line in lines_before) :]
        assert rest.startswith(row + b"\r\n")


def test_as_many_and_as_long_lines_as_allowed_are_taken() -> None:
    raw_rows.split(DATA)
    raw_rows.split(b"\n" * MOST_LINES)
    raw_rows.split(b"x" * MOST_LINE_BYTES + b"\n" + b"x" * MOST_LINE_BYTES + b"\n")


@pytest.mark.parametrize(
    ("data", "most", "unit"),
    [
        (b"\n" * (MOST_LINES + 1), MOST_LINES, "lines"),
        (b"x" * (MOST_LINE_BYTES + 1) + b"\n", MOST_LINE_BYTES, "bytes"),
        (b"a\n" + b"x" * (MOST_LINE_BYTES + 1) + b"\nb\n", MOST_LINE_BYTES, "bytes"),
        (b"a\r\n" + b"x" * (MOST_LINE_BYTES + 1) + b"\r\n", MOST_LINE_BYTES, "bytes"),
        (b"a\r" * MOST_LINE_BYTES + b"a\n", MOST_LINE_BYTES, "bytes"),
    ],
    ids=["lines", "one line", "a line between", "a row", "no line ends but CR"],
)
def test_more_or_longer_lines_are_refused(data: bytes, most: int, unit: str) -> None:
    with pytest.raises(OversizeError) as caught:
        raw_rows.split(data)
    assert (caught.value.most, caught.value.unit) == (most, unit)


def test_the_real_limits_leave_room_for_twice_the_registry() -> None:
    assert (MOST_LINES, MOST_LINE_BYTES) == (40_000, 131_072)


@pytest.mark.parametrize(
    ("row", "clean"),
    [
        (b"ssh,22,tcp", b"ssh,22,tcp"),
        (b"ssh,jane@example.com,tcp", b"ssh,,tcp"),
        (b'ssh,"Jane <jane&example.com>, Joe",tcp', b'ssh,"Jane, Joe",tcp'),
        (b'ssh,"Jane\n<jane@example.com>\nJoe",tcp', b'ssh,"Jane\nJoe",tcp'),
        (b'ssh,"a\nb",jane@example.com', b'ssh,"a\nb",'),
        (b'ssh,"a\rb",jane@example.com', b'ssh,"a\rb",'),
        (b'"ssh",22,jane@example.com', b"ssh,22,"),
        (b'"ssh",22,Miele@home', b'"ssh",22,Miele@home'),
        (b'"u=<username>&more",22', b'"u=<username>&more",22'),
        (b'ssh,"half a row jane@example.com', b'ssh,"half a row '),
        ("é,jane@example.com".encode(), "é,".encode()),
    ],
)
def test_addresses_are_left_out_of_a_row_and_nothing_else_is_changed(
    row: bytes, clean: bytes
) -> None:
    assert raw_rows.clean(row) == clean
    assert raw_rows.clean(clean) == clean


def test_a_row_that_is_no_text_is_not_cleaned_into_one() -> None:
    with pytest.raises(UnicodeDecodeError):
        raw_rows.clean(b"caf\xe9,jane@example.com")


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=12))
def test_a_clean_row_has_the_cells_of_the_row_without_addresses(
    cells: traps.Cells,
) -> None:
    rows = whole([cells]).rows
    if len(rows) == 1:
        clean = raw_rows.clean(rows[0])
        assert raw_rows.cells_of([clean]) == [[*map(without_addresses, cells)]]
        assert raw_rows.clean(clean) == clean


@settings(deadline=None)
@given(TABLES)
def test_rows_written_from_cells_are_those_that_a_csv_writer_writes(
    table: list[traps.Cells],
) -> None:
    assert raw_rows.of_cells(table).dump() == traps.write_table(table).encode()


def test_what_differs_are_the_rows_that_only_one_file_has_in_its_order() -> None:
    before = rows_of(b"a", b"b", b"c", b"d")
    after = rows_of(b"x", b"b", b"y", b"d")
    assert raw_rows.differing(before, after) == Differing([b"a", b"c"], [b"x", b"y"], after)
    assert raw_rows.differing(before, before) == Differing([], [], before)
    assert raw_rows.differing(rows_of(), before) == Differing([], before.rows, before)


def test_a_row_that_differs_by_an_address_alone_is_the_same() -> None:
    before = rows_of(b"ssh,", b"http,")
    after = rows_of(b"ssh,jane@example.com", b"http,")
    assert raw_rows.differing(before, after) == Differing([], [], before)


def test_a_new_row_comes_without_the_addresses_in_it() -> None:
    before = rows_of(b"ssh,")
    after = rows_of(b"ssh,", b"http,jane@example.com")
    both = rows_of(b"ssh,", b"http,")
    assert raw_rows.differing(before, after) == Differing([], [b"http,"], both)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rows_of(b"a", b"a"), rows_of(b"a")),
        (rows_of(b"a"), rows_of(b"a", b"a")),
        (rows_of(b"a"), rows_of(b"a", b"b", b"b")),
        (rows_of(b"ssh,"), rows_of(b"ssh,", b"ssh,jane@example.com")),
        (rows_of(b"ssh,"), rows_of(b"ssh,joe@example.com", b"ssh,jane@example.com")),
        (rows_of(b"a"), rows_of(b"a", b"ssh,joe@example.com", b"ssh,jane@example.com")),
    ],
)
def test_rows_that_are_repeated_are_not_compared(before: RawRows, after: RawRows) -> None:
    assert raw_rows.differing(before, after) is None


def test_rows_in_another_order_are_not_compared() -> None:
    assert raw_rows.differing(rows_of(b"a", b"b"), rows_of(b"b", b"a")) is None
    assert raw_rows.differing(rows_of(b"a", b"x", b"b"), rows_of(b"b", b"y", b"a")) is None


@settings(deadline=None)
@given(TABLES, TABLES)
def test_what_is_gone_and_come_makes_one_file_of_the_other(
    old: list[traps.Cells], new: list[traps.Cells]
) -> None:
    stored = whole(old)
    before = RawRows(stored.header, [*map(raw_rows.clean, stored.rows)])
    after = whole(new)
    found = raw_rows.differing(before, after)
    clean = [*map(raw_rows.clean, after.rows)]
    if found is None:
        stay = [row for row in before.rows if row in clean]
        assert (
            len(set(before.rows)) < len(before.rows)
            or len(set(clean)) < len(clean)
            or stay != [row for row in clean if row in before.rows]
        )
    else:
        assert found.after == RawRows(after.header, clean)
        assert set(before.rows) - set(found.gone) | set(found.come) == set(clean)
        assert not set(found.gone) & set(clean)
        assert not set(found.come) & set(before.rows)
