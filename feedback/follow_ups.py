"""What readers say after a vote, and what editors make of it: only here it is written."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from feedback.models import Face, FollowUp, Vote
from feedback.receipts import Receipt
from feedback.voting import use_this_hour
from ports import roles
from ports.languages import SOURCE
from ports.models import User

LONGEST: Final = 1_000
"""The most characters of a comment."""
QUICKEST: Final = timedelta(seconds=2)
"""Nobody writes a comment in less time."""
COMMENTS_KEPT: Final = timedelta(days=365)
FACES: Final = frozenset({Face.SAD, Face.DOUBTFUL})
"""After these votes there is something to say."""


class FollowUpError(ValueError):
    """What was sent says nothing, or more than it may."""


class CommentTooLongError(FollowUpError):
    """A comment that is too long; `length` in characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(f"{length} characters")


class AlreadyReadError(Exception):
    """An editor has read what was said before; it is not changed any more."""


def reasons_on(vote: Vote) -> list[FollowUp.Reason]:
    """What can be said of the page of a vote: of a bad translation only on a translated one."""
    is_translated = vote.language != SOURCE.code
    return [each for each in FollowUp.Reason if is_translated or each != each.TRANSLATION]


@transaction.atomic
def follow_up(
    *,
    receipt: Receipt,
    reason: str,
    comment: str,
    is_trapped: bool,
    address: str,
    now: datetime,
) -> FollowUp:
    """Store why a page was not useful, or replace what the same reader said before.

    `is_trapped` says that a field was filled in which no reader sees. Such a comment, and one that
    came sooner than anybody writes, waits among the spam, where editors still find it. Raises
    FollowUpError, AlreadyReadError, LimitReachedError and Vote.DoesNotExist.
    """
    use_this_hour(address, now)
    vote = Vote.objects.select_for_update().get(pk=receipt.vote_id)
    comment = comment.replace("\r\n", "\n").replace("\r", "\n").strip()
    if reason not in {"", *reasons_on(vote)} or not (reason or comment) or "\x00" in comment:
        raise FollowUpError
    if len(comment) > LONGEST:
        raise CommentTooLongError(len(comment))
    is_spam = bool(comment) and (is_trapped or now - receipt.given_at < QUICKEST)
    said = {
        "reason": reason,
        "comment": comment,
        "written_on": now.date(),
        "state": FollowUp.State.SPAM if is_spam else FollowUp.State.NEW,
    }
    known = FollowUp.objects.filter(vote=vote).first()
    if known is None:
        return FollowUp.objects.create(vote=vote, **said)
    if known.handled_at is not None:
        raise AlreadyReadError
    for name, value in said.items():
        setattr(known, name, value)
    known.save()
    return known


@transaction.atomic
def triage(
    *, follow_ups: Iterable[int], state: FollowUp.State, by: User, now: datetime
) -> tuple[int, int]:
    """Say what was made of comments; how many were marked, and how many were not.

    Not marked are those on pages in languages in which `by` has no role.
    """
    wanted = list(follow_ups)
    codes = [language.code for language in roles.languages_with_any(by)]
    mine = FollowUp.objects.filter(pk__in=wanted, vote__language__in=codes)
    is_new = state == FollowUp.State.NEW
    marked = mine.update(
        state=state, handled_by=None if is_new else by, handled_at=None if is_new else now
    )
    return marked, len(wanted) - marked


def forget_comments(today: date) -> int:
    """Forget the comments that are older than twelve months; return how many.

    Their reasons stay.
    """
    old = FollowUp.objects.filter(~Q(comment=""), written_on__lt=today - COMMENTS_KEPT)
    return old.update(comment="")
