"""Counting votes: what they add is taken out of `VoteDelta` and put into the tallies.

In one transaction, so that each vote is counted once, whatever happens. The cost grows with the
votes that are new, and not with those counted before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection, models, transaction

from feedback.models import DailyTally, Face, Tally, VoteDelta
from ports.editorial.running_text import first_of_text
from ports.languages import by_code

AT_ONCE: Final = 5_000
"""So many differences are counted in one transaction."""
_ROWS_AT_ONCE: Final = 500


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
    # In order, so that two processes never wait for each other.
    rows = sorted(found.items(), key=lambda row: tuple(map(str, row[0])))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        _add_some(model._meta.db_table, key, once, rows[start : start + _ROWS_AT_ONCE])


def _add_some(
    table: str,
    key: tuple[str, ...],
    once: tuple[str, ...],
    rows: Sequence[tuple[tuple[Any, ...], Counter[str]]],
) -> None:
    columns = (*key, *once, *Face.values)
    zeros = [(*values, *[0] * len(Face)) for values, _counts in rows]
    added = [
        (*values[: len(key)], *(counts[face] for face in Face.values)) for values, counts in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {_places(zeros)} "  # noqa: S608 - no text of others
            f"ON CONFLICT ({', '.join(key)}) DO NOTHING",
            _flat(zeros),
        )
        # Apart, as the database would refuse to insert what a change takes away.
        sums = ", ".join(f"{face} = {table}.{face} + added.{face}" for face in Face.values)
        same = " AND ".join(f"{table}.{name} = added.{name}" for name in key)
        cursor.execute(
            f"WITH added({', '.join((*key, *Face.values))}) AS (VALUES {_places(added)}) "  # noqa: S608 - no text of others
            f"UPDATE {table} SET {sums} FROM added WHERE {same}",
            _flat(added),
        )


def _places(rows: Sequence[tuple[Any, ...]]) -> str:
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([row] * len(rows))


def _flat(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [_stored(value) for row in rows for value in row]


def _stored(value: Any) -> Any:
    """A value as the database takes it: SQLite keeps days as text."""
    is_text = isinstance(value, date) and connection.vendor == "sqlite"
    return value.isoformat() if is_text else value
