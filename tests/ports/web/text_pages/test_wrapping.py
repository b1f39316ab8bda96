"""Lines that fit a terminal, in every script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes, wcswidth

from ports.web.text_pages.runs import Run, Style, clean
from ports.web.text_pages.wrapping import wrapped

pytestmark = pytest.mark.any_database

TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("abc    -–[]()。、「」っ漢字かなカナ한국어ไทยเป็นะ่กำ"),
        st.sampled_from("देवनागरीالعربية\u200d\u200céq\u0301👨👩🇹🇷\ufe0f"),
    )
)


def lines(text: str, width: int) -> list[str]:
    return ["".join(run.text for run in line) for line in wrapped([Run(text)], width)]


@given(TEXTS, st.integers(2, 40))
def test_no_line_is_wider_than_allowed_and_no_character_is_lost(text: str, width: int) -> None:
    found = lines(text, width)
    assert "".join(found).replace(" ", "") == clean(text).replace(" ", "")
    for line in found:
        assert wcswidth(line) <= width or is_one_grapheme(line)
        assert line == line.strip(" ")


def is_one_grapheme(line: str) -> bool:
    return len(list(iter_graphemes(line))) == 1


@given(st.lists(st.tuples(TEXTS, st.sampled_from(Style)), max_size=4), st.integers(2, 40))
def test_style_changes_nothing_of_the_text(runs: list[tuple[str, Style]], width: int) -> None:
    styled = wrapped([Run(*run) for run in runs], width)
    assert ["".join(run.text for run in line) for line in styled] == lines(
        "".join(text for text, _style in runs), width
    )


def test_words_stay_whole() -> None:
    assert lines("one two three", 7) == ["one two", "three"]
    assert lines("sudo ans-console 10.0.0.1", 12) == ["sudo", "ans-console", "10.0.0.1"]


def test_chinese_and_japanese_are_broken_between_characters_but_not_before_a_full_stop() -> None:
    assert lines("端口号由互联网号码分配局管理。", 10) == ["端口号由互", "联网号码分", "配局管理。"]
    assert lines("あいうえお。か", 10) == ["あいうえ", "お。か"]
    assert lines("あいう「かき」", 8) == ["あいう", "「かき」"]
    assert lines("あいうえって", 10) == ["あいうえっ", "て"]
    assert lines("ポート 80 は使用中", 10) == ["ポート 80", "は使用中"]
    assert lines("使用中です。[1]", 12) == ["使用中で", "す。[1]"]


def test_korean_is_broken_between_words() -> None:
    assert lines("포트 번호는 등록되어 있습니다", 14) == ["포트 번호는", "등록되어", "있습니다"]


def test_thai_phrases_stay_whole_where_they_fit_and_are_broken_between_syllables() -> None:
    assert lines("ซึ่งพอร์ตนี้ จดทะเบียนแล้ว", 12) == ["ซึ่งพอร์ตนี้", "จดทะเบียนแล้ว"]
    assert lines("พอร์ตนี้ จดทะเบียนแล้ว", 16) == ["พอร์ตนี้ จดทะเบียน", "แล้ว"]
    for line in lines("ซอฟต์แวร์ไม่พึงประสงค์มักใช้หมายเลขของบริการที่คุ้นเคย", 20):
        assert wcswidth(line) <= 20
        assert line[0] not in "ะาำๅๆฯ"
        assert line[-1] not in "เแโใไ"
        assert not re.match(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", line), (
            "a mark without its letter"
        )


def test_what_fits_no_line_is_broken_anywhere() -> None:
    assert lines("a 1234567890", 5) == ["a", "12345", "67890"]


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = clean(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", shown)
    shown.encode()
    assert clean(shown) == shown


def test_what_is_taken_out_leaves_a_mark_or_nothing() -> None:
    assert clean("a\x1b[31mb\x9b0m\x07\x00") == "a\ufffd[31mb\ufffd0m\ufffd\ufffd"
    assert clean("a\tb\nc\r\nd\u2028e") == "a b c  d e"
    assert clean("\u202eevil\u202c\u2066\u200f\ufeff") == "evil"
    assert clean("\ud800") == "\ufffd"
    assert clean("می\u200cشود क्\u200dष") == "می\u200cشود क्\u200dष", "joiners belong to the word"
