"""A site that sends e-mails, and what they say."""

from typing import Any, Final

from django.core import mail

import portsite.urls  # noqa: F401 - what addresses there are is decided once: without a mail server
from ports import notices
from ports.models import Notice, User
from tests.ports.writing import person

IN_MEMORY: Final = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def told_each_time(name: str, *roles: str, **values: Any) -> User:
    """A member of staff with these roles who gets an e-mail each time."""
    return with_address(name, *roles, notices="each", **values)


def with_address(name: str, *roles: str, **values: Any) -> User:
    """A member of staff with these roles and an e-mail address."""
    user = person(name, *roles)
    User.objects.filter(pk=user.pk).update(email=f"{name}@example.org", **values)
    user.refresh_from_db()
    return user


def waiting() -> list[tuple[str, str]]:
    """To whom what is to be sent: names and kinds, in order of names."""
    rows = Notice.objects.filter(sent_at=None).order_by("to__username", "id")
    return list(rows.values_list("to__username", "kind"))


def sent() -> list[Any]:
    """The e-mails that are sent now."""
    mail.outbox.clear()
    notices.send_due()
    return list(mail.outbox)
