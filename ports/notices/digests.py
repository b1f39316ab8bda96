"""Telling people once a day what waits for them."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ports.languages import SOURCE, Language, by_code
from ports.models import Notice, User
from ports.notices.outbox import is_set_up, who_want


class Waiting(Protocol):
    """Something that waits for somebody, see `ports.desk`; `address` is a path of this site."""

    @property
    def name(self) -> str: ...
    @property
    def language(self) -> Language: ...
    @property
    def what(self) -> str: ...
    @property
    def address(self) -> str: ...


def write_digests(
    waiting_for: Callable[[User], Iterable[Waiting]], now: datetime | None = None
) -> int:
    """Write the daily notices that are due at `now` (UTC); return how many there are.

    Nobody gets two on a day, however many workers look, and nobody one with nothing in it.
    """
    now = now or timezone.now()
    if not is_set_up() or now.time() < time(*settings.DIGEST_AT):
        return 0
    not_yet = Q(digest_on=None) | Q(digest_on__lt=now.date())
    people = who_want(User.Notices.DAILY).filter(not_yet)
    return sum(_is_written(user, waiting_for, not_yet, now) for user in people)


@transaction.atomic
def _is_written(
    user: User, waiting_for: Callable[[User], Iterable[Waiting]], not_yet: Q, now: datetime
) -> bool:
    # Another worker may do the same: the row is free for one of them alone.
    if not User.objects.filter(not_yet, pk=user.pk).update(digest_on=now.date()):
        return False
    with translation.override((by_code(user.preferred_language) or SOURCE).code):
        lines = [_line(each) for each in waiting_for(user)]
    # What could not be sent since yesterday says less than today's.
    unsent = Notice.objects.filter(to=user, kind=Notice.Kind.DIGEST, sent_at=None)
    unsent.delete()
    if lines:
        Notice.objects.create(
            to=user,
            kind=Notice.Kind.DIGEST,
            text="\n\n".join(lines),
            created_at=now,
            due_at=now,
        )
    return bool(lines)


def _line(waiting: Waiting) -> str:
    # Translators: a line of an e-mail: what to do with which text: "Review: 3440 (Türkçe)".
    told = _("%(what)s: %(name)s (%(language)s)") % {
        "what": waiting.what,
        "name": waiting.name,
        "language": waiting.language.name,
    }
    return f"{told}\n{settings.SITE_URL}{waiting.address}"
