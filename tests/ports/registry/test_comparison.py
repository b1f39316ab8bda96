"""Comparing the raw rows that differ leads to the very tables that comparing all records leads to.

A file is compared row by row where that is plainly right. The same rows with LF at their ends are
no rows as IANA writes them, so that all records are compared: that is the other way here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from ports.models import Assignment, Port, RegistryChange, Snapshot
from ports.registry import archive
from ports.registry.reasons import Reason, RegistryRefusedError
from ports.registry.records import Record
from ports.registry.refresh import READING_RULES, Outcome, Result, refresh
from tests.data import traps
from tests.data.traps import Cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

type Table = list[Cells]
type Load = Callable[..., Outcome]


class Found(NamedTuple):
    """What a refresh came to: all that must not depend on how the file was compared."""

    said: tuple[object, ...]
    assignments: list[tuple[object, ...]]
    ports: list[tuple[object, ...]]
    snapshot: tuple[object, ...]
    changes: list[tuple[object, ...]]
    kept: tuple[list[Record], int]


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def with_lf(text: str) -> str:
    """The same rows, each ended by LF; line ends inside of cells stay."""
    return "".join(
        traps.write_table([], header=row).removesuffix("\r\n") + "\n"
        for row in (traps.COLUMNS, *traps.read_table(text))
    )


def came_to(text: str, folder: Path, *, accepting: bool, ids: set[int]) -> Found:
    """What a refresh with this text came to; new records stand without their ids."""
    try:
        outcome = refresh(traps.body(text, folder), accepting=accepting)
        said: tuple[object, ...] = (
            outcome.result,
            outcome.record_count,
            sorted(reason for _line, reason, _cells in outcome.rejected),
            [*map(sorted, outcome.difference)],
            outcome.statuses_changed,
            outcome.changes_told,
        )
    except RegistryRefusedError as error:
        said = (error.reason, error.figures)
    current = Snapshot.objects.current()
    assert current is not None
    assert current.file is not None
    records: list[Record] = []
    rejected = 0
    for row in traps.read(archive.content_of(current.file).decode()):
        if isinstance(row, Record):
            records.append(row)
        else:
            rejected += 1
    return Found(
        said,
        [
            (pk if pk in ids else None, *cells)
            for pk, *cells in Assignment.objects.order_by("id").values_list()
        ],
        [*Port.objects.with_records().order_by("number").values_list()],
        (
            current.names_as_of,
            current.registrants_as_of,
            current.record_count,
            current.rejected_count,
            current.statistics,
            current.reading_rules,
            Snapshot.objects.count(),
        ),
        [
            tuple(cells)
            for _pk, _snapshot, *cells in RegistryChange.objects.order_by("id").values_list()
        ],
        (sorted(records, key=lambda record: record.key), rejected),
    )


def same_either_way(before: Table, after: Table, folder: Path, *, accepting: bool) -> bool:
    """Assert that all ways from one table to another lead to the same; whether the quick was taken.

    The ways are: its raw rows, all of its records, and all of its records where none is stored.
    """
    text = traps.write_table(after)
    with taken_back():
        refresh(traps.body(traps.write_table(before), folder), accepting=True)
        ids = set(Assignment.objects.values_list("pk", flat=True))
        with taken_back(), traps.statements() as executed:
            by_rows = came_to(text, folder, accepting=accepting, ids=ids)
        is_quick = not traps.compared_all(executed)
        with taken_back(), traps.statements() as executed:
            by_records = came_to(with_lf(text), folder, accepting=accepting, ids=ids)
        assert traps.compared_all(executed)
    assert by_rows == by_records
    if not isinstance(by_rows.said[0], Reason):
        with taken_back():
            anew = came_to(text, folder, accepting=True, ids=set())
        assert by_rows.ports == anew.ports
        assert by_rows.snapshot[:-1] == anew.snapshot[:-1]
        assert sorted(row[1:] for row in by_rows.assignments) == sorted(
            row[1:] for row in anew.assignments
        )
        if by_rows.said[0] is Result.APPLIED:
            assert by_rows.kept == anew.kept
    return is_quick


# What may become of a table, as functions of the table, of two numbers and of a text.

NAMES = ("new", "ssh", "SSH", "https", "exp1", "forté", "FORTÉ", "  rdp", "", "a,b", 'a"b')
TEXTS = (
    *("", "Reserved", "Unassigned", "De-registered", "Some text", "[IESG]", "two\nlines", '"', ","),
    *("Some  text", "Jane <jane@example.com>", "joe@example.com", "<joe&example.com>", "@", "é"),
    *('This entry is an alias to "ssh".', "ends\r\nrows", '5" disk', "\u2028"),
)
DATES = ("", "2002", "2002-03", "2026-07-23", "2026-07-24", "2031-01", "soon")
PORTS = ("", "22", "80", "443", "3440", "40000", "40001-40010", "225-241", "49151", "60000", "x")
TRANSPORTS = ("", "tcp", "udp", "sctp", "icmp")


def drop(rows: Table, one: int, other: int, text: str) -> None:
    del rows[one]


def add(rows: Table, one: int, other: int, text: str) -> None:
    name, port = NAMES[other % len(NAMES)], PORTS[one % len(PORTS)]
    rows.insert(one, traps.made(name, port, TRANSPORTS[other % len(TRANSPORTS)], text))


def add_new(rows: Table, one: int, other: int, text: str) -> None:
    rows.insert(one, traps.made(f"new-{len(rows)}-{other}", str(50_000 + other), "tcp", text))


def rename(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][0] = NAMES[other % len(NAMES)]


def change_a_cell(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][(3, 4, 5, 8, 9, 10, 11)[other % 7]] = text


def change_the_port(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][1] = PORTS[other % len(PORTS)]


def change_the_transport(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][2] = TRANSPORTS[other % len(TRANSPORTS)]


def change_a_date(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][6 + other % 2] = DATES[other % len(DATES)]


def space_out(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][3] = rows[one][3].replace(" ", "  ")


def put_an_address_in(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][(3, 4, 5, 8, 10, 11)[other % 6]] += f"{text} <jane@example.com>"


def move(rows: Table, one: int, other: int, text: str) -> None:
    rows.insert(other, rows.pop(one))


def repeat(rows: Table, one: int, other: int, text: str) -> None:
    rows.insert(other, list(rows[one]))


def repeat_the_key(rows: Table, one: int, other: int, text: str) -> None:
    rows.insert(other, [*rows[one][:3], text, *rows[one][4:]])


def write_the_name_otherwise(rows: Table, one: int, other: int, text: str) -> None:
    rows[one][0] = rows[one][0].swapcase()


def split_a_span(rows: Table, one: int, other: int, text: str) -> None:
    spans = [row for row in rows if "-" in row[1] and row[1].replace("-", "").isdigit()]
    if not spans:
        return
    span = spans[one % len(spans)]
    first, _, last = span[1].partition("-")
    at = int(first) + other % (int(last) - int(first) + 1) if int(first) <= int(last) else 0
    number = rows.index(span)
    pieces = [(int(first), at - 1), (at, at), (at + 1, int(last))]
    rows[number : number + 1] = [
        [text if piece == (at, at) else span[0], f"{piece[0]}-{piece[1]}", *span[2:]]
        for piece in pieces
        if piece[0] <= piece[1]
    ]


def swap_the_siblings(rows: Table, one: int, other: int, text: str) -> None:
    numbers = [number for number, row in enumerate(rows) if row[:3] == ["rdp", "", ""]]
    if len(numbers) == 2:
        first, second = numbers
        rows[first], rows[second] = rows[second], rows[first]


ANY = (
    *(drop, add, add_new, rename, change_a_cell, change_the_port, change_the_transport),
    *(change_a_date, space_out, put_an_address_in, move, repeat, repeat_the_key),
    *(write_the_name_otherwise, split_a_span, swap_the_siblings),
)
type Edit = tuple[Callable[[Table, int, int, str], None], int, int, str]


def edits(*kinds: Callable[..., None], most: int) -> st.SearchStrategy[list[Edit]]:
    number = st.integers(0, 119)
    edit = st.tuples(st.sampled_from(kinds), number, number, st.sampled_from(TEXTS))
    return st.lists(edit, max_size=most)


def edited(table: Table, chosen: Sequence[Edit]) -> Table:
    rows = [list(row) for row in table]
    for edit, one, other, text in chosen:
        edit(rows, one % len(rows), other % len(rows), text)
    return rows


QUICK = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(edits(*ANY, most=3), edits(*ANY, most=5), st.booleans())
@example([], [(swap_the_siblings, 0, 0, "")], True)
@example([], [(put_an_address_in, 6, 0, ""), (repeat, 6, 7, "")], True)
@example([(add, 1, 5, "x")], [(add, 1, 6, "x")], True)
@example([(change_a_cell, 6, 0, "ends\r\nrows")], [(change_a_cell, 7, 0, "Some text")], True)
@example([(drop, 118, 0, "")] * 3, [(add_new, 7, 7, "")], False)
def test_whichever_way_a_file_is_compared_the_tables_are_the_same(
    first: list[Edit], then: list[Edit], accepting: bool
) -> None:
    before = edited(traps.ROWS, first)
    after = edited(before, then)
    assume(after != before)
    with TemporaryDirectory() as folder:
        is_quick = same_either_way(before, after, Path(folder), accepting=accepting)
    event(f"by raw rows: {is_quick}")


PLAIN = [
    number
    for number, row in enumerate(traps.ROWS)
    if row[0] != "rdp" and "2026-07-23" not in row and row[1] not in ("22", "80", "443", "49151")
]
"""The rows that no other is like, that hold no sentinel, and not the newest date."""


@QUICK
@given(
    st.lists(st.sampled_from(PLAIN), max_size=6, unique=True),
    st.lists(st.sampled_from([drop, change_a_cell, space_out, put_an_address_in]), min_size=6),
    edits(add_new, most=4),
    st.sampled_from([text for text in TEXTS if "\r\n" not in text]),
)
def test_plain_differences_are_found_by_their_raw_rows_alone(
    numbers: list[int], kinds: list[Callable[..., None]], new: list[Edit], text: str
) -> None:
    after = [list(row) for row in traps.ROWS]
    chosen = dict(zip(sorted(numbers, reverse=True), kinds, strict=False))
    for number, kind in chosen.items():
        kind(after, number, number, text)
    for edit, one, other, _text in new:
        edit(after, one % len(after), other, "Some text")
    with TemporaryDirectory() as folder:
        assert same_either_way(traps.ROWS, after, Path(folder), accepting=True)


def other(name: str, **cells: str) -> Table:
    """The traps file's rows, with other cells (`c3` is the fourth) in the first of a name."""
    rows = [list(row) for row in traps.ROWS]
    row = next(row for row in rows if row[0] == name)
    for column, text in cells.items():
        row[int(column[1:])] = text
    return rows


def without(*keys: tuple[str, str, str]) -> Table:
    return [row for row in traps.ROWS if tuple(row[:3]) not in keys]


NEW = traps.made("new", "40000", "udp", "A new service")
RESERVED = ("", "11434", "udp")
BY_ROWS = {
    "nothing": traps.ROWS,
    "a cell": other("ssh", c3="Other"),
    "whitespace": other("ssh", c3="The Secure  Shell (SSH) Protocol"),
    "a quoted cell": other("ssh", c3='The "Secure" Shell,\nby SSH'),
    "an address": other("ssh", c9="jane@example.com"),
    "a new row": [*traps.ROWS[:50], NEW, *traps.ROWS[50:]],
    "a row gone": without(("z39.50", "210", "tcp")),
    "a row gone and one come": [NEW, *without(("z39.50", "210", "tcp"))],
    "a name in other letter case": other("ans-console", c0="ANS-Console"),
    "another name": other("ans-console", c0="ans"),
    "a name for a reserved port": [traps.made("ollama", "11434", "udp"), *without(RESERVED)],
    "a sentinel's other transport gone": without(("ssh", "22", "sctp")),
    "a span split": [
        *without(("", "788-799", "")),
        traps.made("", "788-790", "", "Unassigned"),
        traps.made("new", "791", "tcp"),
        traps.made("", "792-799", "", "Unassigned"),
    ],
    "a newer date": other("ssh", c7="2026-07-24"),
    "a name that was only an address": [traps.made("joe@example.com", "40000", "tcp"), *traps.ROWS],
}
BY_RECORDS = {
    "a repeated row": [*traps.ROWS, traps.ROWS[7]],
    "another order": [traps.ROWS[1], traps.ROWS[0], *traps.ROWS[2:]],
    "a repetition changed": other("rdp", c3="Other"),
    "a repetition gone": without(("rdp", "", "")),
    "one row like another": [*traps.ROWS, [*traps.row("ssh", "22")[:3], "Other", *[""] * 8]],
    "a cell that holds what ends rows": other("ssh", c3="The Secure\r\nShell"),
    "a rejected row": [*traps.ROWS, traps.made("bad", "70000", "tcp")],
    "the newest date gone": without(("epp", "700", "udp")),
    "the newest date's row modified": other("epp", c3="Other"),
    "a sentinel gone": without(("", "49151", "")),
    "a name beyond ASCII": [*traps.ROWS, traps.made("forté", "40000", "tcp")],
    "an address that made a row another": [
        *traps.ROWS, [*traps.row("ssh", "22")[:9], "jane@example.com", *traps.row("ssh", "22")[10:]]
    ],
}  # fmt: skip


@pytest.mark.parametrize("after", BY_ROWS.values(), ids=BY_ROWS)
def test_a_plain_difference_is_found_without_asking_for_all_records(
    after: Table, tmp_path: Path
) -> None:
    assert same_either_way(traps.ROWS, after, tmp_path, accepting=True)


@pytest.mark.parametrize("after", BY_RECORDS.values(), ids=BY_RECORDS)
def test_a_difference_that_is_not_plain_is_left_to_the_comparison_of_all_records(
    after: Table, tmp_path: Path
) -> None:
    assert not same_either_way(traps.ROWS, after, tmp_path, accepting=True)


def test_either_way_the_rows_that_come_are_judged_by_themselves(tmp_path: Path) -> None:
    def made(name: str, assignee: str) -> Cells:
        return [name, "", "tcp", "", assignee, *[""] * 7]

    before = [*(made(f"good-{number}", "[IESG]") for number in range(300)), *traps.ROWS]
    after = [*(made(f"odd-{number}", "Some text") for number in range(20)), *before]
    assert same_either_way(before, after, tmp_path, accepting=False)
    refresh(traps.body(traps.write_table(before), tmp_path))
    with pytest.raises(RegistryRefusedError, match="20 cells of the column assignee look"):
        refresh(traps.body(traps.write_table(after), tmp_path))


@pytest.fixture
def stored(load: Load) -> Snapshot:
    """The snapshot of the traps file."""
    return load().snapshot


def is_quick(load: Load, content: str | bytes, **options: Any) -> bool:
    """Whether a file is compared without asking for all records."""
    with traps.statements() as executed:
        load(content, **options)
    return not traps.compared_all(executed)


CHANGED = traps.write_table(other("ssh", c3="Other"))
BYTES = {
    "LF": with_lf(CHANGED),
    "one LF": CHANGED.replace("\r\nssh,22,udp", "\nssh,22,udp"),
    "a quote inside of a cell": CHANGED.replace("tcp,Other", 'tcp,5" disk'),
    "two rows in a quoted one": CHANGED.replace("tcp,Other", 'tcp,"Other\r\nOther"'),
    "text behind a quote": CHANGED.replace("tcp,Other", 'tcp,"Other"s'),
    "a row of other length": CHANGED.replace("tcp,Other", "tcp,Other,"),
    "an empty line": CHANGED.replace("\r\nssh,22,tcp", "\r\n\r\nssh,22,tcp"),
    "the header of 2014": CHANGED.replace("Unauthorized Use Reported", "Known Unauthorized Uses"),
    "a header in quotes": CHANGED.replace("Service Name", '"Service Name"', 1),
}


@pytest.mark.parametrize("text", BYTES.values(), ids=BYTES)
@pytest.mark.usefixtures("stored")
def test_bytes_that_iana_does_not_write_are_left_to_the_comparison_of_all_records(
    load: Load, text: str
) -> None:
    assert text != CHANGED
    assert not is_quick(load, text, accepting=True)


@pytest.mark.usefixtures("stored")
def test_a_difference_of_quotes_that_may_be_left_out_is_none(load: Load) -> None:
    with traps.statements() as executed:
        outcome = load(traps.TEXT.replace("\r\nssh,22,tcp,", '\r\n"ssh","22",tcp,'))
    assert outcome.result is Result.UNCHANGED
    assert not traps.compared_all(executed)


@pytest.mark.parametrize(
    "fields",
    [
        {"file": None},
        {"reading_rules": READING_RULES - 1},
        {"rejected_count": 1},
        {"record_count": 119},
        {"origin": "compiled"},
    ],
    ids=",".join,
)
def test_a_snapshot_that_raw_rows_do_not_stand_for_is_compared_record_by_record(
    stored: Snapshot, load: Load, fields: dict[str, object]
) -> None:
    Snapshot.objects.filter(pk=stored.pk).update(**fields)
    assert not is_quick(load, CHANGED)
    assert Assignment.objects.get(service_name="ssh", transport="tcp").description == "Other"


def test_records_that_are_not_those_of_the_kept_file_are_put_right(
    stored: Snapshot, load: Load
) -> None:
    Assignment.objects.filter(service_name="ssh", transport="tcp").update(description="Gone wrong")
    assert not is_quick(load, CHANGED)
    assert Assignment.objects.get(service_name="ssh", transport="tcp").description == "Other"


@pytest.mark.usefixtures("stored")
def test_the_quick_way_is_found_again_after_a_file_that_was_not_as_iana_writes_it(
    load: Load,
) -> None:
    assert not is_quick(load, with_lf(CHANGED))
    assert is_quick(load, traps.TEXT)
    # A row that holds what ends rows is kept as two that are none.
    assert not is_quick(load, traps.write_table(other("ssh", c3="The Secure\r\nShell")))
    assert not is_quick(load, traps.write_table(other("ssh", c3="The Secure\r\nShell", c8="x")))
    assert not is_quick(load, CHANGED)
    assert is_quick(load, traps.TEXT)


def test_no_more_than_a_few_statements_are_needed_for_a_plain_difference(
    stored: Snapshot, load: Load
) -> None:
    with traps.statements() as executed:
        load(CHANGED)
    tables: dict[str, int] = defaultdict(int)
    for sql in executed:
        if sql.startswith("SELECT") and "pg_advisory" not in sql:
            tables[sql.partition(" FROM ")[2].split()[0].strip('"')] += 1
    # Ports and records of nothing are not asked for, since no status can have changed.
    assert set(tables) == {"ports_snapshot", "ports_registryfile", "ports_assignment"}
