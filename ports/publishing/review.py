"""Having a revision reviewed: submitting it, asking for changes, approving it.

Everybody names the revision that they saw: what was saved meanwhile is not submitted, and not
approved.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from ports import notices, roles
from ports.contributors import contributors
from ports.languages import Language
from ports.models import Document, Edition, Revision, User, WorkEvent
from ports.publishing.errors import OwnTextError, ReasonMissingError, WrongStateError
from ports.publishing.locks import locked_edition, the_latest
from ports.roles import Deed

Action = WorkEvent.Action
Work = Edition.Work

SUBMITTABLE: Final = (Work.DRAFT, Work.CHANGES_REQUESTED)
_NOT_APPROVED: Final = (Work.DRAFT, Work.IN_REVIEW, Work.CHANGES_REQUESTED)


@transaction.atomic
def submit(
    *, document: Document, language: Language, number: int, by: User, note: str = ""
) -> None:
    """Ask the reviewers of the language to look at the latest revision, which is a draft."""
    roles.require(by, Deed.WRITE, language)
    action = Action.SUBMITTED
    edition, revision = _go_on(
        document, language, number, by, action, SUBMITTABLE, Work.IN_REVIEW, note
    )
    notices.submitted(edition=edition, revision=revision, by=by, note=note.strip())


@transaction.atomic
def request_changes(
    *, document: Document, language: Language, number: int, by: User, note: str
) -> None:
    """Give a revision that is in review, or approved and not yet live, back to its writers.

    `note` says what they should change.
    """
    roles.require(by, Deed.REVIEW, language)
    edition, latest = locked_edition(document, language)
    if latest.pk in (edition.live_revision_id, edition.scheduled_revision_id):
        raise WrongStateError("it is live, or planned to be")
    states = (Work.IN_REVIEW, Work.APPROVED)
    action = Action.CHANGES_REQUESTED
    edition, revision = _go_on(
        document, language, number, by, action, states, Work.CHANGES_REQUESTED, _reason(note)
    )
    notices.changes_requested(edition=edition, revision=revision, by=by, note=note.strip())


@transaction.atomic
def approve(
    *, document: Document, language: Language, number: int, by: User, note: str = ""
) -> None:
    """Approve a revision that is in review; raises OwnTextError when `by` wrote some of it.

    The database refuses that too, see `ports.review_rules`.
    """
    roles.require(by, Deed.REVIEW, language)
    edition, latest = locked_edition(document, language)
    if by.pk in contributors(edition, latest):
        raise OwnTextError("whoever wrote some of it cannot approve it")
    _go_on(document, language, number, by, Action.APPROVED, (Work.IN_REVIEW,), Work.APPROVED, note)
    notices.approved(edition=edition, by=by, note=note.strip())


@transaction.atomic
def approve_without_review(
    *, document: Document, language: Language, number: int, by: User, note: str
) -> None:
    """Approve a revision though nobody else looked at it; `note` says why.

    It needs a permission of its own, and readers are told that nobody reviewed the text.
    """
    roles.require_approval_without_review(by)
    action = Action.APPROVED_WITHOUT_REVIEW
    edition, _revision = _go_on(
        document, language, number, by, action, _NOT_APPROVED, Work.APPROVED, _reason(note)
    )
    notices.approved(edition=edition, by=by, note=note.strip())


def _go_on(
    document: Document,
    language: Language,
    number: int,
    by: User,
    action: Action,
    states: tuple[Work, ...],
    work: Work,
    note: str,
) -> tuple[Edition, Revision]:
    edition, latest = locked_edition(document, language)
    revision = the_latest(latest, number)
    if edition.work not in states:
        raise WrongStateError(f"it is {edition.work}")
    WorkEvent.objects.create(
        edition=edition,
        revision=revision,
        action=action,
        by=by,
        at=timezone.now(),
        note=note.strip(),
    )
    edition.work = work
    edition.save(update_fields=["work"])
    return edition, revision


def _reason(note: str) -> str:
    if not note.strip():
        raise ReasonMissingError("a reason is needed")
    return note
