"""What editors wrote for a page: structure from the source edition, texts in the reader's language.

A part without a text in the language is shown in the source language; a part that is absent from
the source structure appears nowhere. Only live revisions are read, in one query; an editor's
preview takes the latest revisions of one document in their place.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from ports.editorial.markdown import marks
from ports.editorial.parts import PARTS, Markup, PartKind, Structure, Texts
from ports.languages import SOURCE, Language
from ports.models import Assignment, Document, Edition
from ports.token_values import cited_port
from ports.tokens import TokenError


class Text(NamedTuple):
    """A text as it was written, and the language it is in."""

    source: str
    language: Language


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document in a reader's language: its structural fields and its texts."""

    kind: PartKind
    fields: dict[str, Any]
    texts: dict[str, Text]


class ShownRevision(NamedTuple):
    """A revision whose texts a page shows: of the edition in a language, with this number."""

    language: Language
    number: int


@dataclass(frozen=True, slots=True)
class LiveDocument:
    """A document as a reader of one language sees it; `port` is None unless it is that of a port.

    `reviewed_at` is when the last of the texts shown was approved by somebody who wrote none of
    it; None where one of them was not. `is_outdated` says that the source has changed in an
    important way since the translation shown was made from it. `revision` is the live one in the
    reader's language, or of the source language where there is none.
    """

    id: int
    kind: str
    port: int | None
    parts: tuple[Part, ...]
    reviewed_at: datetime | None
    is_outdated: bool
    revision: ShownRevision

    def of_kind(self, name: str) -> list[Part]:
        return [part for part in self.parts if part.kind.name == name]


class _Version(NamedTuple):
    """A revision that is to be shown."""

    document_id: int
    kind: str
    port: int | None
    language: str
    reviewed_at: datetime | None
    staleness: str
    number: int
    structure: Structure | None
    texts: Texts


def on_port(
    number: int, language: Language, *, preview: Document | None = None
) -> list[LiveDocument]:
    """What stands on the page of a port: its article, the usages of spans it lies in, glosses."""
    names = (
        Assignment.objects.covering(number)
        .named()
        .annotate(lower_name=Lower("service_name"))
        .values("lower_name")
    )
    return _documents(
        Q(live_first_port__lte=number, live_last_port__gte=number) | Q(live_service_name__in=names),
        language,
        preview=preview,
    )


def on_service(
    name: str, language: Language, *, preview: Document | None = None
) -> list[LiveDocument]:
    """What stands on the page of a service: its gloss."""
    return _documents(Q(live_service_name=name.lower()), language, preview=preview)


def of_documents(ids: Collection[int], language: Language) -> list[LiveDocument]:
    """What is live of some documents."""
    return _documents(Q(pk__in=ids), language, preview=None)


def revision_of(documents: Iterable[LiveDocument]) -> ShownRevision | None:
    """The revision of a port's own document that its page shows; None where there is none."""
    own = (document for document in documents if document.kind == Document.Kind.PORT)
    return next((document.revision for document in own), None)


def revision_on_page(number: int, language: Language) -> ShownRevision | None:
    """What `revision_of` says of the page of a port, without the texts. One query."""
    live = dict(
        Edition.objects.filter(
            document__port=number,
            document__live_first_port__isnull=False,
            language__in={SOURCE.code, language.code},
            live_revision__isnull=False,
        ).values_list("language", "live_revision__number")
    )
    if SOURCE.code not in live:
        return None
    shown = language if language.code in live else SOURCE
    return ShownRevision(shown, live[shown.code])


def ports_with_article(most: int) -> list[int]:
    """The first ports that have a live article, at most so many, in order."""
    told = Document.objects.filter(has_live_article=True).order_by("port")
    return [number for (number,) in told.values_list("port_id")[:most] if number is not None]


def cited_ports(documents: Iterable[LiveDocument]) -> set[int]:
    """The ports whose facts the tokens of the texts show."""
    return {
        port
        for document in documents
        for part in document.parts
        for field, text in part.texts.items()
        for mark in marks(text.source, inline=part.kind.texts[field] == Markup.INLINE)
        if not isinstance(mark.content, str | TokenError)
        and (port := cited_port(mark.content)) is not None
    }


def _documents(where: Q, language: Language, *, preview: Document | None) -> list[LiveDocument]:
    documents = Document.objects.filter(where)
    versions = list(_versions(documents, language, "live_revision"))
    if preview is not None:
        drafts = Document.objects.filter(pk=preview.pk)
        versions = [
            *(version for version in versions if version.document_id != preview.pk),
            *(
                version._replace(reviewed_at=None, staleness="")
                for version in _versions(drafts, language, "latest_revision")
            ),
        ]
    by_document: dict[int, list[_Version]] = {}
    for version in versions:
        by_document.setdefault(version.document_id, []).append(version)
    joined = (_joined(of_one, language) for of_one in by_document.values())
    return sorted(filter(None, joined), key=lambda document: document.id)


def _versions(
    documents: QuerySet[Document], language: Language, pointer: str
) -> Iterator[_Version]:
    rows = Edition.objects.filter(
        document__in=documents,
        language__in={SOURCE.code, language.code},
        **{f"{pointer}__isnull": False},
    ).values_list(
        "document_id",
        "document__kind",
        "document__port",
        "language",
        "reviewed_at",
        "staleness",
        *(f"{pointer}__{field}" for field in ("number", "structure", "texts")),
    )
    return (_Version(*row) for row in rows)


def _joined(versions: list[_Version], language: Language) -> LiveDocument | None:
    """The document that a source version and, if there is one, a translation make together."""
    by_language = {version.language: version for version in versions}
    source = by_language.get(SOURCE.code)
    if source is None or source.structure is None:
        return None
    translation = by_language.get(language.code, source)
    structure = source.structure
    parts = tuple(
        _part(kind, part, source, translation, language)
        for kind in PARTS[source.kind]
        for part in structure.get(kind.name, [])
    )
    shown = {text.language for part in parts for text in part.texts.values()}
    reviews = [by_language[shown_in.code].reviewed_at for shown_in in shown]
    reviewed = [review for review in reviews if review is not None]
    is_translation = translation is not source and language in shown
    return LiveDocument(
        source.document_id,
        source.kind,
        source.port,
        parts,
        reviewed_at=max(reviewed, default=None) if len(reviewed) == len(reviews) else None,
        is_outdated=is_translation and translation.staleness == Edition.Staleness.MAJOR,
        revision=ShownRevision(SOURCE if translation is source else language, translation.number),
    )


def _part(
    kind: PartKind,
    part: dict[str, Any],
    source: _Version,
    translation: _Version,
    language: Language,
) -> Part:
    originals = source.texts.get(part["uuid"], {})
    translated = translation.texts.get(part["uuid"], {})
    texts = {}
    for field in kind.texts:
        if field in translated and translation is not source:
            texts[field] = Text(translated[field], language)
        elif field in originals:
            texts[field] = Text(originals[field], SOURCE)
    return Part(kind, part, texts)
