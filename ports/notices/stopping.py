"""The link in each e-mail by which its reader gets no more of them, without signing in.

It never expires, as an old e-mail can still be read, and can do nothing else.
"""

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from ports.models import User

_SALT: Final = "ports.notices.stop"


def link(user: User) -> str:
    """The address of the page that stops the notices of somebody."""
    token = Signer(salt=_SALT).sign(str(user.pk))
    return f"{settings.SITE_URL}{reverse('stop_notices', args=[token])}"


def user_of(token: str) -> User | None:
    """Whose notices a link stops; None when it is none of ours, or the person is gone."""
    try:
        pk = int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=pk).first()


def stop(user: User) -> None:
    """Tell somebody nothing more, nor what waits to be sent."""
    user.notices = User.Notices.OFF
    user.save(update_fields=["notices"])
