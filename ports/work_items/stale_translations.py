"""Putting translations that are behind in front of their translators, until they are so no more."""

from collections.abc import Collection, Mapping
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from ports.models import Document, Edition, WorkItem

_SEVERITIES: Final = {
    Edition.Staleness.MEDIUM.value: WorkItem.Severity.MEDIUM,
    Edition.Staleness.MAJOR.value: WorkItem.Severity.HIGH,
}
_WENT_AWAY: Final = WorkItem.Outcome.WENT_AWAY


def follow(document: Document, staleness: Mapping[str, str], *, source_number: int) -> None:
    """Open, raise and close items as the live translations stand now, in at most four queries.

    `staleness` is that of each language's code, beside the live source revision `source_number`.
    An item that is open already is raised, and is about that revision from now on. One that went
    away is opened again when its cause is back; one that somebody closed is not. The document is
    locked by the caller.
    """
    up_to_date = [code for code, behind in staleness.items() if behind not in _SEVERITIES]
    close(document, up_to_date)
    behind = {code: _SEVERITIES[how] for code, how in staleness.items() if how in _SEVERITIES}
    if not behind:
        return
    cause = f"source revision {source_number}"
    items = _items(document, behind).select_for_update()
    open_now = {item.language: item for item in items if item.is_open}
    of_cause = {item.language: item for item in items if item.cause == cause}
    changed, new = [], []
    for code, severity in behind.items():
        item = open_now.get(code) or of_cause.get(code)
        evidence = {"source_revision": source_number, "staleness": staleness[code]}
        if item is None:
            item = WorkItem(document=document, language=code, kind=WorkItem.Kind.STALE_TRANSLATION,
                            cause=cause, severity=severity, opened_at=timezone.now())  # fmt: skip
            new.append(item)
        elif item.is_open:
            item.severity = max(item.severity, severity)
            if code not in of_cause:
                item.cause = cause
            changed.append(item)
        elif item.outcome == _WENT_AWAY:
            item.outcome, item.closed_at, item.opened_at = "", None, timezone.now()
            item.severity = severity
            changed.append(item)
        item.evidence = evidence
    WorkItem.objects.bulk_update(
        changed, ["severity", "cause", "evidence", "outcome", "closed_at", "opened_at"]
    )
    WorkItem.objects.bulk_create(new)


def close(document: Document, codes: Collection[str]) -> None:
    """Close what is open for translations that are up to date, or that nobody sees any more."""
    if codes:
        _items(document, codes).filter(outcome="").update(
            outcome=_WENT_AWAY, closed_at=timezone.now()
        )


def _items(document: Document, codes: Collection[str]) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(
        document=document, language__in=list(codes), kind=WorkItem.Kind.STALE_TRANSLATION
    )
