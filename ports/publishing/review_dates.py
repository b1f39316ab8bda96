"""Planning when somebody should look at a document again, and saying so when the day has come."""

import logging
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ports import roles
from ports.languages import SOURCE
from ports.models import Document, User, WorkItem
from ports.publishing.errors import WrongTimeError
from ports.publishing.locks import lock
from ports.work_items import open_item

logger = logging.getLogger(__name__)


@transaction.atomic
def plan_review(*, document: Document, on: date | None, by: User) -> None:
    """Say on which day (UTC) somebody should look at the document again; None: on none.

    For everybody with a role in the source language. Raises WrongTimeError for a day that is past.
    """
    if not roles.has_one_in(by, SOURCE):
        raise PermissionDenied(_("This is for people with a role in that language."))
    if on is not None and on < timezone.now().date():
        raise WrongTimeError("the day is past")
    document = lock(document)
    document.review_on = on
    document.save(update_fields=["review_on"])


def open_due_reviews(today: date | None = None) -> int:
    """Open an item for each document whose day has come; return how many.

    Each in a transaction of its own. Safe to run in several processes at once.
    """
    today = today or timezone.now().date()
    due = Document.objects.filter(review_on__lte=today).order_by("pk")
    return sum(_is_opened(document, today) for document in due)


def _is_opened(document: Document, today: date) -> bool:
    try:
        return _open(document, today)
    except Exception:
        # It stays due. The others need not wait until somebody has mended it.
        logger.exception("No work item could be opened for the review of %s", document)
        return False


@transaction.atomic
def _open(document: Document, today: date) -> bool:
    document = lock(document)
    if document.review_on is None or document.review_on > today:
        return False  # another process was quicker, or somebody planned it anew
    item = open_item(
        document=document,
        language=SOURCE,
        kind=WorkItem.Kind.REVIEW_DATE,
        cause=document.review_on.isoformat(),
        severity=WorkItem.Severity.LOW,
    )
    document.review_on = None
    document.save(update_fields=["review_on"])
    return item is not None
