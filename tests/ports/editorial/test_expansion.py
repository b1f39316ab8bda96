"""Markdown with its tokens written out: what is code, and what is written twice."""

import pytest

from ports.editorial.expansion import expanded
from ports.editorial.markdown import Values

pytestmark = pytest.mark.any_database
VALUES = Values(token=lambda _token: "FACT", footnote=lambda key: f"[^{len(key)}]")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nothing.", "Nothing."),
        ("{status 80/tcp} and {status 80/tcp}[^a]", "FACT and FACT[^1]"),
        ("`{status 80/tcp}` {status 80/tcp}", "`{status 80/tcp}` FACT"),
        ("{status 80/tcp} `{status 80/tcp}`", "FACT `{status 80/tcp}`"),
        ("```\n{status 80/tcp}\n```\n\n{status 80/tcp}", "```\n{status 80/tcp}\n```\n\nFACT"),
        ("    {status 80/tcp}\n    [^a]\n\n[^a]", "    {status 80/tcp}\n    [^a]\n\n[^1]"),
        ("|a|b|\n|---|---|\n|[[80]]|`[[80]]`|", "|a|b|\n|---|---|\n|FACT|`[[80]]`|"),
        ("`a\n[[80]]` [[80]]", "`a\n[[80]]` FACT"),
        (">     a\n>     [[80]]\n\n[[80]]", ">     a\n>     [[80]]\n\nFACT"),
        ("`` ` `` [[80]]", "`` ` `` FACT"),
        ("[the {status 80/tcp}](https://x.org/)", "[the FACT](https://x.org/)"),
        ("{no such thing} stays", "{no such thing} stays"),
        ("*{status 80/tcp}*\n> [^ab]", "*FACT*\n> [^2]"),
        ("\\{status 80/tcp} {status 80/tcp}", "\\{status 80/tcp} FACT"),
        ("{description 80/tcp http}{description 80/tcp http}", "FACTFACT"),
    ],
)
def test_what_is_written_out_and_what_stays(text: str, wanted: str) -> None:
    assert expanded(text, VALUES) == wanted
