"""How often one address may do something: counted in the database, in one statement.

A refusal uses nothing up. What is stored is which word used how much until when, and the word
tells nobody whose it is (see `feedback.voter_key`).
"""

import math
from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from feedback.models import Allowance

_MOST_KNOWN: Final = 10_000


class Limit(NamedTuple):
    """That whoever has this key may do something at most so many times until a moment."""

    key: str
    most: int
    ends_at: datetime


class LimitReachedError(Exception):
    """Somebody did it as often as they may; `retry_after` says in how many seconds they may again.

    At least 1.
    """

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"again in {retry_after} s")


# Which limits this process found used up, and until when: they are not asked for again.
_reached: dict[str, datetime] = {}


def use(limits: Sequence[Limit], *, now: datetime) -> list[int]:
    """Use each of the limits once; return how often each is used by now, in the same order.

    To be called in a transaction, which must be taken back if it raises LimitReachedError. Exact,
    however many processes ask at once: whoever asks second waits until the first has committed.
    """
    refuse_known(limits, now=now)
    with connection.cursor() as cursor:
        cursor.execute(*counting(limits))
        used: dict[str, int] = dict(cursor.fetchall())
    refuse_reached(limits, used, now=now)
    return [used[limit.key] for limit in limits]


def refuse_known(limits: Sequence[Limit], *, now: datetime) -> None:
    """Raise LimitReachedError if this process knows of one of the limits that it is reached."""
    for limit in limits:
        if _reached.get(limit.key, now) > now:
            raise _refusal(limit, now)


def refuse_reached(limits: Sequence[Limit], used: Container[str], *, now: datetime) -> None:
    """Raise LimitReachedError if one of the limits is not among those that could be used."""
    for limit in limits:
        if limit.key not in used:
            _remember(limit, now)
            raise _refusal(limit, now)


def forget_ended(now: datetime) -> int:
    """Forget the limits that have ended; return how many rows that were."""
    return Allowance.objects.filter(ends_at__lte=now).delete()[0]


def counting(limits: Sequence[Limit]) -> tuple[str, list[Any]]:
    """The statement, with its parameters, that uses each limit which is not reached.

    It returns the keys of these and how often each is used by now.
    """
    table = Allowance._meta.db_table
    rows = [
        value
        for limit in limits
        for value in (limit.key, connection.ops.adapt_datetimefield_value(limit.ends_at))
    ]
    bounds = [value for limit in limits for value in (limit.key, limit.most)]
    places = ", ".join(["(%s, 1, %s)"] * len(limits))
    most = " ".join(["WHEN %s THEN %s"] * len(limits))
    statement = (
        f'INSERT INTO {table} ("key", used, ends_at) VALUES {places} '  # noqa: S608 - no text of others
        f'ON CONFLICT ("key") DO UPDATE SET used = {table}.used + 1 '
        f'WHERE {table}.used < CASE {table}."key" {most} END RETURNING "key", used'
    )
    return statement, [*rows, *bounds]


def _refusal(limit: Limit, now: datetime) -> LimitReachedError:
    return LimitReachedError(max(1, math.ceil((limit.ends_at - now).total_seconds())))


def _remember(limit: Limit, now: datetime) -> None:
    if len(_reached) >= _MOST_KNOWN:
        for key in [key for key, until in _reached.items() if until <= now]:
            del _reached[key]
    if len(_reached) < _MOST_KNOWN:
        _reached[limit.key] = limit.ends_at
