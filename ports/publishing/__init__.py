"""What may happen to documents, and the only place where it is done.

Editors change the working rows (see `ports.editorial.working`); what is said here turns them into
immutable revisions, has those reviewed, and moves the pointer to the one that readers see. Every
function checks the role of who does it, runs in one transaction, and leaves an event of what it
did to an edition.
"""

from ports.publishing.errors import (
    ClaimsDeniedError,
    ContentError,
    NoSuchRevisionError,
    NotPublishableError,
    OwnTextError,
    ReasonMissingError,
    WrongStateError,
    WrongTimeError,
)
from ports.publishing.freshness import still_correct
from ports.publishing.locks import lock, lock_owner
from ports.publishing.publication import publish, unpublish
from ports.publishing.review import approve, approve_without_review, request_changes, submit
from ports.publishing.review_dates import open_due_reviews, plan_review
from ports.publishing.saving import content_digest, revert, save_revision
from ports.publishing.schedule import call_off, carry_out_due, schedule

__all__ = [
    "ClaimsDeniedError",
    "ContentError",
    "NoSuchRevisionError",
    "NotPublishableError",
    "OwnTextError",
    "ReasonMissingError",
    "WrongStateError",
    "WrongTimeError",
    "approve",
    "approve_without_review",
    "call_off",
    "carry_out_due",
    "content_digest",
    "lock",
    "lock_owner",
    "open_due_reviews",
    "plan_review",
    "publish",
    "request_changes",
    "revert",
    "save_revision",
    "schedule",
    "still_correct",
    "submit",
    "unpublish",
]
