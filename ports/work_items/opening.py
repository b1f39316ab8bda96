"""Opening the items that one cause brings about, many at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from ports.languages import Language
from ports.models import WorkItem


class NewItem(NamedTuple):
    """An item to be opened: of which document, how much it matters, what is known of it.

    `changes` are the primary keys of changes of the registry.
    """

    document_id: int
    severity: WorkItem.Severity
    evidence: Mapping[str, Any]
    changes: Collection[int] = ()


def open_together(
    new: Sequence[NewItem], *, kind: WorkItem.Kind, language: Language, cause: str
) -> int:
    """Open items of one kind, language and cause, but those that it opened before; how many.

    In a few queries, and in a transaction of the caller, who lets nobody else do the same.
    """
    known = set(
        WorkItem.objects.filter(language=language.code, kind=kind, cause=cause).values_list(
            "document_id", flat=True
        )
    )
    new = [each for each in new if each.document_id not in known]
    now = timezone.now()
    items = WorkItem.objects.bulk_create(
        WorkItem(
            document_id=each.document_id,
            language=language.code,
            kind=kind,
            cause=cause,
            severity=each.severity,
            evidence=dict(each.evidence),
            opened_at=now,
        )
        for each in new
    )
    of_item = WorkItem.changes.through
    of_item._default_manager.bulk_create(
        of_item(workitem_id=item.pk, registrychange_id=change)
        for item, each in zip(items, new, strict=True)
        for change in sorted(each.changes)
    )
    return len(items)
