"""Sending what waits to be sent, in as many processes at once as look.

A notice is taken by moving the time when it is due, in a short transaction: nothing is locked while
the server is spoken to. A process that is killed between the server's answer and noting it down
leaves a notice that is sent a second time, with the same Message-ID.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Final

from django.core.mail import mailers
from django.db import transaction
from django.utils import timezone

from ports.models import Notice, User
from ports.notices.messages import message
from ports.notices.outbox import is_set_up

logger = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 100
PAUSES: Final = (1, 5, 30, 120, 360)
"""After how many minutes it is tried again: after the first failure, the second, and so on."""

_LEASE: Final = timedelta(minutes=10)
"""Far longer than one e-mail takes: by then, whoever had taken it is gone."""
_OF_ONE_NOTICE: Final = (SMTPRecipientsRefused, SMTPDataError, SMTPSenderRefused, ValueError)
"""What the server, or the form of an address, has against one e-mail; others may pass."""


def send_due() -> int:
    """Send what is due, at most MOST_AT_ONCE; return how many the server took.

    A server that does not answer is asked once: everything else that is due waits a minute then.
    """
    sent = 0
    if not is_set_up():
        return sent
    server = mailers.default
    try:
        for _ in range(MOST_AT_ONCE):
            notice = _take()
            if notice is None:
                break
            if not _is_wanted(notice):
                notice.delete()
                continue
            try:
                server.open()
                server.send_messages([message(notice)])
            except _OF_ONE_NOTICE as error:
                _failed(notice, error)
            except OSError as error:
                _failed(notice, error)
                _wait_a_minute(error)
                logger.warning("No e-mail can be sent: %s", error)
                break
            except Exception as error:
                logger.exception("Notice %s could not be sent", notice.pk)
                _failed(notice, error)
            else:
                Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), failure="")
                sent += 1
    finally:
        with suppress(OSError):  # it has taken everything
            server.close()
    return sent


def _take() -> Notice | None:
    """Something that is due, which no other process takes meanwhile."""
    now = timezone.now()
    due = Notice.objects.filter(sent_at=None, due_at__lte=now).order_by("due_at", "pk")
    if not due.exists():
        return None  # looking locks nothing
    with transaction.atomic():
        # SQLite knows no locks of rows; its transactions exclude each other.
        pk = due.select_for_update(skip_locked=True).values_list("pk", flat=True).first()
        if pk is None:
            return None
        notice = Notice.objects.select_related("to", "by").get(pk=pk)
        notice.due_at = now + _LEASE
        notice.attempts += 1
        notice.save(update_fields=["due_at", "attempts"])
    return notice


def _is_wanted(notice: Notice) -> bool:
    """Whether the person still wants it, and can still be reached."""
    to = notice.to
    if not (to.is_active and to.email):
        return False
    if notice.kind == Notice.Kind.PASSWORD_RESET:
        return True
    is_digest = notice.kind == Notice.Kind.DIGEST
    return to.notices == (User.Notices.DAILY if is_digest else User.Notices.EACH)


def _failed(notice: Notice, error: Exception) -> None:
    pause = PAUSES[min(notice.attempts, len(PAUSES)) - 1]
    due_at = timezone.now() + timedelta(minutes=pause)
    Notice.objects.filter(pk=notice.pk).update(due_at=due_at, failure=_told(error))


def _wait_a_minute(error: Exception) -> None:
    now = timezone.now()
    others = Notice.objects.filter(sent_at=None, due_at__lte=now)
    others.update(due_at=now + timedelta(minutes=PAUSES[0]), failure=_told(error))


def _told(error: Exception) -> str:
    # PostgreSQL refuses a NUL, whatever the server says.
    return f"{type(error).__name__}: {error}".replace("\0", "")[:300]
