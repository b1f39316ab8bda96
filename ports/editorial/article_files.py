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
from ports.registry.records import LAST_PORT

_FENCE: Final = "+++\n"

# The part and the text that stand below the front matter, by kind of document.
_BELOW: Final = {
    Document.Kind.PORT: ("article", "body"),
    Document.Kind.USAGE: ("usage", "description"),
    Document.Kind.GLOSS: ("gloss", "text"),
}
# Parts of which a document has at most one stand as a table, others as a list of tables.
_SINGLE: Final = {"article", "assessment", "usage", "gloss"}
_NUMBERS: Final = {"claimed_port", "first_port", "last_port"}
_MAY_BE_EMPTY: Final = {"publisher", "published", "transport"}


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
    tables: list[tuple[str, dict[str, Any]]] = []
    below = ""
    for kind in PARTS[edition.kind]:
        for part in structure.get(kind.name, []):
            texts = dict(edition.texts.get(part["uuid"], {}))
            is_told = is_source or bool(texts)
            name, field = _BELOW[Document.Kind(edition.kind)]
            if name == kind.name and texts.get(field, "").strip("\n") == texts.get(field, ""):
                below = texts.pop(field, "")
            table = {"uuid": part["uuid"]}
            if is_source:
                table |= {field: part[field] for field in kind.fields if part[field] != ""}
            table |= {text: texts[text] for text in kind.texts if text in texts}
            if is_told:
                tables.append((kind.name, table))
    toml = _toml(front) + "".join(
        f"\n{f'[{name}]' if name in _SINGLE else f'[[{name}]]'}\n{_toml(table)}"
        for name, table in tables
    )
    return f"{_FENCE}{toml}{_FENCE}" + (f"\n{below}\n" if below else "")


def _toml(table: dict[str, Any]) -> str:
    """Keys with plain values; texts over several lines as such, where that can be read back."""
    is_plain = all("+++" not in str(value) and "\r" not in str(value) for value in table.values())
    return tomli_w.dumps(table, multiline_strings=is_plain)


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
    if not isinstance(kind, str) or kind not in PARTS:
        raise ArticleFileError(f"document = {kind!r}: it must be one of {', '.join(PARTS)}")
    if language is None:
        raise ArticleFileError("language names none of the site's languages")
    port = front.pop("port", None)
    if (kind == Document.Kind.PORT) != (port is not None):
        raise ArticleFileError("port must be there for the article of a port, and only there")
    if port is not None and not (type(port) is int and 0 <= port <= LAST_PORT):
        raise ArticleFileError("port must be there as a number from 0 to 65535")
    structure: Structure = {}
    texts: Texts = {}
    for part_kind in PARTS[kind]:
        structure[part_kind.name] = [
            _read_part(part_kind, table, texts, with_structure=language is SOURCE)
            for table in _tables(part_kind, front.pop(part_kind.name, []))
        ]
    if front:
        raise ArticleFileError(f"{', '.join(front)}: a {kind} has no such parts")
    uuids = [part["uuid"] for parts in structure.values() for part in parts]
    if len(set(uuids)) != len(uuids):
        raise ArticleFileError("two parts have the same uuid")
    _read_below(kind, below.strip("\n"), structure, texts)
    return EditionFile(kind, port, language, structure if language is SOURCE else None, texts)


def _tables(kind: PartKind, value: Any) -> list[dict[str, Any]]:
    """The tables of a kind of part: one, or a list of them."""
    tables = [value] if isinstance(value, dict) else value
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ArticleFileError(f"{kind.name} is no table")
    if kind.name in _SINGLE and len(tables) > 1:
        raise ArticleFileError(f"there is more than one [{kind.name}]")
    return [dict(table) for table in tables]


def _read_part(
    kind: PartKind, table: dict[str, Any], texts: Texts, *, with_structure: bool
) -> dict[str, Any]:
    uuid = str(table.pop("uuid", ""))
    if not uuid:
        raise ArticleFileError(f"a part [{kind.name}] has no uuid")
    fields = kind.fields if with_structure else ()
    if unknown := [name for name in table if name not in {*kind.texts, *fields}]:
        raise ArticleFileError(f"[{kind.name}] has no {', '.join(unknown)} here")
    if found := {text: _typed(kind, text, table[text]) for text in kind.texts if text in table}:
        texts[uuid] = found
    return {"uuid": uuid, **{field: _typed(kind, field, table.get(field, "")) for field in fields}}


def _typed(kind: PartKind, field: str, value: Any) -> Any:
    """A value of the kind its field wants."""
    wanted = int if field in _NUMBERS else str
    if type(value) is not wanted or (value == "" and field not in _MAY_BE_EMPTY):
        what = "a number" if wanted is int else "a text"
        raise ArticleFileError(f"[{kind.name}] {field} must be there as {what}")
    return value


def _read_below(kind: str, below: str, structure: Structure, texts: Texts) -> None:
    if not below:
        return
    name, field = _BELOW[Document.Kind(kind)]
    if not structure[name]:
        raise ArticleFileError(f"there is a text below the front matter, but no [{name}] in it")
    found = texts.setdefault(structure[name][0]["uuid"], {})
    if field in found:
        raise ArticleFileError(f"the {field} stands in the front matter and below it")
    found[field] = below
