"""What a voter is given, with which they may change their vote and say more: a signed token."""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.core.signing import BadSignature

from feedback.models import Vote
from feedback.signing import signer

LASTS: Final = timedelta(days=1)
_SALT: Final = "feedback.receipt"


class Receipt(NamedTuple):
    """Which vote a token is for, and when it was given (to the second)."""

    vote_id: int
    given_at: datetime


class ReceiptError(ValueError):
    """A token that this site has not given."""


class ReceiptExpiredError(ReceiptError):
    """A token that was given more than a day ago."""


def give(vote: Vote, now: datetime) -> str:
    """The token for a vote."""
    return signer(_SALT).sign(f"{vote.pk}.{int(now.timestamp())}")


def read(token: str, now: datetime) -> Receipt:
    """What a token is for; raises ReceiptError, or ReceiptExpiredError."""
    try:
        number, seconds = signer(_SALT).unsign(token).split(".")
    except BadSignature as error:
        raise ReceiptError from error
    receipt = Receipt(int(number), datetime.fromtimestamp(int(seconds), UTC))
    if now - receipt.given_at > LASTS:
        raise ReceiptExpiredError
    return receipt
