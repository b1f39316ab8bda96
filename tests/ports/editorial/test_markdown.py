"""What becomes of editors' Markdown, and that nothing dangerous can."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.editorial.markdown import Values, marks, render, render_inline
from ports.registry.records import PortRange, Status, Transport
from ports.tokens import CountToken, Fact, FactToken, PortLink, RegistryToken, TokenError

pytestmark = pytest.mark.any_database

ANS_CONSOLE = FactToken(Fact.SERVICE, 3440, Transport.TCP, "")

# Said here once more: whoever widens the module's lists must widen these on purpose.
PLAIN = (
    *("p", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "hr", "br", "em", "strong"),
    *("table", "thead", "tbody", "tr"),
)
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in PLAIN},
    "a": {"href", "title", "id", "rel", "class", "dir"},
    "bdi": {"lang", "dir"},
    "code": {"dir", "translate"},
    "div": {"class"},
    "ol": {"start"},
    "pre": {"class", "dir", "translate"},
    "span": {"lang", "dir"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
}
VOID = {"br", "hr"}
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")


class Findings(HTMLParser):
    """Everything in rendered HTML that must not be there, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        self.found += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.found.append(f"<{tag} {name}>")
            # A browser leaves control characters out, and spaces at the ends.
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            scheme = SCHEME.match(address)
            if name == "href" and scheme and scheme[0] not in {"http", "https"}:
                self.found.append(f"{name}={value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes another")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")


def told(token: RegistryToken) -> str:
    """A token as a page might show it: marked up and escaped."""
    match token:
        case FactToken():
            return f'<bdi lang="en" dir="ltr">{token.fact} of {token.port}</bdi>'
        case CountToken():
            return f"{token.status} in {token.range}"
    return f'<a href="/en/ports/{token.port}/" dir="ltr">{token.port}</a>'


VALUES = Values(
    token=told,
    footnote=lambda _key: '<sup class="footnote"><a id="cite-1-1" href="#source-1">1</a></sup>',
)
CARELESS = Values(
    token=lambda token: f"<bdi>{token.name if isinstance(token, FactToken) else token}</bdi>",
    footnote=lambda key: f'<sup class="{key}">{key}</sup>',
)
"""Values that forget to escape what editors wrote: what comes out is sanitised all the same."""


def shown(text: str) -> str:
    return render(text, VALUES).strip()


def contents(text: str) -> list[Any]:
    return [mark.content for mark in marks(text)]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ports.", "<p>Ports.</p>"),
        ("*a* **b** _c_", "<p><em>a</em> <strong>b</strong> <em>c</em></p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("5. a", '<ol start="5">\n<li>a</li>\n</ol>'),
        ("---", "<hr>"),
        ("`ss -tlnp`", '<p><code dir="ltr" translate="no">ss -tlnp</code></p>'),
        (
            "[RFC](https://www.rfc-editor.org/)",
            '<p><a href="https://www.rfc-editor.org/" rel="nofollow noopener">RFC</a></p>',
        ),
        (
            '[x](http://example.com "What it is")',
            '<p><a href="http://example.com" title="What it is" rel="nofollow noopener">x</a></p>',
        ),
        (
            "<http://a.example>",
            '<p><a href="http://a.example" rel="nofollow noopener">http://a.example</a></p>',
        ),
        (
            "[x][rfc]\n\n[^rfc]: https://example.com/",
            "<p>[x][rfc]</p>\n<p>" + VALUES.footnote("rfc") + ": https://example.com/</p>",
        ),
        ("https://example.com/", "<p>https://example.com/</p>"),
        (
            "![x](https://example.com/a.png)",
            '<p>!<a href="https://example.com/a.png" rel="nofollow noopener">x</a></p>',
        ),
        ("R&D 1 < 2", "<p>R&amp;D 1 &lt; 2</p>"),
    ],
)
def test_markdown_is_what_it_is_everywhere(text: str, html: str) -> None:
    assert shown(text) == html


@pytest.mark.parametrize(
    "text", ["    ss -tlnp\n", "```\nss -tlnp\n```", "~~~ sh\nss -tlnp\n~~~", "```sh\nss -tlnp"]
)
def test_code_is_a_command_that_runs_from_left_to_right_and_is_not_translated(text: str) -> None:
    assert shown(text) == (
        '<pre class="command" dir="ltr" translate="no"><code>ss -tlnp</code></pre>'
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# a", "<h3>a</h3>"),
        ("## a", "<h3>a</h3>"),
        ("### a", "<h4>a</h4>"),
        ("#### a", "<h5>a</h5>"),
        ("##### a", "<h6>a</h6>"),
        ("###### a", "<h6>a</h6>"),
        ("a\n===", "<h3>a</h3>"),
        ("a\n---", "<h3>a</h3>"),
    ],
)
def test_headings_begin_below_those_of_the_page(text: str, html: str) -> None:
    assert shown(text) == html


def test_the_columns_of_a_table_are_aligned_by_classes_and_it_can_be_scrolled() -> None:
    table = shown("| a | b | c | d |\n|:--|:-:|--:|---|\n| {service 3440/tcp} | 2 | 3 | 4 |")
    assert table.startswith('<div class="scroll"><table>')
    assert table.endswith("</table></div>")
    assert "style" not in table
    head = re.findall(r"<th.*?>(?=\w)", table)
    assert head == [
        '<th class="align-left">',
        '<th class="align-center">',
        '<th class="align-right">',
        "<th>",
    ]
    assert [cell.replace("td", "th") for cell in re.findall(r"<td[^>]*>", table)] == head
    assert "service of 3440" in table


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("{service 3440/tcp}", [ANS_CONSOLE]),
        ("The name is {service 3440/tcp}, yes.", [ANS_CONSOLE]),
        ("a{service 3440/tcp}b", [ANS_CONSOLE]),
        ("**{service 3440/tcp}** {count assigned user}",
         [ANS_CONSOLE, CountToken(Status.ASSIGNED, PortRange.USER)]),
        ("{assignee 80/tcp www-http}", [FactToken(Fact.ASSIGNEE, 80, Transport.TCP, "www-http")]),
        ("{service 66/tcp sql*net} and {service 66/tcp sql*net}",
         [FactToken(Fact.SERVICE, 66, Transport.TCP, "sql*net")] * 2),
        ("[[5307]] and [[5307/tcp]]", [PortLink(5307, None), PortLink(5307, Transport.TCP)]),
        ("![[5307]]", [PortLink(5307, None)]),
        ("A claim[^iana], another[^rfc6335].", ["iana", "rfc6335"]),
        ("[^iana][^iana]", ["iana", "iana"]),
        ("# {service 3440/tcp}", [ANS_CONSOLE]),
        ("> - {service 3440/tcp}", [ANS_CONSOLE]),
        ("[{service 3440/tcp}](https://example.com/)", [ANS_CONSOLE]),
        ("{service 3440/tcp}\n{service 3440/tcp}", [ANS_CONSOLE] * 2),
        ("\\\\{service 3440/tcp}", [ANS_CONSOLE]),
        ("{{service 3440/tcp}}", [ANS_CONSOLE]),
    ],
)  # fmt: skip
def test_tokens_links_and_footnotes_are_found_in_text(text: str, tokens: list[Any]) -> None:
    assert contents(text) == tokens


@pytest.mark.parametrize(
    "text",
    [
        "`{service 3440/tcp}`",
        "``{service 3440/tcp} ` [[5307]] [^iana]``",
        "    {service 3440/tcp}\n    [^iana] [[5307]]",
        "```\n{service 3440/tcp} [^iana] [[5307]]\n```",
        "```{service 3440/tcp}\nx\n```",
        "~~~ [^iana]\nx",
        "\\{service 3440/tcp}",
        "\\[^iana]",
        "\\[[5307]]",
        "[\\[5307]]",
        "{}",
        "{ service 3440/tcp}",
        "{1,3}",
        "{service\n3440/tcp}",
        "[^]",
        "[5307]",
        '[x](https://example.com/ "{service 3440/tcp}")',
    ],
)
def test_there_are_none_in_code_behind_a_backslash_or_in_other_braces(text: str) -> None:
    assert list(marks(text)) == []
    assert "of 3440" not in shown(text)
    assert "/ports/5307/" not in shown(text)
    assert "source-1" not in shown(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("\\{service 3440/tcp}", "<p>{service 3440/tcp}</p>"),
        ("\\[^iana]", "<p>[^iana]</p>"),
        ("\\[[5307]]", "<p>[[5307]]</p>"),
        ("`{service 3440/tcp}`",
         '<p><code dir="ltr" translate="no">{service 3440/tcp}</code></p>'),
        ("{no token}", "<p>{no token}</p>"),
        ("[[65536]]", "<p>[[65536]]</p>"),
        ("{service 80/tcp <b> x}", "<p>{service 80/tcp &lt;b&gt; x}</p>"),
    ],
)  # fmt: skip
def test_what_is_no_token_is_shown_as_it_was_written(text: str, html: str) -> None:
    assert shown(text) == html


def test_values_stand_in_the_places_of_their_nodes() -> None:
    assert shown("{service 3440/tcp}[^iana]: [[5307]], {count assigned user}") == (
        '<p><bdi lang="en" dir="ltr">service of 3440</bdi>'
        '<sup class="footnote"><a id="cite-1-1" href="#source-1">1</a></sup>: '
        '<a href="/en/ports/5307/" dir="ltr">5307</a>, assigned in user</p>'
    )


def test_a_text_of_one_line_is_not_put_into_a_paragraph() -> None:
    assert render_inline("**{service 3440/tcp}** `x`", VALUES) == (
        '<strong><bdi lang="en" dir="ltr">service of 3440</bdi></strong> '
        '<code dir="ltr" translate="no">x</code>'
    )
    assert render_inline("# a <b>", VALUES) == "# a &lt;b&gt;"


def test_a_link_to_a_port_inside_a_link_is_no_link_in_a_link() -> None:
    html = shown("[a [[5307]] b](https://example.com/) [c[^iana]](https://example.com/)")
    assert html.count("<a ") == 2
    assert "example.com/" not in "".join(re.findall(r'href="([^"]*)"', html))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("{x y}", [1]),
        ("\n\n{x y}", [3]),
        ("a\n{x y}\nb {x y} {x y}\n\n\n{x y}", [2, 3, 3, 6]),
        ("a  \n{x y}\\\n{x y}", [2, 3]),
        ("# a\n\n## {x y}", [3]),
        ("a\n{x y}\n===", [2]),
        ("- a\n- {x y}\n\n  {x y}\n  - b\n    {x y}", [2, 4, 6]),
        ("> a\n> {x y}\nlazy {x y}", [2, 3]),
        ("| a |\n|---|\n| b |\n| {x y} |\n| {x y} |", [4, 5]),
        ("| {x y} |\n|---|\n| [^k] |", [1, 3]),
        ("```\n{x y}\n```\n\n{x y}", [5]),
        ("[a]: https://example.com/\n{x y}", [2]),
        ("**a\n{x y}** *b\n[c\n{x y}](https://example.com/) {x y}*", [2, 4, 4]),
        ("`a\nb` {x y}", [2]),
        ("a\r\n{x y}\r\n\r\n{x y}", [2, 4]),
        ("a\r{x y}", [2]),
        ("\\{x y} [^k]\n[[99999]]\n{service 3440/tcp}", [1, 2, 3]),
    ],
)
def test_the_line_of_each_mark_is_told(text: str, lines: list[int]) -> None:
    assert [mark.line for mark in marks(text)] == lines


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u200a", "\x0c", "\u2003"])
def test_a_line_that_only_looks_empty_counts_too(blank: str) -> None:
    assert [mark.line for mark in marks(f"{blank}\n{{x y}}")] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "![alt](https://example.com/a.png)",
        '![alt](https://example.com/a.png "title")',
        "![alt][a]\n\n[a]: https://example.com/a.png",
        "![](data:image/png;base64,AAAA)",
        "<img src=https://example.com/a.png>",
    ],
)
def test_there_are_no_images(text: str) -> None:
    assert "<img" not in shown(text)


@pytest.mark.parametrize(
    "html",
    [
        "<b>x</b>",
        "<a href=https://example.com/>x</a>",
        "<br>",
        "<!-- x -->",
        "<?php x ?>",
        "<![CDATA[x]]>",
        "<!DOCTYPE html>",
        "</p>",
        "<div>\n\nx\n\n</div>",
        "<table><tr><td>",
        "<bdi>x</bdi>",
        "<h1>x</h1>",
        "<pre>x</pre>",
    ],
)
def test_html_is_text(html: str) -> None:
    findings = Findings(shown(html))
    assert findings.found == []
    assert findings.text.split() == html.split()


PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=data:text/html;base64,PHNjcmlwdD4=>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example/>",
    "<style>@import '//evil.example/';</style>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<!--><script>alert(1)</script>-->",
    "--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "</p><script>alert(1)</script>",
    "</bdi><script>alert(1)</script>",
    "</title></textarea></style></script><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    '"onclick=alert(1)//',
    "x\" style=\"position:fixed",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript://example.com/%0aalert(1)",
    "%6aavascript:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u003cscript\u003ealert(1)",
    "＜script＞alert(1)",
    "\x00<script>alert(1)</script>",
    "<\x00script>alert(1)</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{7*7}}{% debug %}",
    "${alert(1)}",
]  # fmt: skip
PLACES = {
    "text": "{0}",
    "a paragraph": "a {0} b",
    "a heading": "# {0}",
    "a quotation": "> {0}",
    "a list": "- {0}",
    "a table": "| a | b |\n|---|---|\n| {0} | {0} |",
    "code": "`{0}`",
    "a code block": "    {0}",
    "a fence": "```\n{0}\n```",
    "the info of a fence": "```{0}\nx\n```",
    "the info of another fence": "~~~ {0}\nx\n~~~",
    "an address": "[x]({0})",
    "an address in angles": "[x](<{0}>)",
    "a link's text": "[{0}](https://example.com/)",
    "a link's title": '[x](https://example.com/ "{0}")',
    "a link's other title": "[x](https://example.com/ '{0}')",
    "a link's third title": "[x](https://example.com/ ({0}))",
    "part of an address": "[x](https://example.com/{0})",
    "an autolink": "<{0}>",
    "the path of an autolink": "<https://example.com/{0}>",
    "a reference": "[x][r]\n\n[r]: {0}",
    "the title of a reference": '[x][r]\n\n[r]: https://example.com/ "{0}"',
    "the label of a reference": "[{0}]\n\n[{0}]: https://example.com/",
    "an image": "![x]({0})",
    "an image's text": "![{0}](https://example.com/a.png)",
    "a token": "{{{0}}}",
    "a token's name": "{{service 80/tcp {0}}}",
    "a token's port": "{{service {0}/tcp}}",
    "a token's transport": "{{service 80/{0}}}",
    "a count": "{{count {0} user}}",
    "a port link": "[[{0}]]",
    "a port link's transport": "[[80/{0}]]",
    "a footnote's key": "[^{0}]",
    "a footnote's definition": "[^k]: {0}",
    "behind a backslash": "\\{0}",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("values", [VALUES, CARELESS], ids=["escaped", "careless"])
def test_no_payload_becomes_more_than_text_wherever_it_stands(place: str, values: Values) -> None:
    for payload in PAYLOADS:
        text = place.format(payload)
        assert Findings(render(text, values)).found == [], text
        assert Findings(render_inline(text, values)).found == [], text


def test_the_checks_above_would_find_what_they_look_for() -> None:
    for html, found in (
        ("<script>x</script>", ["<script>"]),
        ('<p onclick="x">a</p>', ["<p onclick>"]),
        ('<td style="x">a</td>', ["<td style>"]),
        ('<a href="java&#10;script:x">a</a>', ["href=java\nscript:x"]),
        ('<a href=" DATA:text/html,x">a</a>', ["href= DATA:text/html,x"]),
        ("<!-- x -->", ["<!-- x -->"]),
        ("<p>", ["<p> is not closed"]),
    ):
        assert Findings(html).found == found


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "&#106;avascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://example.com/",
        "mailto:a@example.com",
        "tel:1",
        "blob:https://example.com/1",
    ],
)
@pytest.mark.parametrize(
    "link", ["[x]({})", "[x](<{}>)", "<{}>", "[x][r]\n\n[r]: {}", "[x](\n{}\n'title')"]
)
def test_links_lead_to_the_web_only(address: str, link: str) -> None:
    assert "href" not in shown(link.format(address)).replace("&quot;", "")


PIECES = [
    "{service 3440/tcp}", "{assignee 80/tcp http}", "{count assigned user}", "{x y}", "[[5307]]",
    "[[5307/tcp]]", "[[x]]", "[^iana]", "[^a\"b]", "[^<b>]", "\\", "`", "``", "```", "~~~", "\n",
    "\n\n", "    ", "\t", "# ", "> ", "- ", "1. ", "| a |\n|:-:|\n| ", " | ", "*", "**", "_", "![",
    "[", "]", "](", ")", "<", ">", "](https://example.com/", "](javascript:alert(1))", " \"", "\"",
    "'", "[r]", "[r]: ", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<!--", "-->",
    "onclick=alert(1)", " style=\"x\"", "&#106;", "&lt;", "javascript:", "data:text/html,",
    "https://example.com/", "{", "}", "\x00", "\u2028", "\u00a0", "a", " ", "---", "===", "  \n",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join)


@given(TEXTS)
def test_whatever_is_written_only_allowed_html_comes_of_it(text: str) -> None:
    for values in (VALUES, CARELESS):
        assert Findings(render(text, values)).found == []
        assert Findings(render_inline(text, values)).found == []


@given(TEXTS)
def test_every_token_and_footnote_that_is_shown_was_told_in_the_order_of_the_text(
    text: str,
) -> None:
    asked: list[object] = []

    def note(content: object) -> str:
        asked.append(content)
        return "x"

    render(text, Values(token=note, footnote=note))
    found = [mark.content for mark in marks(text)]
    assert asked == [content for content in found if not isinstance(content, TokenError)]


@given(st.lists(st.sampled_from([p for p in PIECES if p.isascii()]), max_size=14).map("".join))
def test_the_line_of_a_mark_is_one_that_holds_its_beginning(text: str) -> None:
    lines = text.split("\n")
    found = list(marks(text))
    assert [mark.line for mark in found] == sorted(mark.line for mark in found)
    assert all(re.search(r"\{[A-Za-z]|\[\[|\[\^", lines[mark.line - 1]) for mark in found)


@pytest.mark.parametrize(
    "text",
    [
        "    {service 80/tcp}",
        "~~~ {service 80/tcp}",
        "[x]: /a '{service 80/tcp}'",
        "a\n\n    {service 80/tcp}",
        "[^iana]: https://example.com/",
    ],
)
def test_what_a_text_of_one_line_shows_was_told_too(text: str) -> None:
    asked: list[object] = []

    def note(content: object) -> str:
        asked.append(content)
        return "x"

    render_inline(text, Values(token=note, footnote=note))
    assert asked == [mark.content for mark in marks(text, inline=True)]


@given(st.text(alphabet=st.characters(exclude_characters="\x00\r", codec="utf-8")))
def test_code_is_given_back_character_by_character(text: str) -> None:
    quoted = "~" * 70
    html = render(f"{quoted}\n{text}\n{quoted}", VALUES)
    match = re.search(r"<code>(.*)</code>", html, re.DOTALL)
    assert match
    assert unescape(match[1]) == text.rstrip()
