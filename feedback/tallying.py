"""Counting votes: what they add is taken out of `VoteDelta` and put into the tallies.

In one transaction, so that each vote is counted once, whatever happens. The cost grows with the
votes that are new, and not with those counted before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection, models, transaction

from feedback.models import DailyTally, Face, Tally, VoteDelta
from ports.editorial.running_text import first_of_text
from ports.languages import by_code

AT_ONCE: Final = 5_000
"""So many differences are counted in one transaction."""


class Shown(NamedTuple):
    """What somebody voted on: a revision of an article on a page."""

    port: int
    language: str
    text_language: str
    revision_number: int


def count_all() -> int:
    """Count all votes that are not counted yet; return how many differences that were."""
    total = 0
    while counted := count():
        total += counted
    return total


@transaction.atomic
def count(most: int = AT_ONCE) -> int:
    """Count some of the votes that are not counted yet; return how many differences that were.

    Safe to run in several processes at once: what one has taken the others do not find.
    """
    by_revision: defaultdict[Shown, Counter[str]] = defaultdict(Counter)
    by_day: defaultdict[tuple[int, str, date], Counter[str]] = defaultdict(Counter)
    since: dict[Shown, date] = {}
    taken = _take(most)
    for *page, day, face, difference in taken:
        shown = Shown(*page)
        by_revision[shown][face] += difference
        by_day[shown.port, shown.language, day][face] += difference
        since[shown] = min(day, since.get(shown, day))
    firsts = _first_revisions(by_revision)
    _add(
        Tally,
        ("port_id", "language", "text_language", "revision_number"),
        ("since_revision", "first_vote_on"),
        {(*shown, firsts[shown], since[shown]): found for shown, found in by_revision.items()},
    )
    _add(DailyTally, ("port_id", "language", "day"), (), by_day)
    return len(taken)


def _take(most: int) -> list[tuple[Any, ...]]:
    """Take differences out of the table: page, revision, day, face and difference."""
    table = VoteDelta._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT %s) "  # noqa: S608 - no text of others
            "RETURNING port_id, language, text_language, revision_number, day, face, difference",
            [most],
        )
        rows = cursor.fetchall()
    return [(*row[:4], _day(row[4]), *row[5:]) for row in rows]


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _first_revisions(shown: Iterable[Shown]) -> dict[Shown, int]:
    """Of each revision the first of those that are one text with it; found once, then known."""
    wanted = set(shown)
    known = {
        Shown(*row[:4]): row[4]
        for row in Tally.objects.filter(port__in={each.port for each in wanted}).values_list(
            "port_id", "language", "text_language", "revision_number", "since_revision"
        )
    }
    return {each: known[each] if each in known else _first_revision(each) for each in wanted}


def _first_revision(shown: Shown) -> int:
    language = by_code(shown.text_language)
    if language is None or not shown.revision_number:
        return shown.revision_number
    return first_of_text(shown.port, language, shown.revision_number)


def _add(
    model: type[models.Model],
    key: tuple[str, ...],
    once: tuple[str, ...],
    found: Mapping[tuple[Any, ...], Counter[str]],
) -> None:
    """Add to rows, and make those that are missing; `once` is only for these."""
    table = model._meta.db_table
    # In order, so that two processes never wait for each other.
    rows = sorted(found.items(), key=lambda row: tuple(map(str, row[0])))
    names = (*key, *once, *Face.values)
    zeros = [0] * len(Face)
    _execute_many(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({_places(names)}) "  # noqa: S608 - no text of others
        f"ON CONFLICT ({', '.join(key)}) DO NOTHING",
        [(*values, *zeros) for values, _counts in rows],
    )
    # Apart, as the database would refuse to insert what a change takes away.
    additions = ", ".join(f"{face} = {face} + %s" for face in Face.values)
    _execute_many(
        f"UPDATE {table} SET {additions} WHERE {' AND '.join(f'{name} = %s' for name in key)}",  # noqa: S608 - no text of others
        [(*(counts[face] for face in Face.values), *values[: len(key)]) for values, counts in rows],
    )


def _places(names: Iterable[str]) -> str:
    return ", ".join("%s" for _name in names)


def _execute_many(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, [tuple(map(_stored, row)) for row in rows])


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
