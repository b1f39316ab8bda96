"""Putting the documents in front of an editor whose facts a new state of the registry changed."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ports.editorial.claims import check_claims
from ports.editorial.parts import Markup, Structure, Texts, ordered_parts
from ports.languages import SOURCE
from ports.models import Edition, RegistryChange, Snapshot, WorkItem
from ports.registry.claims import Verdict
from ports.registry.records import Transport
from ports.work_items.opening import NewItem, open_together
from ports.work_items.touching import Citation, Index, cited

logger = logging.getLogger(__name__)

_TOGETHER: Final = 500
"""So many live texts are read at a time: there may be fifty thousand."""


@dataclass(slots=True)
class _Page:
    """A document with a live source: its claims, and the changes of the registry that touch it.

    `markups` says how its texts are marked up, by the uuid of their part and their field. `about`
    says that the changes touch what it is about; `by_claims`, what its claims name; `cited_in`,
    what its texts in these languages cite.
    """

    claims: list[dict[str, Any]]
    markups: dict[tuple[str, str], Markup]
    changes: set[int] = field(default_factory=set)
    about: bool = False
    by_claims: bool = False
    cited_in: list[str] = field(default_factory=list)


def open_for_snapshots() -> int:
    """Open items for what changed with snapshots that no editor was told of; return how many.

    One for each document that has a live source and is touched: by what it is about, its live
    claims, or what its live texts cite in any language. Each snapshot is a transaction of its own,
    the oldest first. Safe to run in several processes at once: a snapshot's row is locked. One of
    which it fails is tried again the next time.
    """
    has_changes = Exists(RegistryChange.objects.filter(snapshot=OuterRef("pk")))
    untold = Snapshot.objects.filter(work_items_at=None).order_by("id")
    pending = dict(untold.annotate(has_changes=has_changes).values_list("pk", "has_changes"))
    nothing_changed = [pk for pk, has_changes in pending.items() if not has_changes]
    if nothing_changed:
        Snapshot.objects.filter(pk__in=nothing_changed).update(work_items_at=timezone.now())
    return sum(_opened(pk) for pk, has_changes in pending.items() if has_changes)


def _opened(pk: int) -> int:
    try:
        return _open_for(pk)
    except Exception:
        logger.exception("No work items could be opened for snapshot %s", pk)
        return 0


@transaction.atomic
def _open_for(pk: int) -> int:
    untold = Snapshot.objects.filter(pk=pk, work_items_at=None)
    if not untold.select_for_update(no_key=True).values_list("pk").first():
        return 0  # another process was quicker
    pages = _touched(Index(RegistryChange.objects.filter(snapshot=pk)))
    denied = _denied_claims(pages)
    opened = open_together(
        [
            NewItem(
                document_id,
                WorkItem.Severity.HIGH if document_id in denied else WorkItem.Severity.MEDIUM,
                {
                    "about": page.about,
                    "claims": page.by_claims,
                    "cited_in": page.cited_in,
                    "denied": denied.get(document_id, []),
                },
                page.changes,
            )
            for document_id, page in pages.items()
        ],
        kind=WorkItem.Kind.REGISTRY_CHANGE,
        language=SOURCE,
        cause=f"snapshot {pk}",
    )
    untold.update(work_items_at=timezone.now())
    return opened


def _touched(index: Index) -> dict[int, _Page]:
    """The documents with a live source that are touched, by primary key, in their order."""
    pages: dict[int, _Page] = {}
    for row in _live_sources():
        document_id, kind, first, last, service_name, structure, texts = row
        page = pages[document_id] = _page(kind, structure or {})
        if first is not None:
            page.changes |= index.of_ports(first, last)
        if service_name:
            page.changes |= index.of_service(service_name)
        page.about = bool(page.changes)
        for claim in page.claims:
            found = index.of_citation(
                Citation(claim["claimed_port"], Transport(claim["transport"]))
            )
            page.changes |= found
            page.by_claims |= bool(found)
        _read_texts(page, SOURCE.code, texts, index)
    for document_id, language, texts in _live_translations():
        if document_id in pages:
            _read_texts(pages[document_id], language, texts, index)
    return {document_id: page for document_id, page in pages.items() if page.changes}


def _page(kind: str, structure: Structure) -> _Page:
    markups = {
        (part["uuid"], text): markup
        for part_kind, part in ordered_parts(kind, structure)
        for text, markup in part_kind.texts.items()
    }
    return _Page(structure.get("claim", []), markups)


def _read_texts(page: _Page, language: str, texts: Texts, index: Index) -> None:
    """Note what the texts of a language cite that changed; of the parts that readers see."""
    found = {
        pk
        for (uuid, name), markup in page.markups.items()
        for citation in cited(
            texts.get(uuid, {}).get(name, ""), inline=markup == Markup.INLINE, among=index.ports
        )
        for pk in index.of_citation(citation)
    }
    if found:
        page.changes |= found
        page.cited_in.append(language)


def _live_sources() -> Iterable[tuple[Any, ...]]:
    return (
        Edition.objects.filter(language=SOURCE.code, live_revision__isnull=False)
        .order_by("document_id")
        .values_list(
            "document_id",
            "document__kind",
            "document__live_first_port",
            "document__live_last_port",
            "document__live_service_name",
            "live_revision__structure",
            "live_revision__texts",
        )
        .iterator(_TOGETHER)
    )


def _live_translations() -> Iterable[tuple[Any, ...]]:
    return (
        Edition.objects.exclude(language=SOURCE.code)
        .filter(live_revision__isnull=False)
        .order_by("language", "document_id")
        .values_list("document_id", "language", "live_revision__texts")
        .iterator(_TOGETHER)
    )


def _denied_claims(pages: Mapping[int, _Page]) -> dict[int, list[dict[str, Any]]]:
    """The claims that the registry denies now, by document, of all in one look at the registry."""
    claims = [(document_id, claim) for document_id, page in pages.items() for claim in page.claims]
    denied: dict[int, list[dict[str, Any]]] = {}
    checked = check_claims({"claim": [claim for _document, claim in claims]})
    for (document_id, _claim), found in zip(claims, checked, strict=True):
        if found.verdict == Verdict.DENIED:
            denied.setdefault(document_id, []).append(found.claim._asdict())
    return denied
