"""What this site signs: pages, and what voters are given."""

from functools import cache

from django.conf import settings
from django.core.signing import Signer


def signer(salt: str) -> Signer:
    """The signer for one kind of text; it costs less to keep than to make for each."""
    return _signer(settings.SECRET_KEY, salt)


@cache
def _signer(key: str, salt: str) -> Signer:
    return Signer(key=key, salt=salt)
