"""Which files may replace what is stored."""

from typing import Any

import pytest

from ports.registry.guards import (
    MOST_ADDED,
    MOST_MODIFIED,
    MOST_NAMES_GONE,
    MOST_REJECTED_ROWS,
    SENTINELS,
    Figures,
    check,
    missing_sentinels,
)
from ports.registry.reasons import FIGURE_REASONS, Reason, RegistryRefusedError
from ports.registry.records import Record, RejectedRow
from tests.data import traps

pytestmark = pytest.mark.any_database

NAMED = [record for record in traps.RECORDS if record.service_name]
SSH = next(record for record in NAMED if record.service_name == "ssh")
SHAPELY = SSH._replace(
    assignee="[IESG]", contact="[IESG]", reference="[RFC4251]", service_code="1145656131"
)
"""A record with something in each column whose cells have a shape."""
MISSHAPEN = {
    "assignee": "Some text",
    "contact": "IESG]",
    "reference": "RFC4251 [RFC4251]",
    "service_code": "x1145656131",
}


def rejected(count: int) -> list[RejectedRow]:
    return [RejectedRow(line, "1 cells instead of 12", ("x",)) for line in range(7, 7 + count)]


def figures(**other: Any) -> Figures:
    """Those of a file that is like the 2000 stored records, unless said otherwise."""
    good = Figures(
        come=[],
        rejected=[],
        named=1000,
        missing=[],
        before=2000,
        named_before=1000,
        named_gone=0,
        added=0,
        modified=0,
        last_gone="",
        newest="2026-07-23",
        newest_before="2026-07-23",
        is_next=True,
    )
    return good._replace(**other)


def first(**other: Any) -> Figures:
    """Those of a file where none is stored."""
    nothing = {"before": 0, "named_before": 0, "newest_before": "", "is_next": False}
    return figures(**nothing | {"come": traps.RECORDS, "added": 2000} | other)


def refusal(found: Figures, *, accepting: bool = False) -> RegistryRefusedError:
    with pytest.raises(RegistryRefusedError) as caught:
        check(found, accepting=accepting)
    return caught.value


ODD = {
    Reason.TOO_MANY_REJECTED: {"rejected": rejected(MOST_REJECTED_ROWS + 1)},
    Reason.SENTINEL: {"missing": ["ssh 22", "49151"]},
    Reason.NAMES_GONE: {"named_gone": 21},
    Reason.END_GONE: {"last_gone": "usp-agt-coap udp"},
    Reason.MANY_MODIFIED: {"modified": 101},
    Reason.MANY_ADDED: {"added": 101},
    Reason.OLDER: {"newest": "2026-07-22"},
}
"""For each reason that a person may judge otherwise, what is just enough to refuse for it."""

SENTENCES = {
    Reason.TOO_MANY_REJECTED: "rows that cannot be read: 21; the limit is 20; the first stands on "
    "line 7: 1 cells instead of 12",
    Reason.SENTINEL: "it lacks what must be in it: ssh 22, 49151",
    Reason.NAMES_GONE: "records with a service name that would be lost: 21 of 1000; the limit is "
    "20",
    Reason.END_GONE: "it ends early: the last record of the stored registry, usp-agt-coap udp, is "
    "not in it",
    Reason.MANY_MODIFIED: "records that would change: 101 of 2000; the limit is 100",
    Reason.MANY_ADDED: "records that would be added: 101 to 2000; the limit is 100",
    Reason.OLDER: "its newest date is 2026-07-22, older than that of the stored registry: "
    "2026-07-23",
}


def test_what_differs_in_nothing_is_believed() -> None:
    check(figures())


def test_the_traps_file_is_believed_as_the_first_one() -> None:
    check(first(missing=missing_sentinels(traps.RECORDS)))


def test_the_reasons_a_person_may_judge_otherwise_are_each_tried_here() -> None:
    assert set(ODD) == set(SENTENCES) == FIGURE_REASONS


@pytest.mark.parametrize("reason", ODD)
def test_odd_figures_are_refused_with_a_sentence_that_holds_them(reason: Reason) -> None:
    error = refusal(figures(**ODD[reason]))
    assert (error.reason, str(error)) == (reason, SENTENCES[reason])


@pytest.mark.parametrize("reason", ODD)
def test_a_person_may_accept_odd_figures(reason: Reason) -> None:
    check(figures(**ODD[reason]), accepting=True)


def test_a_person_may_accept_all_odd_figures_at_once() -> None:
    check(figures(**{name: cell for odd in ODD.values() for name, cell in odd.items()}),
          accepting=True)  # fmt: skip


@pytest.mark.parametrize("accepting", [False, True])
@pytest.mark.parametrize("before", [figures, first])
def test_a_file_without_a_service_name_is_refused_whoever_accepts_it(
    before: Any, accepting: bool
) -> None:
    error = refusal(before(named=0), accepting=accepting)
    assert (error.reason, str(error)) == (Reason.NO_NAMES, "it holds no record with a service name")


@pytest.mark.parametrize("accepting", [False, True])
@pytest.mark.parametrize(("column", "cell"), MISSHAPEN.items())
def test_a_column_that_looks_otherwise_is_refused_whoever_accepts_it(
    column: str, cell: str, accepting: bool
) -> None:
    odd = SHAPELY._replace(**{column: cell})
    check(figures(come=[SHAPELY] * 36 + [odd] * 4))
    error = refusal(figures(come=[SHAPELY] * 35 + [odd] * 5), accepting=accepting)
    assert (error.reason, error.figures) == (Reason.SHAPE, {"column": column, "count": 5})
    assert str(error) == (f"it is not the registry: 5 cells of the column {column} look otherwise")


@pytest.mark.parametrize(("column", "cell"), MISSHAPEN.items())
def test_two_odd_cells_are_believed_among_however_few_and_empty_ones_not_counted(
    column: str, cell: str
) -> None:
    odd, empty = SHAPELY._replace(**{column: cell}), SHAPELY._replace(**{column: ""})
    check(figures(come=[odd] * 2))
    check(figures(come=[SHAPELY] * 27 + [odd] * 3))
    for come in ([odd] * 3, [SHAPELY] * 26 + [odd] * 3, [empty] * 1000 + [odd] * 3):
        assert refusal(figures(come=come)).reason is Reason.SHAPE


def test_odd_cells_of_different_columns_are_not_counted_together() -> None:
    check(figures(come=[SHAPELY._replace(**{column: MISSHAPEN[column]}) for column in MISSHAPEN]))


def test_not_the_registry_is_said_before_odd_figures() -> None:
    for odd in ODD.values():
        assert refusal(figures(named=0, **odd)).reason is Reason.NO_NAMES


def test_as_many_rejected_rows_as_allowed_are_believed() -> None:
    assert MOST_REJECTED_ROWS == 20
    check(figures(rejected=rejected(20)))
    check(first(rejected=rejected(20)))


def test_too_many_rejected_rows_and_missing_sentinels_refuse_a_first_file_too() -> None:
    assert refusal(first(rejected=rejected(21))).reason is Reason.TOO_MANY_REJECTED
    assert refusal(first(missing=["http 80"])).reason is Reason.SENTINEL


def test_changes_of_just_the_allowed_share_are_believed() -> None:
    assert (MOST_NAMES_GONE, MOST_MODIFIED, MOST_ADDED) == (0.02, 0.05, 0.05)
    check(figures(named_gone=20, modified=100, added=100))


def test_a_share_of_a_row_is_none_and_may_not_go() -> None:
    check(figures(named_before=50, named_gone=1))
    assert refusal(figures(named_before=49, named_gone=1)).reason is Reason.NAMES_GONE


def test_the_same_or_a_newer_date_is_believed_also_where_it_is_less_precise() -> None:
    check(figures(newest="2026-07-24"))
    check(figures(newest="2026-08", newest_before="2026-07-23"))
    assert refusal(figures(newest="2026-07", newest_before="2026-07-23")).reason is Reason.OLDER


def test_what_replaces_a_compiled_registry_may_add_and_change_as_much_as_it_likes() -> None:
    check(figures(is_next=False, modified=2000, added=2000, newest="2020", last_gone="x 1 tcp"))


def test_what_replaces_a_compiled_registry_may_not_lose_its_names() -> None:
    assert refusal(figures(is_next=False, named_gone=21)).reason is Reason.NAMES_GONE


def test_no_sentinel_is_missing_from_the_traps_file() -> None:
    assert missing_sentinels(traps.RECORDS) == []


@pytest.mark.parametrize(
    ("number", "name", "told"),
    [(22, "ssh", "ssh 22"), (80, "http", "http 80"), (443, "https", "https 443"),
     (49151, "", "49151")],
)  # fmt: skip
def test_a_sentinel_is_missing_when_no_record_of_its_port_has_its_name(
    number: int, name: str, told: str
) -> None:
    assert (number, name) in SENTINELS
    without = [record for record in traps.RECORDS if (record.first_port, record.service_name)
               != (number, name)]  # fmt: skip
    assert missing_sentinels(without) == [told]
    one: Record = SSH._replace(service_name=name, first_port=number, last_port=number)
    assert missing_sentinels([*without, one]) == []


def test_the_last_port_may_stand_in_a_span_and_under_any_name() -> None:
    without = [record for record in traps.RECORDS if record.first_port != 49151]
    span = SSH._replace(service_name="", first_port=49000, last_port=49151)
    named = SSH._replace(service_name="last", first_port=49151, last_port=49151)
    for record in (span, named):
        assert missing_sentinels([*without, record]) == []
    assert missing_sentinels([*without, span._replace(last_port=49150)]) == ["49151"]


def test_nothing_at_all_lacks_every_sentinel() -> None:
    assert missing_sentinels([]) == ["ssh 22", "http 80", "https 443", "49151"]


def test_rows_that_cannot_be_read_are_refused_when_names_are_gone_at_the_same_time() -> None:
    damaged = rejected(1)
    check(figures(rejected=damaged))
    check(figures(named_gone=1))
    assert refusal(figures(rejected=damaged, named_gone=1)).reason == Reason.TOO_MANY_REJECTED
    # Those that could not be read before are no news; and a first load has nothing to lose.
    check(figures(rejected=damaged, named_gone=1, rejected_before=1))
    check(first(rejected=damaged))
