"""Thousands of documents in every language, made quickly."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from ports.languages import LANGUAGES
from ports.models import Document, Edition, Port, Revision


def many_documents(count: int) -> None:
    """So many documents, each with an edition in every language, Turkish left out of every tenth.

    Made past everything that makes documents one by one: only what the admin's lists read is there.
    """
    Document.objects.bulk_create(
        Document(kind="port", port=Port(number)) for number in range(count)
    )
    editions = Edition.objects.bulk_create(
        (
            Edition(document=each, language=language.code)
            for each in Document.objects.all()
            for language in LANGUAGES
            if not (language.code == "tr" and each.port_id % 10 == 0)
        ),
        batch_size=2_000,
    )
    now = timezone.now()
    sources = {
        edition.document_id: revision
        for edition, revision in _revisions(
            [each for each in editions if each.language == "en"], now, {}
        )
    }
    _revisions([each for each in editions if each.language != "en"], now, sources)
    first = Revision.objects.filter(edition=OuterRef("pk")).values("pk")[:1]
    Edition.objects.update(latest_revision=Subquery(first))
    Edition.objects.filter(document__port__lt=count // 2).update(live_revision=Subquery(first))


def _revisions(
    editions: list[Edition], now: Any, sources: dict[int, Revision]
) -> list[tuple[Edition, Revision]]:
    made = Revision.objects.bulk_create(
        (
            Revision(
                edition=edition,
                number=1,
                structure=None if sources else {},
                texts={},
                digest="",
                source_revision=sources.get(edition.document_id),
                origin="bundled",
                created_at=now,
            )
            for edition in editions
        ),
        batch_size=2_000,
    )
    return list(zip(editions, made, strict=True))
