"""What is wrong with a text before it is saved: each fault with its place and what is valid."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from ports.editorial.markdown import marks
from ports.editorial.parts import Markup, Structure, Texts, ordered_parts
from ports.registry.records import PortRange, Status, Transport
from ports.tokens import VALID_FORMS, Fault, TokenError


class Problem(NamedTuple):
    """A fault of a text: of the part with this uuid, in this field, on this line (from 1)."""

    uuid: str
    field: str
    line: int
    message: str


def text_problems(
    text: str, source_keys: Collection[str], markup: Markup = Markup.BLOCK
) -> Iterator[tuple[int, str]]:
    """The lines of a text where something is wrong, and what; footnotes may cite `source_keys`."""
    for mark in marks(text, inline=markup == Markup.INLINE):
        if isinstance(mark.content, TokenError):
            yield mark.line, _token_message(mark.line, mark.content)
        elif isinstance(mark.content, str) and mark.content not in source_keys:
            yield mark.line, _footnote_message(mark.line, mark.content, source_keys)


def problems(document_kind: str, structure: Structure, texts: Texts) -> list[Problem]:
    """Every fault of a document's texts in one language, in its order."""
    keys = {source["key"] for source in structure.get("source", [])}
    return [
        Problem(part["uuid"], field, line, message)
        for kind, part in ordered_parts(document_kind, structure)
        for field, markup in kind.texts.items()
        for line, message in text_problems(texts.get(part["uuid"], {}).get(field, ""), keys, markup)
    ]


def _token_message(line: int, error: TokenError) -> str:
    values = {"line": line, "text": error.text}
    match error.fault:
        case Fault.NO_SUCH_PORT:
            return (
                # Translators: %(line)s is the number of a line in a text.
                _("Line %(line)s: “%(text)s” is no port; ports run from 0 to 65535.") % values
            )
        case Fault.NO_SUCH_TRANSPORT:
            return _choice(Transport) % values
        case Fault.NO_SUCH_STATUS:
            return _choice(Status) % values
        case Fault.NO_SUCH_RANGE:
            return _choice(PortRange) % values
    return _(
        "Line %(line)s: there is no token “%(text)s”. Valid ones look like: %(valid)s. For a brace "
        "that is only text write \\{."
    ) % {**values, "valid": "  ".join(VALID_FORMS)}


def _choice(choices: type[Transport] | type[Status] | type[PortRange]) -> str:
    # Translators: %(valid)s is a list of words such as "tcp, udp".
    sentence = _("Line %(line)s: “%(text)s” is not one of: %(valid)s.")
    return sentence.replace("%(valid)s", ", ".join(choices))


def _footnote_message(line: int, key: str, source_keys: Collection[str]) -> str:
    if not source_keys:
        return _(
            "Line %(line)s: the footnote [^%(key)s] cites a source that is not there. Add a source "
            "with this key first."
        ) % {"line": line, "key": key}
    return _(
        "Line %(line)s: the footnote [^%(key)s] cites a source that is not there. Keys of sources: "
        "%(valid)s."
    ) % {"line": line, "key": key, "valid": ", ".join(sorted(source_keys))}
