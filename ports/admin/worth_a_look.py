"""What is worth a look in the drafts of a document, shown beside its form and on its publishing
page."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ports import formats, source_links
from ports.admin.document_state import Editions
from ports.admin.site_links import nowhere
from ports.editorial import warnings
from ports.editorial.parts import PartKind, Structure, ordered_parts
from ports.editorial.typed_facts import facts_of
from ports.editorial.warnings import Remark
from ports.languages import SOURCE, Language
from ports.models import Assignment, Document, SourceLink
from ports.registry_excerpt import records_on

MOST_PORTS: Final = 100
"""A text about a longer span says nothing of one of its ports."""


class Concern(NamedTuple):
    """A remark in words: in which language, of which part and field, on which line (0: of none).

    `uuid` and `column` say where it stands in the form.
    """

    language: Language
    uuid: str
    field: str
    part: str
    name: str
    line: int
    message: str


def worth_a_look(editions: Editions) -> list[Concern]:
    """What is worth a look in the latest revisions of a document, in its order.

    In all of its languages, since a source may be cited in any of them. At most four queries.
    """
    document = editions.document
    source = editions.by_language.get(SOURCE.code)
    if document is None or source is None or source.latest_revision is None:
        return []
    structure = source.latest_revision.structure or {}
    written = warnings.written_texts(
        document.kind,
        structure,
        {
            code: edition.latest_revision.texts
            for code, edition in editions.by_language.items()
            if edition.latest_revision is not None
        },
    )
    ports = dict.fromkeys([*_own_ports(document, structure), *warnings.cited_ports(written)])
    records = {
        number: [assignment.record for assignment in assignments]
        for number, assignments in records_on(ports).items()
    }
    found = [
        *_silent_sources(structure),
        *warnings.remarks(
            structure,
            written,
            facts=facts_of(records),
            leads_nowhere=nowhere(warnings.links(written)),
        ),
    ]
    places = _places(document.kind, structure)
    return [_in_words(remark, *places[remark.uuid]) for remark in found]


def _own_ports(document: Document, structure: Structure) -> list[int]:
    """The ports that the document is about."""
    if document.kind == Document.Kind.PORT:
        return [document.port_id or 0]
    ports: list[int] = []
    for usage in structure.get("usage", []):
        span = range(usage["first_port"], usage["last_port"] + 1)
        ports += span if len(span) <= MOST_PORTS else ()
    for gloss in structure.get("gloss", []):
        records = Assignment.objects.of_service(gloss["service_name"])
        numbers = records.values_list("first_port", flat=True)
        ports += [number for number in numbers if number is not None]
    return sorted(set(ports))[:MOST_PORTS]


def _silent_sources(structure: Structure) -> Iterator[Remark]:
    sources = structure.get("source", [])
    silent = source_links.silent([source["url"] for source in sources])
    for source in sources:
        link = silent.get(source["url"])
        if link is not None:
            yield Remark(SOURCE, source["uuid"], "url", 0, _silence(source["key"], link))


def _silence(key: str, link: SourceLink) -> str:
    values = {"key": key, "why": source_links.reason(link)}
    if link.answered_at is None:
        return _("The source [^%(key)s] has not answered so far: %(why)s.") % values
    since = formats.registry_date(link.answered_at.date().isoformat())
    # Translators: %(since)s is a date, %(why)s a few words such as “it was not found (404)”.
    message = _("The source [^%(key)s] did not answer since %(since)s: %(why)s.")
    return message % {**values, "since": since}


def _places(document_kind: str, structure: Structure) -> dict[str, tuple[PartKind, int]]:
    """The kind of each part by its uuid, and its place (from 1) among those of its kind."""
    counted: dict[str, int] = {}
    places = {}
    for kind, part in ordered_parts(document_kind, structure):
        counted[kind.name] = counted.get(kind.name, 0) + 1
        places[part["uuid"]] = (kind, counted[kind.name])
    return places


def _in_words(remark: Remark, kind: PartKind, place: int) -> Concern:
    options = kind.model._meta
    number = f" {place}" if kind.is_ordered else ""
    name = options.get_field(remark.field).verbose_name
    return Concern(
        remark.language,
        remark.uuid,
        remark.field,
        f"{capfirst(options.verbose_name)}{number}",
        str(name),
        remark.line,
        remark.message,
    )
