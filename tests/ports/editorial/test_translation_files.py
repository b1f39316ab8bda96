"""PO files: what is written is read back, hostile ones are refused, and the verdict on entries."""

import gettext
import io
from contextlib import suppress
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.editorial.parts import Markup, Texts
from ports.editorial.translation_files import (
    MOST_BYTES,
    MOST_ENTRIES,
    Entry,
    Text,
    TranslationFileError,
    dump,
    load,
    read_language,
    text_digest,
)
from ports.editorial.translation_verdicts import Fate, Verdict, verdicts
from ports.languages import LANGUAGES, SOURCE, by_code

pytestmark = pytest.mark.any_database

TURKISH = by_code("tr") or SOURCE
OTHERS = [language for language in LANGUAGES if language is not SOURCE]


def text(
    uuid: str = "u1",
    *,
    source: str = "A port.",
    translation: str = "",
    translated_from: str = "",
    markup: Markup = Markup.BLOCK,
    longest: int = 1000,
) -> Text:
    return Text(uuid, "body", "Article – body", markup, longest, source, translation,
                translated_from)  # fmt: skip


def file(*texts: Text, language: Any = TURKISH) -> str:
    return dump("port 3440", language, 7, 3, list(texts)).decode()


HEADER = file()

# Everything that a text may hold but NUL: line ends of all kinds, quotes, marks of direction.
_TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from('\n\r\t"\\\u200f\u2067\u2028\x0b\x85#😀'),
    ),
    max_size=80,
)


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_written_is_read_back_character_by_character(data: Any, language: Any) -> None:
    texts = [
        text(f"u{place}", source=source, translation=data.draw(_TEXTS), translated_from=before)
        for place, (source, before) in enumerate(
            data.draw(st.lists(st.tuples(_TEXTS.filter(bool), _TEXTS), max_size=4))
        )
    ]
    found = load(dump("usage 0-1", language, 12, 5, texts))
    assert read_language(found.head.language) is language
    assert (found.head.document, found.head.source_revision, found.head.revision) == (
        "usage 0-1", 12, 5,
    )  # fmt: skip
    assert found.entries == [
        Entry(
            f"u{place}.body",
            each.source,
            each.translation,
            bool(each.translated_from),
            text_digest(each.translation),
        )
        for place, each in enumerate(texts)
    ]


def test_the_file_says_what_a_translator_must_know() -> None:
    written = file(
        text(source='Two\nlines “q” "d" \\', translation="İki\nsatır", translated_from="One\nline")
    )
    assert '"Language: tr\\n"' in written
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in written
    assert '"X-Portsite-Document: port 3440\\n"' in written
    assert '"X-Portsite-Source-Revision: 7\\n"' in written
    assert '"X-Portsite-Revision: 3\\n"' in written
    assert written.endswith(f"""
#. Article – body
#. sha256:{text_digest("İki" + chr(10) + "satır")}
#, fuzzy
#| msgid ""
#| "One\\n"
#| "line"
msgctxt "u1.body"
msgid ""
"Two\\n"
"lines “q” \\"d\\" \\\\"
msgstr ""
"İki\\n"
"satır"
""")


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_other_programs_read_the_files(language: Any) -> None:
    written = dump("port 1", language, 1, 1, [text(source="50% {service 80/tcp}", translation="x")])
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(written), abort_invalid=True))
    compiled.seek(0)
    found = gettext.GNUTranslations(compiled)
    assert found.pgettext("u1.body", "50% {service 80/tcp}") == "x"


def test_a_text_that_is_empty_in_english_is_left_out() -> None:
    assert load(file(text(source="")).encode()).entries == []


def test_a_file_may_come_with_a_byte_order_mark_and_the_line_ends_of_windows() -> None:
    sent = b"\xef\xbb\xbf" + file(text(translation="Bir\nport.")).replace("\n", "\r\n").encode()
    assert load(sent).entries[0].translation == "Bir\nport."


HOSTILE = {
    "not UTF-8": (HEADER.encode("utf-16"), "not in UTF-8"),
    "Latin-1": (file(text(translation="bölüm")).encode("cp1252"), "not in UTF-8"),
    "binary": (b"\x7fELF\x00\x01", "NUL"),
    "a NUL": (file(text(translation="a\0b")).encode(), "NUL"),
    "prose": (b"Hello there,\nthis is no PO file.\n", "no PO file"),
    "empty": (b"", "no PO file"),
    "comments only": (b"# nothing\n", "not made here"),
    "HTML": (b"<!doctype html>\n<title>Error</title>\n", "no PO file"),
    "a PO file of something else": (b'msgid ""\nmsgstr "Language: tr\\n"\n', "not made here"),
    "without a header": (b'msgid "a"\nmsgstr "b"\n', "no PO file"),
    "a string of nothing": (b'msgstr "b"\n"c"\n', "no PO file"),
    "an unfinished entry": ((HEADER + '\nmsgctxt "a"\n').encode(), ""),
    "a wrong index": ((HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[x] ""\n').encode(),
                      "no PO file"),
    "a negative index": ((HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[-9] ""\n').encode(),
                         "no PO file"),
    "a huge index": ((HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[999999999] ""\n').encode(),
                     "no PO file"),
    "too many entries": (
        (HEADER + '\nmsgid "a"\nmsgstr ""\n' * 100_000).encode()[: MOST_BYTES], "too many entries"
    ),
    "too large": (HEADER.encode() + b"#" * MOST_BYTES, "too large"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(content: bytes, message: str) -> None:
    with translation.override("en"):
        if message:
            with pytest.raises(TranslationFileError, match=message):
                load(content)
        else:
            assert not any(entry.context == "u1.body" for entry in load(content).entries)


def test_the_entries_may_be_so_many_and_no_more() -> None:
    texts = [text(f"u{place}", source="a") for place in range(MOST_ENTRIES)]
    assert len(load(file(*texts).encode()).entries) == MOST_ENTRIES


@pytest.mark.parametrize(
    "line",
    [
        "Plural-Forms: nplurals=999999999; plural=n;",
        "Plural-Forms: nplurals=x; plural=((((((((((",
        "Content-Type: text/plain; charset=no-such-charset",
        "Language: ../../etc/passwd",
        "POT-Creation-Date: when",
        "X-Portsite-Revision: ٣",
        "X-Portsite-Revision: " + "9" * 5000,
        "X: " + "&a;" * 100_000,
    ],
)
def test_what_a_header_claims_does_no_harm(line: str) -> None:
    sent = HEADER.replace('"MIME-Version', f'"{line}\\n"\n"MIME-Version').replace("Revision: 3", "")
    sent += '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    found = load(sent.encode())
    assert found.head.document == "port 3440"
    assert found.head.revision == 0


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    for sent in (content, HEADER.encode() + content):
        with suppress(TranslationFileError):
            load(sent)


@given(
    st.lists(
        st.sampled_from(['msgid "a"', 'msgstr "b"', 'msgctxt "c"', "msgid_plural ", 'msgstr[1] "d"',
                         '"e"', "#, fuzzy", "#. f", "#~ msgid x", "#: a:1", "msgid", '"', "#|", ""])
    )
)  # fmt: skip
def test_a_broken_file_is_read_or_refused(lines: list[str]) -> None:
    with suppress(TranslationFileError):
        load((HEADER + "\n" + "\n".join(lines)).encode())


def verdict(
    came: str = "Bir port.",
    *,
    here: Text | None = None,
    source: str = "A port.",
    fuzzy: bool = False,
    of: str | None = "",
    exported: Texts | None = None,
    times: int = 1,
) -> Verdict:
    """The verdict on an entry whose translation was `of` when the file was made."""
    entry = Entry("u1.body", source, came, fuzzy, "" if of is None else text_digest(of))
    with translation.override("en"):
        found = verdicts([entry] * times, [here or text()], exported=exported, source_keys=["iana"])
    assert len(found) == times
    return found[0]


def test_a_new_translation_is_taken() -> None:
    assert verdict() == Verdict(Fate.TAKEN, "u1", "body", "Article – body", "Bir port.", "")


def test_a_changed_translation_of_what_stood_here_is_taken() -> None:
    assert verdict(here=text(translation="Port."), of="Port.").fate is Fate.TAKEN


def test_what_is_the_same_is_unchanged_however_old_the_file() -> None:
    assert verdict(here=text(translation="Bir port."), of="Port.").fate is Fate.UNCHANGED


def test_a_text_kept_with_blank_lines_at_its_ends_is_unchanged() -> None:
    here = text(translation="\n Bir port.\n")
    assert verdict("\n Bir port.\n", here=here, of="").fate is Fate.UNCHANGED


def test_blank_lines_at_the_ends_are_dropped_as_in_forms() -> None:
    assert verdict("\r\n\nBir\r\nport. \n").came == "Bir\nport."


@pytest.mark.parametrize("came", ["", " \n\t\n"])
def test_an_empty_translation_is_left_out(came: str) -> None:
    assert verdict(came, here=text(translation="Port."), of="Port.").fate is Fate.EMPTY


def test_a_fuzzy_translation_is_left_out() -> None:
    assert verdict(fuzzy=True).fate is Fate.FUZZY


def test_a_translation_of_another_english_text_is_refused() -> None:
    found = verdict(source="A harbour.")
    assert found.fate is Fate.REFUSED
    assert "English text is another one" in found.reasons[0]


@pytest.mark.parametrize("here", ["Liman.", ""])
def test_a_translation_that_was_changed_here_since_is_refused_with_both_texts(here: str) -> None:
    found = verdict(here=text(translation=here), of="Port.")
    assert (found.fate, found.came, found.here) == (Fate.REFUSED, "Bir port.", here)
    assert "another one than when the file was downloaded" in found.reasons[0]


@pytest.mark.parametrize(
    ("exported", "here", "fate"),
    [
        ({"u1": {"body": "Port."}}, "Port.", Fate.TAKEN),
        ({"u1": {"body": "Eski."}}, "Port.", Fate.REFUSED),
        ({}, "", Fate.TAKEN),
        ({}, "Port.", Fate.REFUSED),
        (None, "", Fate.TAKEN),
        (None, "Port.", Fate.REFUSED),
    ],
)
def test_a_lost_digest_is_made_up_for_by_the_revision_in_the_header(
    exported: Texts | None, here: str, fate: Fate
) -> None:
    assert verdict(here=text(translation=here), of=None, exported=exported).fate is fate


def test_a_translation_that_loses_a_token_is_refused_and_told_which() -> None:
    here = text(source="Port {service 80/tcp}.")
    found = verdict("Port.", here=here, source="Port {service 80/tcp}.")
    assert found.fate is Fate.REFUSED
    assert found.reasons == ("The translation lacks the token {service 80/tcp}.",)


def test_a_faulty_token_and_a_footnote_without_a_source_are_refused() -> None:
    found = verdict("{nonsense} [^rfc]")
    assert found.fate is Fate.REFUSED
    assert ["{nonsense}" in found.reasons[0], "[^rfc]" in found.reasons[1]] == [True, True]


def test_a_text_that_is_too_long_is_refused() -> None:
    found = verdict("x" * 11, here=text(longest=10))
    assert found.fate is Fate.REFUSED
    assert "10 characters" in found.reasons[0]


def test_an_entry_that_stands_there_twice_is_refused() -> None:
    assert verdict(times=2).fate is Fate.REFUSED


@pytest.mark.parametrize("context", ["", "u9.body", "u1.title", "u1"])
def test_an_entry_of_no_text_here_is_listed(context: str) -> None:
    entry = Entry(context, "A port.", "Bir port.", is_fuzzy=False, digest="")
    (found,) = verdicts([entry], [text()], exported={}, source_keys=[])
    assert (found.fate, found.name) == (Fate.UNKNOWN, context or "A port.")
    assert found.came == "Bir port."
