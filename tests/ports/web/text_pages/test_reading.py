"""Texts made for pages, read for a terminal."""

import pytest
from django.utils.safestring import SafeString

from ports.web.text_pages.sheet import Sheet

pytestmark = pytest.mark.any_database


def shown(html: str) -> list[str]:
    sheet = Sheet()
    sheet.blocks(SafeString(html))
    return sheet.text(is_coloured=False).split("\n")[:-1]


def test_paragraphs_stand_apart() -> None:
    assert shown("<p>One\ntwo</p>\n<p>Three</p>\n") == ["  One two", "", "  Three"]


def test_lists_keep_their_markers_and_depth() -> None:
    html = '<p>A:</p><ol start="3"><li>x</li><li><p>y</p><ul><li>z</li></ul></li></ol><p>B</p>'
    assert shown(html) == ["  A:", "", "  3. x", "  4. y", "    - z", "", "  B"]


def test_code_stays_as_it_is() -> None:
    long = "x" * 90
    assert shown(f'<p>Do</p><pre class="command"><code>a  b\n {long}</code></pre>') == [
        "  Do", "", "    a  b", f"     {long}",
    ]  # fmt: skip
    assert shown('<p>Run <code dir="ltr">ss -l</code>.</p>') == ["  Run `ss -l`."]


def test_headings_quotations_and_tables_can_be_read() -> None:
    html = (
        "<h3>Top</h3><blockquote><p>Said</p></blockquote>"
        "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
        "<tbody><tr><td>1</td><td>2 &lt; 3</td></tr></tbody></table>"
    )
    assert shown(html) == ["  Top", "", "    Said", "", "  a | b", "  1 | 2 < 3"]


def test_footnotes_and_links_are_numbered() -> None:
    sheet = Sheet()
    sheet.blocks(
        SafeString(
            '<p>A<sup class="footnote"><a id="cite-1-1" href="#source-1">1</a></sup> '
            '<a href="https://example.org/a">here</a>, <a href="/en/ports/80/">80</a>, '
            '<a href="https://example.org/a">again</a>, '
            '<a href="https://example.org/b">https://example.org/b</a></p>'
        )
    )
    assert sheet.text(is_coloured=False) == (
        "  A[1] here [1], 80, again [1], https://example.org/b\n"
    )
    assert sheet.links == [(1, "https://example.org/a")]


def test_a_text_in_another_language_says_so() -> None:
    assert shown('<div lang="en" dir="ltr"><p>One</p><p>Two</p></div>') == [
        "  [en] One", "", "  Two",
    ]  # fmt: skip


def test_a_heading_of_nothing_does_not_appear() -> None:
    sheet = Sheet()
    sheet.heading("Empty")
    sheet.heading("Full")
    sheet.paragraph("text", "", None)
    sheet.heading("Last")
    sheet.rule()
    assert sheet.text(is_coloured=False).split("\n")[:-2] == ["Full", "  text", ""]


def test_what_is_not_marked_as_html_is_text() -> None:
    sheet = Sheet()
    sheet.paragraph("a <b> & c")
    assert sheet.text(is_coloured=False) == "  a <b> & c\n"
