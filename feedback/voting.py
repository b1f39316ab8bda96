"""Casting and changing votes: the only place where votes are written.

Three things, in one transaction: the limits, the vote, and what it adds to the tallies. The
statements are written out, since a save through the models takes four times as long, in which
SQLite lets nobody else write.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, models, transaction

from feedback import group_commit, limits
from feedback.limits import Limit
from feedback.models import Face, Vote, VoteDelta
from feedback.page_reference import PageReference
from ports.clients import day_key
from ports.clients.day_key import Key

type _Word = Callable[[int], str]

PER_PAGE_AND_DAY: Final = 5
"""So many votes a day one address may cast on a page: colleagues may share an address."""
PER_HOUR: Final = 60
"""So often in an hour one address may vote, change a vote or follow one up, on all pages."""


def cast(*, page: PageReference, face: Face, address: str, now: datetime) -> Vote:
    """Store one vote of somebody at `address` (see `ports.clients.address`), and return it.

    Raises LimitReachedError when the address has voted as often as it may.
    """
    key = day_key.key_of(now.astimezone(UTC).date())
    here = (page.port, page.language.code)
    on_page = Limit(
        day_key.word(key, "page", address, *here),
        PER_PAGE_AND_DAY,
        datetime.combine(key.day + timedelta(days=1), time(), UTC),
    )
    hour = _this_hour(key, address, now)
    shown: dict[str, Any] = {
        "port_id": page.port,
        "language": page.language.code,
        "text_language": page.text_code,
        "revision_number": page.revision_number,
        "face": face.value,
        "day": key.day,
    }
    voter = (key, "voter", address, *here, page.text_code, page.revision_number)

    def word(nth: int) -> str:
        return day_key.word(*voter, nth)

    limits.refuse_known([hour, on_page], now=now)
    if connection.vendor == "postgresql":
        number, nth = _store_in_one_statement(on_page, hour, now, shown, word)
    else:
        number, nth = group_commit.run(lambda: _store(on_page, hour, now, shown, word))
    return Vote(pk=number, **_as_vote(shown), voter=word(nth))


def _store(
    on_page: Limit, hour: Limit, now: datetime, shown: Mapping[str, Any], word: _Word
) -> tuple[int, int]:
    """Use the limits, and store a vote and what it adds to the tallies.

    Returns the vote's number, and which it is of the address on the page, from 1: `word` gives the
    word of its voter for that. Raises LimitReachedError.
    """
    nth, _this_hour = limits.use([on_page, hour], now=now)
    number = _insert(Vote, {**_as_vote(shown), "voter": word(nth)})
    _insert(VoteDelta, {**shown, "difference": 1})
    return number, nth


def _store_in_one_statement(
    on_page: Limit, hour: Limit, now: datetime, shown: Mapping[str, Any], word: _Word
) -> tuple[int, int]:
    """The same for PostgreSQL, to which each statement, BEGIN and COMMIT too, is a journey."""
    columns, places = ", ".join(shown), ", ".join(["%s"] * len(shown))
    words = " ".join(word(nth) for nth in range(1, PER_PAGE_AND_DAY + 1))
    use_page, page_values = limits.using(on_page)
    use_hour, hour_values = limits.using(hour, if_any_of="page")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH page AS ({use_page}),
            hour AS ({use_hour}),
            difference AS (
                INSERT INTO {VoteDelta._meta.db_table} ({columns}, difference)
                SELECT {places}, 1 FROM hour RETURNING {columns}
            ),
            vote AS (
                INSERT INTO {Vote._meta.db_table} ({", ".join(_as_vote(shown))}, voter)
                SELECT {columns}, split_part(%s, ' ', used) FROM difference, page RETURNING id
            )
            SELECT used, (SELECT id FROM vote) FROM page""",  # noqa: S608 - no text of others
            [*page_values, *hour_values, *shown.values(), words],
        )
        found = cursor.fetchone()
    if found is None:
        raise limits.refusal(on_page, now=now)
    nth, number = found
    if number is None:
        limits.give_back(on_page)
        raise limits.refusal(hour, now=now)
    return number, nth


@transaction.atomic
def change(*, vote_id: int, face: Face, address: str, now: datetime) -> Vote:
    """Change a vote that was cast, and return it as it is then.

    Whoever calls has made sure that it is the voter who asks (see `feedback.receipts`). Raises
    LimitReachedError, and Vote.DoesNotExist.
    """
    use_this_hour(address, now)
    vote = Vote.objects.select_for_update().get(pk=vote_id)
    if vote.face != face:
        before = {**_about(vote), "face": vote.face, "difference": -1}
        vote.face = face
        vote.save(update_fields=["face"])
        VoteDelta.objects.bulk_create(
            [VoteDelta(**before), VoteDelta(**_about(vote), face=face, difference=1)]
        )
    return vote


def use_this_hour(address: str, now: datetime) -> None:
    """Count something that an address does; raises LimitReachedError. To be called in a
    transaction.
    """
    key = day_key.key_of(now.astimezone(UTC).date())
    limits.use([_this_hour(key, address, now)], now=now)


def _this_hour(key: Key, address: str, now: datetime) -> Limit:
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    name = day_key.word(key, "hour", address, hour.isoformat())
    return Limit(name, PER_HOUR, hour + timedelta(hours=1))


def _insert(model: type[models.Model], values: Mapping[str, Any]) -> int:
    """Insert a row; return its number."""
    table, places = model._meta.db_table, ", ".join(["%s"] * len(values))
    # SQLite stores days as text.
    row = [value.isoformat() if isinstance(value, date) else value for value in values.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id",  # noqa: S608 - no text of others
            row,
        )
        (number,) = cursor.fetchone()
    return int(number)


def _as_vote(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a vote, given those of what it adds."""
    return {"cast_on" if name == "day" else name: value for name, value in shown.items()}


def _about(vote: Vote) -> dict[str, object]:
    """The page, the revision and the day of a vote."""
    return {
        "port_id": vote.port_id,
        "language": vote.language,
        "text_language": vote.text_language,
        "revision_number": vote.revision_number,
        "day": vote.cast_on,
    }
