"""What people are told by e-mail.

What is to be told is written down with what it tells of, in the same transaction; a worker sends
it. So nobody waits for a mail server, what is rolled back is not told, and a server that is away
loses nothing. Without a mail server (EMAIL_URL) nothing is written down.
"""

from ports.notices.digests import write_digests
from ports.notices.outbox import (
    approved,
    assigned,
    changes_requested,
    commented,
    forget_sent,
    is_set_up,
    password_reset_asked,
    submitted,
)
from ports.notices.sending import send_due
from ports.notices.stopping import stop, user_of

__all__ = [
    "approved",
    "assigned",
    "changes_requested",
    "commented",
    "forget_sent",
    "is_set_up",
    "password_reset_asked",
    "send_due",
    "stop",
    "submitted",
    "user_of",
    "write_digests",
]
