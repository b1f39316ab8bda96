"""What is no fault in a document but worth a look, before it is published. Pure.

Sources that nothing cites, links to pages that this site does not have, and facts of the registry
that were typed by hand. None of it stops anybody.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from ports.editorial.markdown import Passage, passages
from ports.editorial.parts import Markup, Structure, Texts, ordered_parts
from ports.editorial.typed_facts import RegistryFact, typed_facts
from ports.languages import LANGUAGES, SOURCE, Language
from ports.tokens import FactToken, PortLink


class Remark(NamedTuple):
    """Something worth a look: in which language, of the part with this uuid, in which field.

    `line` counts from 1 in a text, and is 0 for a field that is none.
    """

    language: Language
    uuid: str
    field: str
    line: int
    message: str


class WrittenText(NamedTuple):
    """A text of a document, and where it stands."""

    language: Language
    uuid: str
    field: str
    passages: list[Passage]


def written_texts(
    document_kind: str, structure: Structure, texts: Mapping[str, Texts]
) -> list[WrittenText]:
    """The texts of a document, by language code, in its order; those of withdrawn parts left out.

    Reading them is most of the work here: what they cite and link to is taken from them too.
    """
    return [
        WrittenText(
            language, part["uuid"], field, list(passages(text, inline=markup == Markup.INLINE))
        )
        for language in LANGUAGES
        if (of_language := texts.get(language.code))
        for kind, part in ordered_parts(document_kind, structure)
        for field, markup in kind.texts.items()
        if (text := of_language.get(part["uuid"], {}).get(field, ""))
    ]


def cited_ports(written: Sequence[WrittenText]) -> list[int]:
    """The ports that tokens and links of the texts name, in their order."""
    return list(
        dict.fromkeys(
            mark.content.port
            for text in written
            for passage in text.passages
            for mark in passage.marks
            if isinstance(mark.content, FactToken | PortLink)
        )
    )


def links(written: Sequence[WrittenText]) -> list[str]:
    """The addresses that the texts lead to, each once."""
    return list(
        dict.fromkeys(
            link for text in written for passage in text.passages for link in passage.links
        )
    )


def remarks(
    structure: Structure,
    written: Sequence[WrittenText],
    *,
    facts: Sequence[RegistryFact],
    leads_nowhere: Callable[[str], bool],
) -> list[Remark]:
    """What is worth a look in a document.

    `facts` are those of its ports and of the ports that it cites; `leads_nowhere` says of an
    address that it would be a page of this site, and is none.
    """
    return [
        *_uncited(structure, written),
        *(remark for text in written for remark in _in_text(text, facts, leads_nowhere)),
    ]


def _uncited(structure: Structure, written: Sequence[WrittenText]) -> Iterator[Remark]:
    cited = {
        mark.content
        for text in written
        for passage in text.passages
        for mark in passage.marks
        if isinstance(mark.content, str)
    }
    for source in structure.get("source", []):
        if source["key"] not in cited:
            message = _("No text cites the source [^%(key)s].") % {"key": source["key"]}
            yield Remark(SOURCE, source["uuid"], "key", 0, message)


def _in_text(
    text: WrittenText, facts: Sequence[RegistryFact], leads_nowhere: Callable[[str], bool]
) -> Iterator[Remark]:
    where = (text.language, text.uuid, text.field)
    told = set()
    for passage in text.passages:
        for link in passage.links:
            if leads_nowhere(link):
                yield Remark(
                    *where,
                    passage.line,
                    _("The link to %(address)s leads to no page of this site.") % {"address": link},
                )
        for typed in typed_facts(passage.prose, facts, text.language):
            if typed.token in told:
                continue
            told.add(typed.token)
            yield Remark(
                *where,
                passage.line + typed.lines_below,
                _("“%(text)s” is what the registry says today. Write %(token)s instead.")
                % {"text": typed.written, "token": typed.token},
            )
