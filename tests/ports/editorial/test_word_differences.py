"""What differs between two texts, word by word: told right, and told soon."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.editorial.word_differences import Piece, Was, word_differences

pytestmark = pytest.mark.any_database


def told(before: str, after: str) -> str:
    marks = {Was.KEPT: "{}", Was.REMOVED: "[-{}-]", Was.ADDED: "[+{}+]"}
    return "".join(marks[piece.was].format(piece.text) for piece in word_differences(before, after))


def test_one_word_that_was_exchanged_is_told_alone() -> None:
    assert told("It is a quiet port.", "It is a busy port.") == "It is a [-quiet -][+busy +]port."


def test_a_word_at_the_end_leaves_the_one_before_it_alone() -> None:
    assert told("A quiet port", "A quiet port here") == "A quiet port[+ here+]"


def test_a_paragraph_that_was_added_leaves_the_others_alone() -> None:
    assert told("One.\n\nTwo.\n", "One.\n\nNew.\n\nTwo.\n") == "One.\n\n[+New.\n\n+]Two.\n"


def test_from_nothing_and_to_nothing() -> None:
    assert word_differences("", "a b") == [Piece(Was.ADDED, "a b")]
    assert word_differences("a b", "") == [Piece(Was.REMOVED, "a b")]
    assert word_differences("", "") == []


@given(st.text("ab \n\t", max_size=30), st.text("ab \n\t", max_size=30))
def test_both_versions_can_be_read_off(before: str, after: str) -> None:
    pieces = word_differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.was != Was.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.was != Was.REMOVED) == after


@pytest.mark.parametrize("words", ["a ", "a\n", "a b\n"])
def test_the_longest_texts_keep_nobody_waiting(words: str) -> None:
    before, after = words * (50_000 // len(words)), ("x " + words) * (50_000 // len(words + "x "))
    began = time.monotonic()
    assert word_differences(before, after)
    assert time.monotonic() - began < 5
