"""Translations as PO files, for translators who work with programs of their own. Pure.

    msgid ""
    msgstr ""
    "Language: tr\\n"
    "X-Portsite-Document: port 3440\\n"
    ...

    #. History 1 – event
    #. sha256:...                          of the translation as it was when the file was made
    #, fuzzy                               the English text changed since
    #| msgid "The English text before"
    msgctxt "<uuid of the part>.<field>"
    msgid "The English text"
    msgstr "The translation"

Babel reads them; of the header only our own lines are looked at.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, escape
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from ports.editorial.parts import Markup
from ports.languages import Language, by_code
from ports.plural_forms import plural_forms

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ENTRIES: Final = 5_000

_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


class TranslationFileError(ValueError):
    """A file that cannot be read; the message says why, in the active language."""


class Text(NamedTuple):
    """A text to be translated, where it stands, and how it is translated now.

    `name` is that of the field. `translated_from` is the source text that the translation was made
    from, "" where that is the same. `longest` is how many characters there may be.
    """

    uuid: str
    field: str
    name: str
    markup: Markup
    longest: int
    source: str
    translation: str
    translated_from: str

    @property
    def context(self) -> str:
        return f"{self.uuid}.{self.field}"


class Head(NamedTuple):
    """What a file is of: a document, by its name, and the numbers of the revisions it shows.

    `language` is as the file writes it; `revision` is 0 where nothing was translated yet.
    """

    document: str
    language: str
    source_revision: int
    revision: int


class Entry(NamedTuple):
    """An entry of a file; `digest` is of the translation that was exported, "" if nothing says."""

    context: str
    source: str
    translation: str
    is_fuzzy: bool
    digest: str


class TranslationFile(NamedTuple):
    """A file that was read."""

    head: Head
    entries: list[Entry]


def text_digest(text: str) -> str:
    """64 hexadecimal digits that are the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()


def language_name(language: Language) -> str:
    """A language as files name it: `pt_BR`, `zh_Hans`."""
    return to_locale(language.code)


def read_language(name: str) -> Language | None:
    """The language that a file names, in its own way or as a BCP 47 tag; None if it is not ours."""
    return by_code(name.replace("_", "-").casefold())


def dump(
    document: str, language: Language, source_revision: int, revision: int, texts: list[Text]
) -> bytes:
    """The file for a document's texts. Those that are empty in the source are left out."""
    header = (
        "Project-Id-Version: Portsite\n"
        f"Language: {language_name(language)}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        f"Plural-Forms: {plural_forms(language)}\n"
        f"X-Portsite-Document: {document}\n"
        f"X-Portsite-Source-Revision: {source_revision}\n"
        f"X-Portsite-Revision: {revision}\n"
    )
    lines = ["msgid " + escape(""), *_field("msgstr", header)]
    for text in texts:
        if text.source:
            lines += ["", *_entry(text)]
    return ("\n".join(lines) + "\n").encode()


def load(content: bytes) -> TranslationFile:
    """What a file holds; raises TranslationFileError."""
    if len(content) > MOST_BYTES:
        raise TranslationFileError(too_large())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranslationFileError(_("The file is not in UTF-8.")) from error
    if "\0" in text:
        raise TranslationFileError(_("The file is no text: it holds a NUL character."))
    messages = _Messages()
    try:
        PoFileParser(messages, ignore_obsolete=True, abort_invalid=True).parse(io.StringIO(text))
    except TranslationFileError:
        raise
    except (PoFileError, ValueError, LookupError, TypeError, AttributeError) as error:
        # Babel's own error, and those that it falls into with what it does not expect.
        raise TranslationFileError(_("The file is no PO file.")) from error
    if not messages.read or messages.read[0].id != "":
        raise TranslationFileError(_("The file is no PO file."))
    header, *rest = messages.read
    return TranslationFile(_head(str(header.string)), [_read(each) for each in rest])


def too_large() -> str:
    """The sentence about a file that is too large."""
    return _("The file is too large: it may have %(size)s MB at most.") % {
        "size": MOST_BYTES // 1024**2
    }


class _Messages(Catalog):
    """Messages in the order of a file, each as it stands there; its header orders nothing."""

    def __init__(self) -> None:
        super().__init__(charset="utf-8")
        self.read: list[Message] = []

    def __setitem__(self, _id: object, message: Message) -> None:
        if len(self.read) > MOST_ENTRIES:
            raise TranslationFileError(
                _("The file has too many entries: it may have %(count)s at most.")
                % {"count": MOST_ENTRIES}
            )
        self.read.append(message)


def _entry(text: Text) -> Iterator[str]:
    yield f"#. {text.name}"
    yield f"#. sha256:{text_digest(text.translation)}"
    if text.translated_from:
        yield "#, fuzzy"
        yield from (f"#| {line}" for line in _field("msgid", text.translated_from))
    yield from _field("msgctxt", text.context)
    yield from _field("msgid", text.source)
    yield from _field("msgstr", text.translation)


def _field(keyword: str, value: str) -> Iterator[str]:
    """A text as PO writes it: on one line, or each of its lines on one."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", value)
    if len(lines) < 2:
        yield f"{keyword} {escape(value)}"
        return
    yield f'{keyword} ""'
    yield from map(escape, lines)


def _head(header: str) -> Head:
    pairs = [line.partition(":") for line in header.split("\n")]
    values = {name.strip().casefold(): value.strip() for name, _colon, value in pairs}
    if not values.get("x-portsite-document"):
        raise TranslationFileError(
            _("The file was not made here: its header does not say which document it is of.")
        )
    return Head(
        values["x-portsite-document"],
        values.get("language", ""),
        _number(values.get("x-portsite-source-revision", "")),
        _number(values.get("x-portsite-revision", "")),
    )


def _read(message: Message) -> Entry:
    if not (isinstance(message.id, str) and isinstance(message.string, str)):
        # Texts have no plural forms: what has some is of another file, and unknown here.
        return Entry("", message.id[0], "", is_fuzzy=False, digest="")
    found = [match[1] for each in message.auto_comments if (match := _DIGEST.fullmatch(each))]
    return Entry(
        str(message.context or ""),
        message.id,
        message.string,
        "fuzzy" in message.flags,
        found[0] if found else "",
    )


def _number(value: str) -> int:
    return int(value) if _NUMBER.fullmatch(value) else 0
