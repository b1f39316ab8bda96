"""Which files may replace what is stored."""

import pytest

from ports.registry.guards import (
    MOST_NAMED_ROWS_GONE,
    MOST_REJECTED_ROWS,
    RegistryRefusedError,
    check,
)
from ports.registry.records import Record, RejectedRow
from tests.data import traps

pytestmark = pytest.mark.any_database

NAMED = [record for record in traps.RECORDS if record.service_name]
NAMELESS = [record for record in traps.RECORDS if not record.service_name]


def named(count: int) -> list[Record]:
    return [NAMED[0]] * count


def rejected(count: int) -> list[RejectedRow]:
    return [RejectedRow(line, "1 cells instead of 12", ("x",)) for line in range(7, 7 + count)]


def test_the_traps_file_is_believed_as_the_first_and_as_the_next_one() -> None:
    check(traps.RECORDS, [], named_before=0)
    check(traps.RECORDS, [], named_before=len(NAMED))


def test_as_many_rejected_rows_as_allowed_are_believed() -> None:
    check(NAMED, rejected(MOST_REJECTED_ROWS), named_before=0)


def test_one_rejected_row_more_is_refused_with_the_first_line_and_its_reason() -> None:
    with pytest.raises(
        RegistryRefusedError,
        match=r"^21 rows were rejected, more than the 20 allowed; "
        r"the first stands on line 7: 1 cells instead of 12$",
    ):
        check(NAMED, rejected(MOST_REJECTED_ROWS + 1), named_before=0)


@pytest.mark.parametrize("records", [[], NAMELESS], ids=["nothing", "only nameless records"])
@pytest.mark.parametrize("named_before", [0, 1, 10_000])
def test_a_file_without_a_service_name_is_refused(records: list[Record], named_before: int) -> None:
    with pytest.raises(RegistryRefusedError, match=r"^it holds no record with a service name$"):
        check(records, [], named_before=named_before)


def test_a_loss_of_just_the_allowed_share_is_believed() -> None:
    assert MOST_NAMED_ROWS_GONE == 0.02
    check(named(980), [], named_before=1000)


def test_a_greater_loss_is_refused_with_the_figures() -> None:
    with pytest.raises(
        RegistryRefusedError,
        match=r"^it holds 979 named records where 1000 are stored; "
        r"more than 2% would be lost at once$",
    ):
        check(named(979), [], named_before=1000)


def test_nameless_records_do_not_make_up_for_named_ones_that_are_gone() -> None:
    with pytest.raises(RegistryRefusedError, match="979 named records"):
        check(named(979) + NAMELESS * 10, [], named_before=1000)


def test_growth_is_believed() -> None:
    check(named(2000), [], named_before=1000)
