"""Opening, giving away and closing work items."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ports import notices, roles
from ports.languages import Language, by_code
from ports.models import Document, RegistryChange, User, WorkItem


class ItemClosedError(Exception):
    """The item was closed meanwhile."""


class ItemChangedError(Exception):
    """Somebody else changed the item since it was seen."""


def document_of_port(number: int) -> Document:
    """The document of a port, made where nobody has written an article yet."""
    return Document.objects.get_or_create(kind=Document.Kind.PORT, port_id=number)[0]


def open_item(
    *,
    document: Document,
    language: Language,
    kind: WorkItem.Kind,
    cause: str,
    severity: WorkItem.Severity,
    evidence: Mapping[str, Any] | None = None,
    changes: Iterable[RegistryChange] = (),
) -> WorkItem | None:
    """Open an item, unless the same cause opened one of its kind before: then None.

    `cause` identifies what brought it about, in at most 100 characters; `evidence` is kept as JSON.
    """
    known = WorkItem.objects.filter(
        document=document, language=language.code, kind=kind, cause=cause
    )
    if known.exists():
        return None
    try:
        with transaction.atomic():
            item = WorkItem.objects.create(
                document=document,
                language=language.code,
                kind=kind,
                cause=cause,
                severity=severity,
                evidence=dict(evidence or {}),
                opened_at=timezone.now(),
            )
            item.changes.set(changes)
    except IntegrityError:
        if known.exists():  # another process was quicker
            return None
        raise
    return item


@transaction.atomic
def assign(
    *,
    item: WorkItem,
    owner: User | None,
    due_on: date | None,
    note: str,
    by: User,
    seen: str | None = None,
) -> None:
    """Say whose an open item is, by when it should be done, and what to know of it.

    `seen` is how the item was when `by` looked (see `state_of`); without it nothing is compared.
    Raises ItemClosedError, ItemChangedError when somebody else assigned it since, and
    PermissionDenied when `by` or the owner has no role in its language.
    """
    _require(by, item)
    if owner is not None:
        _require(owner, item)
    held = _locked(item)
    if seen is not None and seen != state_of(held):
        raise ItemChangedError
    is_new_owner = owner is not None and owner.pk != held.owner_id
    held.owner, held.due_on, held.note = owner, due_on, note.strip()
    held.save(update_fields=["owner", "due_on", "note"])
    if is_new_owner:
        notices.assigned(held, by)


@transaction.atomic
def close(*, item: WorkItem, outcome: WorkItem.Outcome, note: str, by: User) -> None:
    """Close an open item with what came of it.

    Raises ItemClosedError, and PermissionDenied when `by` has no role in its language.
    """
    _require(by, item)
    held = _locked(item)
    held.outcome, held.note = outcome, note.strip()
    held.closed_at, held.closed_by = timezone.now(), by
    held.save(update_fields=["outcome", "note", "closed_at", "closed_by"])


def went_away(
    *, document: Document, language: Language, kind: WorkItem.Kind, cause: str | None = None
) -> None:
    """Close the open items of a kind, or the one of a cause, since there is no need any more."""
    items = WorkItem.objects.filter(
        document=document, language=language.code, kind=kind, outcome=""
    )
    if cause is not None:
        items = items.filter(cause=cause)
    items.update(outcome=WorkItem.Outcome.WENT_AWAY, closed_at=timezone.now())


def state_of(item: WorkItem) -> str:
    """Whose an item is, by when and with which note, as a word that is another one after a change.

    A form carries it, so that nobody overwrites what somebody else wrote meanwhile.
    """
    state = json.dumps([item.owner_id, str(item.due_on or ""), item.note])
    return hashlib.sha256(state.encode()).hexdigest()


def may_work_on(user: User, item: WorkItem) -> bool:
    """Whether somebody has a role in the language of an item."""
    language = by_code(item.language)
    return language is not None and roles.has_one_in(user, language)


def _require(user: User, item: WorkItem) -> None:
    if not may_work_on(user, item):
        raise PermissionDenied(_("This is for people with a role in that language."))


def _locked(item: WorkItem) -> WorkItem:
    held = WorkItem.objects.select_for_update().get(pk=item.pk)
    if not held.is_open:
        raise ItemClosedError
    return held
