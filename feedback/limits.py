"""How often one address may do something: counted in the database, in one statement.

A refusal uses nothing up. What is stored is which word used how much until when, and the word
tells nobody whose it is (see `ports.clients.day_key`).
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection, models

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
    used = _count(limits)
    for limit in limits:
        if limit.key not in used:
            raise refusal(limit, now=now)
    return [used[limit.key] for limit in limits]


def refuse_known(limits: Sequence[Limit], *, now: datetime) -> None:
    """Raise LimitReachedError if this process knows of one of the limits that it is reached."""
    for limit in limits:
        if _reached.get(limit.key, now) > now:
            raise _error(limit, now)


def refusal(limit: Limit, *, now: datetime) -> LimitReachedError:
    """The error to raise because a limit is reached; this process will know that it is."""
    if len(_reached) >= _MOST_KNOWN:
        for key in [key for key, until in _reached.items() if until <= now]:
            del _reached[key]
    if len(_reached) < _MOST_KNOWN:
        _reached[limit.key] = limit.ends_at
    return _error(limit, now)


def using(limit: Limit, *, if_any_of: str = "") -> tuple[str, list[Any]]:
    """A statement, with its parameters, that uses a limit once unless it is reached.

    With `if_any_of` only if that query has rows. It returns how often the limit is used by now.
    """
    table, source = Allowance._meta.db_table, f"FROM {if_any_of}" if if_any_of else ""
    statement = (
        f'INSERT INTO {table} ("key", used, ends_at) SELECT %s, 1, %s {source} '
        f'ON CONFLICT ("key") DO UPDATE SET used = {table}.used + 1 '
        f"WHERE {table}.used < {limit.most} RETURNING used"
    )
    return statement, [limit.key, limit.ends_at]


def give_back(limit: Limit) -> None:
    """Use a limit once less."""
    once = Allowance.objects.filter(key=limit.key)
    if not once.filter(used__gt=1).update(used=models.F("used") - 1):
        once.filter(used=1).delete()


def forget_ended(now: datetime) -> int:
    """Forget the limits that have ended; return how many rows that were."""
    return Allowance.objects.filter(ends_at__lte=now).delete()[0]


def _count(limits: Sequence[Limit]) -> dict[str, int]:
    """Count each limit up that is not reached; how often each of these is used by now."""
    table = Allowance._meta.db_table
    rows = [
        value
        for limit in limits
        for value in (limit.key, connection.ops.adapt_datetimefield_value(limit.ends_at))
    ]
    bounds = [value for limit in limits for value in (limit.key, limit.most)]
    places = ", ".join(["(%s, 1, %s)"] * len(limits))
    most = " ".join(["WHEN %s THEN %s"] * len(limits))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("key", used, ends_at) VALUES {places} '  # noqa: S608 - no text of others
            f'ON CONFLICT ("key") DO UPDATE SET used = {table}.used + 1 '
            f'WHERE {table}.used < CASE {table}."key" {most} END RETURNING "key", used',
            [*rows, *bounds],
        )
        return dict(cursor.fetchall())


def _error(limit: Limit, now: datetime) -> LimitReachedError:
    return LimitReachedError(max(1, math.ceil((limit.ends_at - now).total_seconds())))
