"""Editions as text files: front matter in TOML, the long text in Markdown below it.

    +++
    document = "port"
    port = 3440
    language = "en"

    [article]
    uuid = "..."
    title = "..."

    [[history]]
    ...
    +++

    The body of the article, the description of a usage, or the text of a gloss.

A file in the source language holds the structure too, in the order of its parts; one in another
language holds the texts of the same parts, by uuid. Writing is canonical: what was read and not
changed is written back byte for byte.
"""

import tomllib
from typing import Any, Final, NamedTuple

import tomli_w

from ports.editorial.parts import PARTS, PartKind, Structure, Texts
from ports.languages import SOURCE, Language, by_code
from ports.models import Document

_FENCE: Final = "+++\n"

# The part and the text that stand below the front matter, by kind of document.
_BELOW: Final = {
    Document.Kind.PORT: ("article", "body"),
    Document.Kind.USAGE: ("usage", "description"),
    Document.Kind.GLOSS: ("gloss", "text"),
}
# Parts of which a document has at most one stand as a table, others as a list of tables.
_SINGLE: Final = {"article", "assessment", "usage", "gloss"}


class ArticleFileError(ValueError):
    """A file that is no edition; the message says why."""


class EditionFile(NamedTuple):
    """What an edition's file holds.

    `port` says which port the document is about, for the article of one. `structure` is None in
    another language than the source's.
    """

    kind: str
    port: int | None
    language: Language
    structure: Structure | None
    texts: Texts


def dump(edition: EditionFile, structure: Structure) -> str:
    """The edition as a file; `structure` is the source's, whose order the parts follow."""
    is_source = edition.structure is not None
    front: dict[str, Any] = {"document": edition.kind}
    if edition.port is not None:
        front["port"] = edition.port
    front["language"] = edition.language.code
    below = ""
    for kind in PARTS[edition.kind]:
        tables = []
        for part in structure.get(kind.name, []):
            texts = dict(edition.texts.get(part["uuid"], {}))
            is_told = is_source or bool(texts)
            if _BELOW[Document.Kind(edition.kind)][0] == kind.name:
                below = texts.pop(_BELOW[Document.Kind(edition.kind)][1], "")
            table = {"uuid": part["uuid"]}
            if is_source:
                table |= {field: part[field] for field in kind.fields if part[field] != ""}
            table |= {text: texts[text] for text in kind.texts if text in texts}
            if is_told:
                tables.append(table)
        if tables:
            front[kind.name] = tables[0] if kind.name in _SINGLE else tables
    toml = tomli_w.dumps(front, multiline_strings=True)
    return f"{_FENCE}{toml}{_FENCE}" + (f"\n{below}\n" if below else "")


def load(text: str) -> EditionFile:
    """The edition that a file holds; raises ArticleFileError."""
    before, fence, rest = text.partition(_FENCE)
    toml, second_fence, below = rest.partition(f"\n{_FENCE}")
    if before or not fence or not second_fence:
        raise ArticleFileError("it does not begin with front matter between two lines of +++")
    try:
        front = tomllib.loads(toml + "\n")
    except tomllib.TOMLDecodeError as error:
        raise ArticleFileError(f"its front matter is not TOML: {error}") from error
    kind, language = front.pop("document", ""), by_code(str(front.pop("language", "")))
    if kind not in PARTS:
        raise ArticleFileError(f"document = {kind!r}: it must be one of {', '.join(PARTS)}")
    if language is None:
        raise ArticleFileError("language names none of the site's languages")
    port = front.pop("port", None)
    if (kind == Document.Kind.PORT) != isinstance(port, int):
        raise ArticleFileError("port must be there for the article of a port, and only there")
    structure: Structure = {}
    texts: Texts = {}
    for part_kind in PARTS[kind]:
        tables = front.pop(part_kind.name, [])
        tables = [tables] if isinstance(tables, dict) else tables
        structure[part_kind.name] = [
            _read_part(part_kind, dict(table), texts, with_structure=language is SOURCE)
            for table in tables
        ]
    if front:
        raise ArticleFileError(f"{', '.join(front)}: a {kind} has no such parts")
    _read_below(kind, below.strip("\n"), structure, texts)
    return EditionFile(kind, port, language, structure if language is SOURCE else None, texts)


def _read_part(
    kind: PartKind, table: dict[str, Any], texts: Texts, *, with_structure: bool
) -> dict[str, Any]:
    uuid = str(table.pop("uuid", ""))
    if not uuid:
        raise ArticleFileError(f"a part [{kind.name}] has no uuid")
    if found := {text: str(table.pop(text)) for text in kind.texts if text in table}:
        texts[uuid] = found
    part = {"uuid": uuid}
    if with_structure:
        part |= {field: table.pop(field, "") for field in kind.fields}
    if table:
        raise ArticleFileError(f"[{kind.name}] has no {', '.join(table)} here")
    return part


def _read_below(kind: str, below: str, structure: Structure, texts: Texts) -> None:
    if not below:
        return
    name, field = _BELOW[Document.Kind(kind)]
    if not structure[name]:
        raise ArticleFileError(f"there is a text below the front matter, but no [{name}] in it")
    texts.setdefault(structure[name][0]["uuid"], {})[field] = below
