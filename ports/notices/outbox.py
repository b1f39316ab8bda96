"""Who is told what: the rows that wait to be sent.

Only those are told who want each notice, and nobody of what they did themselves.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from django.core.mail import mailers
from django.core.mail.handler import DEFAULT_MAILER_ALIAS
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ports import roles
from ports.contributors import contributors
from ports.languages import by_code
from ports.models import Comment, Edition, Notice, Revision, Role, User, WorkItem
from ports.roles import Deed

MOST_RESETS_AN_HOUR: Final = 3
KEPT: Final = timedelta(days=90)
"""How long it is known what was sent to whom."""

Kind = Notice.Kind


def is_set_up() -> bool:
    """Whether there is a mail server."""
    return DEFAULT_MAILER_ALIAS in mailers


def submitted(*, edition: Edition, revision: Revision, by: User, note: str) -> None:
    """Tell the reviewers of the language that a revision waits for a review.

    Those who wrote some of it cannot review it, and are not told.
    """
    if is_set_up():
        reviewers = _with_role(Deed.REVIEW, edition).exclude(pk__in=contributors(edition, revision))
        _tell(reviewers, Kind.SUBMITTED, by, edition=edition, text=note)


def changes_requested(*, edition: Edition, revision: Revision, by: User, note: str) -> None:
    """Tell those who wrote some of a revision that a reviewer asks for changes, and for which."""
    if is_set_up():
        writers = _those(contributors(edition, revision))
        _tell(writers, Kind.CHANGES_REQUESTED, by, edition=edition, text=note)


def approved(*, edition: Edition, by: User, note: str) -> None:
    """Tell the publishers of the language that a revision was approved."""
    if is_set_up():
        publishers = _with_role(Deed.PUBLISH, edition)
        _tell(publishers, Kind.APPROVED, by, edition=edition, text=note)


def commented(comment: Comment) -> None:
    """Tell of a comment: those who wrote in its thread, and those who wrote what it is about."""
    if is_set_up():
        revision, thread = comment.revision, comment.thread_id or comment.pk
        edition = revision.edition
        people = contributors(edition, revision)
        people |= {pk for pk in [revision.created_by_id] if pk is not None}
        people |= set(
            Comment.objects.filter(Q(pk=thread) | Q(thread=thread)).values_list("by", flat=True)
        )
        _tell(
            _those(people),
            Kind.COMMENTED,
            comment.by,
            edition=edition,
            comment=comment,
            text=comment.text,
        )


def assigned(item: WorkItem, by: User) -> None:
    """Tell the owner of a work item that it is theirs now."""
    if is_set_up() and item.owner_id is not None:
        _tell(_those({item.owner_id}), Kind.WORK_ITEM, by, work_item=item, text=item.note)


@transaction.atomic
def password_reset_asked(users: Iterable[User]) -> None:
    """Send people a link by which they choose a new password; a few times an hour at most.

    The link itself is made when it is sent: it stands in no table.
    """
    for user in users:
        # Two requests at once must not both find that there is room for one.
        User.objects.select_for_update().get(pk=user.pk)
        now = timezone.now()
        lately = Notice.objects.filter(
            to=user, kind=Kind.PASSWORD_RESET, created_at__gt=now - timedelta(hours=1)
        )
        if is_set_up() and lately.count() < MOST_RESETS_AN_HOUR:
            Notice.objects.create(to=user, kind=Kind.PASSWORD_RESET, created_at=now, due_at=now)


def forget_sent() -> int:
    """Forget what was sent more than 90 days ago; return how much that was."""
    sent = Notice.objects.filter(sent_at__lt=timezone.now() - KEPT)
    return sent.delete()[0]


def who_want(notices: User.Notices) -> QuerySet[User]:
    """The members of staff who are told so, and can be."""
    return User.objects.filter(is_active=True, is_staff=True, notices=notices).exclude(email="")


def _with_role(deed: Deed, edition: Edition) -> QuerySet[User]:
    language = by_code(edition.language)
    kind = roles.role_for(deed, language) if language else ""
    holders = Role.objects.filter(kind=kind, language__in=["", edition.language]).values("user")
    return who_want(User.Notices.EACH).filter(Q(is_superuser=True) | Q(pk__in=holders))


def _those(ids: Collection[int]) -> QuerySet[User]:
    return who_want(User.Notices.EACH).filter(pk__in=ids)


def _tell(people: QuerySet[User], kind: Kind, by: User, **about: Any) -> None:
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(to_id=pk, kind=kind, by=by, created_at=now, due_at=now, **about)
            for pk in people.exclude(pk=by.pk).values_list("pk", flat=True)
        ]
    )
