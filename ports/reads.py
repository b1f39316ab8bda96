"""How often pages are read: counted in the memory of each process, written down once a minute.

Nothing is known of who reads. Counting asks nothing of the database. A process that is killed loses
what it counted in the last minute; one that ends otherwise writes it down first.
"""

import atexit
import heapq
import logging
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Event, Lock, Thread
from typing import Final

from django.db import Error, connection, transaction
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from ports.languages import Language
from ports.models import PageReads

logger = logging.getLogger(__name__)

SECONDS: Final = 60
"""How often what was counted is written down."""
MANY_KEYS: Final = 20_000
"""So many ports, languages and days are written down at once, before the minute is over."""
MOST_KEYS: Final = 2 * MANY_KEYS
"""With so many while the database is away, the less read half of them is forgotten."""
LATELY: Final = timedelta(days=28)
KEPT: Final = timedelta(days=400)

_ROWS_AT_ONCE: Final = 500

type _Key = tuple[int, str, date]


class _Counts:
    """What one process has counted and not yet written down."""

    def __init__(self) -> None:
        self.held = Lock()
        """For as long as a dictionary is changed: readers wait for it."""
        self.flushing = Lock()
        self.reads: Counter[_Key] = Counter()
        self.is_full = Event()
        self.thread: Thread | None = None


_counts = _Counts()
_writes_by_itself = False


def count(port: int, language: Language) -> None:
    """Count a reading of a port's page. Takes microseconds, whatever the database does."""
    counts = _counts
    with counts.held:
        counts.reads[port, language.code, datetime.now(UTC).date()] += 1
        if len(counts.reads) >= MANY_KEYS:
            counts.is_full.set()
            _forget_the_least_read(counts.reads)
        if _writes_by_itself and counts.thread is None:
            # Only now: a web server may fork after loading the site, which leaves threads behind.
            counts.thread = Thread(target=_write_down, args=(counts,), name="reads", daemon=True)
            counts.thread.start()


def write_by_itself() -> None:
    """Have this process, and those forked from it, write down what they count.

    Each minute and when it ends. Without this, `flush` does, when it is called.
    """
    global _writes_by_itself  # noqa: PLW0603 - it is the process that does it, or not
    if not _writes_by_itself:
        _writes_by_itself = True
        atexit.register(flush)


def flush() -> bool:
    """Add what was counted to the database; False when it cannot be written now, and is kept.

    In one transaction. Where the connection breaks just while that is committed, it may have been
    counted and is counted again.
    """
    counts = _counts
    with counts.flushing:
        with counts.held:
            taken, counts.reads = counts.reads, Counter()
            counts.is_full.clear()
        try:
            with transaction.atomic():
                # In order, so that two processes never wait for each other.
                for rows in _batches(sorted(taken.items())):
                    _add(rows)
        except Error as error:
            with counts.held:
                counts.reads.update(taken)
                _forget_the_least_read(counts.reads)
            logger.warning("What was read could not be written down, and is kept: %s", error)
            return False
        return True


def lately(port: str = "port", language: str = "", *, today: date | None = None) -> Coalesce:
    """An expression to order by: how often the page of a port was read in the last 28 days.

    `port` is the path to the port in the rows that are ordered, `language` the path to a language
    code; without one, all languages count. 0 where there is no port.
    """
    since = (today or datetime.now(UTC).date()) - LATELY
    found = PageReads.objects.filter(port=OuterRef(port), day__gt=since)
    if language:
        found = found.filter(language=OuterRef(language))
    total = found.order_by().values("port").annotate(total=Sum("count")).values("total")
    return Coalesce(Subquery(total), Value(0))


def forget_old(today: date | None = None) -> int:
    """Forget days that are more than 400 days ago; return how many rows that were."""
    before = (today or datetime.now(UTC).date()) - KEPT
    return PageReads.objects.filter(day__lt=before).delete()[0]


def _write_down(counts: _Counts) -> None:
    while True:
        counts.is_full.wait(SECONDS)
        is_written = False
        try:
            is_written = flush()
        except Exception:
            logger.exception("What was read could not be written down")
        finally:
            connection.close()
        if not is_written:
            time.sleep(SECONDS)  # however full it is


def _forget_the_least_read(reads: Counter[_Key]) -> None:
    if len(reads) < MOST_KEYS:
        return
    kept = heapq.nlargest(MANY_KEYS, reads.items(), key=lambda each: each[1])
    reads.clear()
    reads.update(dict(kept))


def _batches(rows: list[tuple[_Key, int]]) -> Iterator[list[tuple[_Key, int]]]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]


def _add(rows: Iterable[tuple[_Key, int]]) -> None:
    values = [
        value
        for (port, language, day), reads in rows
        for value in (port, language, day.isoformat(), reads)
    ]
    table = PageReads._meta.db_table
    places = ", ".join(["(%s, %s, %s, %s)"] * (len(values) // 4))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} (port_id, language, day, "count") VALUES {places} '  # noqa: S608 - no text of others
            f'ON CONFLICT (port_id, language, day) DO UPDATE SET "count" = {table}."count" '
            '+ excluded."count"',
            values,
        )


def _begin_anew() -> None:
    """After a fork: what was counted before is the parent's to write down."""
    global _counts  # noqa: PLW0603 - the parent's locks may be held for ever here
    _counts = _Counts()


os.register_at_fork(after_in_child=_begin_anew)
