"""Which words of a text came and which went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.editorial.word_differences import Kind, shortened, word_differences

pytestmark = pytest.mark.any_database


def told(before: str, after: str) -> str:
    """The differences on one line: what went in brackets, what came in braces."""
    frames = {Kind.KEPT: "%s", Kind.REMOVED: "[%s]", Kind.ADDED: "{%s}", Kind.LEFT_OUT: "…%s"}
    return "".join(
        frames[piece.kind] % piece.text for piece in shortened(word_differences(before, after))
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("The same.", "The same.", "The same."),
        ("", "New.", "{New.}"),
        ("Old.", "", "[Old.]"),
        ("One old word.", "One new word.", "One [old]{new} word."),
        ("A b c d e.", "A x y d z.", "A [b c]{x y} d [e]{z}."),
        ("End one ", "End two ", "End [one]{two} "),
        ("Line one\nLine two", "Line one\nLine 2", "Line one\nLine [two]{2}"),
        ("مرحبا بالعالم", "مرحبا يا عالم", "مرحبا [بالعالم]{يا عالم}"),
        ("ポートの説明です", "ポートの解説です", "ポートの{解}説[明]です"),
        ("पोर्ट की कहानी", "पोर्ट का कहानी", "पोर्ट [की]{का} कहानी"),
    ],
)
def test_words_come_and_go(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


def test_nothing_is_lost_but_long_passages_that_stayed() -> None:
    same = "word " * 500
    found = told(f"old {same}", f"new {same}")
    assert found.startswith("[old]{new} word")
    assert found.endswith("…")
    assert len(found) < 400
    assert told(f"{same}old{same}", f"{same}new{same}").count("…") == 2


@given(st.text("ab \n\t", max_size=30), st.text("ab \n\t", max_size=30))
def test_both_versions_can_be_read_off(before: str, after: str) -> None:
    pieces = word_differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != Kind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != Kind.REMOVED) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("a " * 25_000, "b " * 25_000), ("a\n" * 25_000, "a\nb\n" * 12_500)],
)
def test_the_longest_texts_are_compared_in_time(before: str, after: str) -> None:
    pieces = word_differences(before, after)
    assert pieces
    assert len(pieces) < 100_000
