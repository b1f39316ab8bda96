"""Whatever is pasted is read, in time proportional to its length."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.pasted.text import read
from ports.registry.records import LAST_PORT
from tests.ports.test_pasted import FOLDER

pytestmark = pytest.mark.any_database

SIZE = 256 * 1024
SECONDS = 1.0
PIECES = [
    " ", ":", ".", "*", "/", "->", "[", "]", "%", "=", "|", ",", "\t", "-", "1", "22", "65535",
    "99999", "a", "ff", "::", "*:*", "0.0.0.0:22", "192.0.2.1.8080", "[::]:443", "fe80::1%lo0",
    "tcp", "udp6", "TCP", "LISTEN", "ESTAB", "IPv4", "(LISTEN)", "users:((\"a\",pid=1,fd=2))",
    "PROTO=TCP", "SRC=1", "SPT=1", "DPT=", "IN=", "22/tcp", "open", "Host:", "Ports:",
    "LocalAddress", "LocalPort", "RemotePort", "1/x", "[x.exe]", "٢", "\x00", "\ud800", "\u2028",
]  # fmt: skip

lines = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda words: st.sampled_from(["", " ", "  "]).map(lambda between: between.join(words))
)
texts = st.one_of(st.text(), st.lists(lines | st.text(max_size=40), max_size=12).map("\n".join))


@given(texts)
def test_each_line_is_understood_or_known_or_given_back(text: str) -> None:
    found = read(text)
    numbers = range(1, len(found.lines) + 1)
    for mention in found.mentions:
        assert mention.line in numbers
        assert (mention.port is None) == bool(mention.service)
        assert mention.port is None or 0 <= mention.port <= LAST_PORT
    for line in found.not_understood:
        assert found.lines[line.number - 1] == line.text
        assert line.text.strip()
    assert found.not_understood == sorted(set(found.not_understood))
    assert not {each.line for each in found.mentions} & {
        each.number for each in found.not_understood
    }


@pytest.mark.parametrize(
    "piece",
    [" ", ":", ".", "/", "[", "-", "a", "1", "1:", "1.", "a:1.", "1/", "1->", "ff:", "=a ", "_."],
)
def test_a_quarter_of_a_megabyte_is_read_within_a_second(piece: str) -> None:
    word = piece * (290 // len(piece))
    for before in ("", "tcp 0 0 ", "a 1 b 3u IPv4 1 0t0 TCP "):
        for text in (
            before + piece * (SIZE // len(piece)) + "x",
            before + f"{word} " * (SIZE // (len(word) + 1)),
            f"{before}{word}\n" * (SIZE // (len(before) + len(word) + 1)),
            f"{before}{word} {word}!\n" * (SIZE // (len(before) + 2 * len(word) + 2)),
        ):
            began = time.perf_counter()
            read(text)
            assert time.perf_counter() - began < SECONDS, (before, text[:50])


def test_the_output_of_a_busy_machine_is_read_within_a_second() -> None:
    for path in FOLDER.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        began = time.perf_counter()
        read(text * (SIZE // len(text)))
        assert time.perf_counter() - began < SECONDS, path.name
