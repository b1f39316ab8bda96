"""Editions as files: what is written is read back, and what is broken is refused with a reason."""

from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ports.bundled_articles import ARTICLES
from ports.editorial.article_files import ArticleFileError, EditionFile, dump, load
from ports.editorial.parts import PARTS, PartKind, Structure, Texts
from ports.languages import LANGUAGES, SOURCE, Language, by_code

pytestmark = pytest.mark.any_database

FILES = sorted(ARTICLES.rglob("*.md"))


def language(code: str) -> Language:
    found = by_code(code)
    assert found
    return found


def structure_beside(path: Path) -> Structure:
    structure = load((path.parent / "en.md").read_text("utf-8")).structure
    assert structure is not None
    return structure


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ARTICLES)))
def test_every_article_file_is_written_back_byte_for_byte(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    edition = load(text)
    assert dump(edition, structure_beside(path)) == text
    assert edition.language.code == path.stem
    assert (edition.structure is not None) == (edition.language is SOURCE)


def test_there_are_articles_and_usages_in_several_languages() -> None:
    editions = [load(path.read_text("utf-8")) for path in FILES]
    assert {edition.kind for edition in editions} >= {"port", "usage"}
    assert {edition.language.code for edition in editions} > {"en"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ARTICLES)))
def test_a_translation_holds_texts_of_the_same_parts_and_no_other(path: Path) -> None:
    structure = structure_beside(path)
    uuids = {part["uuid"] for parts in structure.values() for part in parts}
    assert load(path.read_text("utf-8")).texts.keys() <= uuids


ARTICLE = """\
+++
document = "port"
port = 3440
language = "en"

[article]
uuid = "b2d2b24e-ba0c-5b1a-8c37-0a4d9f6c8f4e"
title = "A registration"
lesson = \"\"\"
First.

Second.\"\"\"

[[history]]
uuid = "c65d005a-f6a7-5ff5-b2c1-ddb7f5ad86c0"
date = "2002-03"
title = "{service 3440/tcp} enters the registry"

[[claim]]
uuid = "db652ef8-f96f-5c4f-883f-6eb327b83c78"
claimed_port = 3440
transport = "tcp"
kind = "service"
value = "ans-console"
+++

The body.

+++

Its end.
"""


def test_the_fields_of_a_source_file_are_its_structure_and_the_rest_its_texts() -> None:
    assert load(ARTICLE) == EditionFile(
        kind="port",
        port=3440,
        language=SOURCE,
        structure={
            "article": [{"uuid": "b2d2b24e-ba0c-5b1a-8c37-0a4d9f6c8f4e"}],
            "assessment": [],
            "history": [{"uuid": "c65d005a-f6a7-5ff5-b2c1-ddb7f5ad86c0", "date": "2002-03"}],
            "faq": [],
            "source": [],
            "claim": [
                {
                    "uuid": "db652ef8-f96f-5c4f-883f-6eb327b83c78",
                    "claimed_port": 3440,
                    "transport": "tcp",
                    "kind": "service",
                    "value": "ans-console",
                }
            ],
        },
        texts={
            "b2d2b24e-ba0c-5b1a-8c37-0a4d9f6c8f4e": {
                "title": "A registration",
                "lesson": "First.\n\nSecond.",
                "body": "The body.\n\n+++\n\nIts end.",
            },
            "c65d005a-f6a7-5ff5-b2c1-ddb7f5ad86c0": {
                "title": "{service 3440/tcp} enters the registry"
            },
        },
    )


USAGE: Structure = {
    "usage": [{"uuid": "2a9058e6", "name": "MyDoom.A", "kind": "malware", "first_port": 3127,
               "last_port": 3198, "transport": ""}],
    "source": [{"uuid": "51b8bab3", "key": "eset", "title": "Mydoom", "publisher": "",
                "url": "https://example.com/", "published": ""}],
}  # fmt: skip
GLOSS: Structure = {"gloss": [{"uuid": "77aa", "service_name": "ans-console"}], "source": []}
PORT: Structure = {
    "article": [{"uuid": "a1"}],
    "assessment": [],
    "history": [{"uuid": "h1", "date": "2002"}, {"uuid": "h2", "date": "2011-08"}],
    "faq": [],
    "source": [],
    "claim": [],
}


@pytest.mark.parametrize(
    ("edition", "structure"),
    [
        pytest.param(
            EditionFile("usage", None, SOURCE, USAGE, {"2a9058e6": {"description": "A worm."}}),
            USAGE,
            id="a usage",
        ),
        pytest.param(
            EditionFile(
                "usage", None, language("nl"), None, {"2a9058e6": {"description": "Een worm."}}
            ),
            USAGE,
            id="a translated usage",
        ),
        pytest.param(
            EditionFile("gloss", None, SOURCE, GLOSS, {"77aa": {"text": "A console."}}),
            GLOSS,
            id="a gloss",
        ),
        pytest.param(
            EditionFile("gloss", None, language("ar"), None, {"77aa": {"text": "وحدة تحكم"}}),
            GLOSS,
            id="a translated gloss",
        ),
        pytest.param(
            EditionFile("gloss", None, language("zh-hans"), None, {}),
            GLOSS,
            id="a translation without a text",
        ),
        pytest.param(
            EditionFile("port", 0, language("tr"), None, {"a1": {"body": "Yalnızca gövde."}}),
            PORT,
            id="a translation of the body alone",
        ),
        pytest.param(
            EditionFile("port", 3440, language("id"), None, {"h2": {"title": "RFC"}}),
            PORT,
            id="a translation of one event",
        ),
        pytest.param(
            EditionFile("port", 65535, SOURCE, PORT, {"a1": {"body": "Only a body."}}),
            PORT,
            id="a source with a body alone",
        ),
        pytest.param(
            EditionFile("port", 65535, SOURCE, {kind.name: [] for kind in PARTS["port"]}, {}),
            {},
            id="a source without parts",
        ),
    ],
)
def test_an_edition_survives_being_written_and_read(
    edition: EditionFile, structure: Structure
) -> None:
    assert load(dump(edition, structure)) == edition


def test_the_long_text_stands_below_and_parts_without_a_text_are_left_out_elsewhere() -> None:
    texts = {"a1": {"body": "Text."}, "h2": {"title": "RFC 6335 " * 20}}
    assert dump(EditionFile("port", 3440, language("de"), None, texts), PORT) == (
        '+++\ndocument = "port"\nport = 3440\nlanguage = "de"\n\n[article]\nuuid = "a1"\n\n'
        f'[[history]]\nuuid = "h2"\ntitle = "{"RFC 6335 " * 20}"\n+++\n\nText.\n'
    )


def test_the_parts_of_a_translation_follow_the_order_of_the_source() -> None:
    texts = {"h1": {"title": "1"}, "h2": {"title": "2"}}
    turned = {**PORT, "history": PORT["history"][::-1]}
    written = dump(EditionFile("port", 1, language("de"), None, texts), turned)
    assert written.index('"h2"') < written.index('"h1"')


def test_empty_fields_are_not_written_and_read_back_as_empty() -> None:
    written = dump(EditionFile("usage", None, SOURCE, USAGE, {}), USAGE)
    assert "transport" not in written
    assert "publisher" not in written
    assert load(written).structure == USAGE


@pytest.mark.parametrize("number", [0, 65535])
def test_a_port_or_a_number_of_0_is_not_taken_for_an_empty_one(number: int) -> None:
    claim = {"uuid": "c", "claimed_port": number, "transport": "tcp", "kind": "status",
             "value": "reserved"}  # fmt: skip
    structure = {**PORT, "claim": [claim]}
    edition = load(dump(EditionFile("port", number, SOURCE, structure, {}), structure))
    assert (edition.port, edition.structure) == (number, structure)


def front(*lines: str, below: str = "") -> str:
    """A file about port 3440 in English whose front matter goes on with these lines."""
    head = ('document = "port"', "port = 3440", 'language = "en"', *lines)
    return "+++\n" + "\n".join(head) + "\n+++\n" + below


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it does not begin with front matter between two lines of +++"),
        ("The body.\n", "it does not begin with front matter"),
        ("\n" + ARTICLE, "it does not begin with front matter"),
        ("\ufeff" + ARTICLE, "it does not begin with front matter"),
        ("+++\n+++\n", "it does not begin with front matter"),
        ('+++\ndocument = "port"\n', "it does not begin with front matter"),
        ('---\ndocument = "port"\n---\n', "it does not begin with front matter"),
        (ARTICLE.replace("\n", "\r\n"), "it does not begin with front matter"),
        (front("uuid"), "its front matter is not TOML: "),
        (front('[article]\nuuid = "a'), "its front matter is not TOML: "),
        (front("port = 3441"), "its front matter is not TOML: "),
        (front('[article]\nuuid = "a"\n[article]'), "its front matter is not TOML: "),
        ('+++\nport = 1\nlanguage = "en"\n+++\n',
         "document = '': it must be one of port, usage, gloss"),
        ('+++\ndocument = "page"\nlanguage = "en"\n+++\n', "document = 'page': it must be one of"),
        ('+++\ndocument = 1\nlanguage = "en"\n+++\n', "document = 1: it must be one of"),
        ('+++\ndocument = "port"\nport = 1\n+++\n', "language names none of the site's languages"),
        ('+++\ndocument = "port"\nport = 1\nlanguage = "EN"\n+++\n', "language names none"),
        ('+++\ndocument = "port"\nport = 1\nlanguage = "tlh"\n+++\n', "language names none"),
        ('+++\ndocument = "port"\nport = 1\nlanguage = ["en"]\n+++\n', "language names none"),
        ('+++\ndocument = "port"\nlanguage = "en"\n+++\n', "port must be there"),
        ('+++\ndocument = "port"\nport = "80"\nlanguage = "en"\n+++\n', "port must be there"),
        ('+++\ndocument = "port"\nport = 80.0\nlanguage = "en"\n+++\n', "port must be there"),
        ('+++\ndocument = "usage"\nport = 80\nlanguage = "en"\n+++\n', "and only there"),
        ('+++\ndocument = "gloss"\nport = 80\nlanguage = "en"\n+++\n', "and only there"),
        (front("title = 'x'"), "title: a port has no such parts"),
        (front('[usage]\nuuid = "a"', '[gloss]\nuuid = "b"'),
         "usage, gloss: a port has no such parts"),
        ('+++\ndocument = "gloss"\nlanguage = "en"\n[article]\nuuid = "a"\n+++\n',
         "article: a gloss has no such parts"),
        (front('[article]\ntitle = "x"'), "a part [article] has no uuid"),
        (front('[article]\nuuid = ""'), "a part [article] has no uuid"),
        (front('[[faq]]\nuuid = "a"\n[[faq]]\nquestion = "?"'), "a part [faq] has no uuid"),
        (front('[article]\nuuid = "a"\nheading = "x"\ntext = "y"'),
         "[article] has no heading, text here"),
        (front('[[history]]\nuuid = "a"\ndates = "2002"'), "[history] has no dates here"),
        ('+++\ndocument = "usage"\nlanguage = "tr"\n[[source]]\nuuid = "a"\nkey = "k"\n+++\n',
         "[source] has no key here"),
        ('+++\ndocument = "usage"\nlanguage = "tr"\n[usage]\nuuid = "a"\nname = "x"\n+++\n',
         "[usage] has no name here"),
        (front(below="\nA body.\n"),
         "there is a text below the front matter, but no [article] in it"),
        ('+++\ndocument = "usage"\nlanguage = "en"\n+++\nx\n',
         "there is a text below the front matter, but no [usage] in it"),
        ('+++\ndocument = "gloss"\nlanguage = "tr"\n+++\nx\n',
         "there is a text below the front matter, but no [gloss] in it"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_edition_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ArticleFileError) as refused:
        load(text)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        front('article = "x"'),
        front("article = 5"),
        front("history = [1]"),
        front('history = "x"'),
        '+++\ndocument = ["port"]\nport = 1\nlanguage = "en"\n+++\n',
        '+++\ndocument = "port"\nport = true\nlanguage = "en"\n+++\n',
        '+++\ndocument = "port"\nport = 65536\nlanguage = "en"\n+++\n',
        '+++\ndocument = "port"\nport = -1\nlanguage = "en"\n+++\n',
        '+++\ndocument = "usage"\nport = "5"\nlanguage = "en"\n+++\n',
        front('[[article]]\nuuid = "a"\n[[article]]\nuuid = "b"'),
        front('[[faq]]\nuuid = "a"\nquestion = "1"', '[[faq]]\nuuid = "a"\nquestion = "2"'),
        front('[[history]]\nuuid = "a"\ndate = 2011-08-01'),
        front('[[claim]]\nuuid = "a"\nclaimed_port = "x"'),
        front('[[claim]]\nuuid = "a"'),
        front('[article]\nuuid = "a"\nbody = "in the front matter"', below="\nbelow\n"),
    ],
)
def test_a_file_with_values_of_the_wrong_kind_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ArticleFileError):
        load(text)


@pytest.mark.parametrize(
    "texts",
    [
        {"lesson": "First.\n+++\nSecond."},
        {"summary": "+++\nx\n+++\n"},
        {"lesson": "a\r\nb"},
        {"body": "\n    an indented beginning"},
        {"body": "x\n"},
        {"body": "\n"},
    ],
)
def test_every_text_is_read_back_as_it_was(texts: dict[str, str]) -> None:
    edition = EditionFile("port", 1, SOURCE, PORT, {"a1": texts})
    assert load(dump(edition, PORT)) == edition


PIECES = ['"""', "'''", "\\", '"', "[article]", "# x", "{service 80/tcp}", "---", "", "+++",
          "a\r\nb"]  # fmt: skip
LINES = st.lists(
    st.text(alphabet=st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=12)
    | st.sampled_from(PIECES)
).map("\n".join)
TEXT = LINES.filter(bool)
UUIDS = count()
MAY_BE_EMPTY = {"publisher", "published", "transport"}
NUMBERS = {"claimed_port", "first_port", "last_port"}


@st.composite
def editions(draw: st.DrawFn) -> tuple[EditionFile, Structure]:
    """An edition in some language, and the structure of its source."""
    kind = draw(st.sampled_from(sorted(PARTS)))
    written_in = draw(st.sampled_from([SOURCE, *LANGUAGES]))
    structure: Structure = {}
    texts: Texts = {}
    for part_kind in PARTS[kind]:
        single = part_kind.name in {"article", "assessment", "usage", "gloss"}
        count = draw(st.integers(0, 1 if single else 3))
        structure[part_kind.name] = [draw(parts(part_kind)) for _ in range(count)]
        for part in structure[part_kind.name]:
            if part_kind.texts and (
                told := draw(st.dictionaries(st.sampled_from(sorted(part_kind.texts)), TEXT))
            ):
                texts[part["uuid"]] = told
    port = draw(st.integers(0, 65535)) if kind == "port" else None
    own = structure if written_in is SOURCE else None
    return EditionFile(str(kind), port, written_in, own, texts), structure


@st.composite
def parts(draw: st.DrawFn, kind: PartKind) -> dict[str, Any]:
    """The structural fields of a part; its uuid is like no other."""
    numbers, texts = st.integers(0, 65535), TEXT
    return {
        "uuid": str(UUID(int=next(UUIDS))),
        **{
            field: draw(numbers if field in NUMBERS else LINES if field in MAY_BE_EMPTY else texts)
            for field in kind.fields
        },
    }


@given(editions())
@settings(deadline=None)
def test_whatever_is_written_is_read_back(made: tuple[EditionFile, Structure]) -> None:
    edition, structure = made
    text = dump(edition, structure)
    assert load(text) == edition
    assert dump(load(text), structure) == text


@given(st.text() | st.text().map(lambda text: f"+++\n{text}\n+++\n"))
def test_whatever_is_read_is_an_edition_or_refused(text: str) -> None:
    with pytest.raises(ArticleFileError):
        load(text)
