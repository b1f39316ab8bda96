"""The generation of what readers see: it changes whenever any of that does.

A strong validator is made of it (RFC 9110, section 8.8): answers with the same one are the same.
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Subquery
from django.utils import timezone

from ports.models import PublicationEvent, PublicState, RegistryChange, Snapshot

LOOK_SECONDS: Final = 1
"""For so long a process may not know of what another one published."""

_SOURCES: Final = ("*.py", "*.html", "*.mo")
_PACKAGES: Final = ("ports", "feedback", "portsite", "locale")


class Generation(NamedTuple):
    """What was last accepted of the registry and published by editors, and when.

    `code` is that of the program itself. `number` counts the changes of what readers see, those too
    that are neither: that a translation was found right as it is. `at` is None before the first.
    """

    code: str
    snapshot: int
    change: int
    publication: int
    number: int
    at: datetime | None


class _Known(NamedTuple):
    generation: Generation
    until: float


_known: _Known | None = None


def current() -> Generation:
    """The generation now; asked for at most once in LOOK_SECONDS. One query."""
    global _known  # noqa: PLW0603 - one generation in the process, and no more
    if _known is None or _known.until < time.monotonic():
        _known = _Known(asked(), time.monotonic() + LOOK_SECONDS)
    return _known.generation


def advance() -> None:
    """Say, in the transaction that changes what readers see, that there is a new generation.

    Others who say so wait for the end of the transaction, so that changes have their numbers in the
    order in which they are seen. To be called before what is numbered is written.
    """
    transaction.on_commit(forget)
    table = PublicState._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, number, at) VALUES (%s, 1, %s) "  # noqa: S608 - no text of others
            f"ON CONFLICT (id) DO UPDATE SET number = {table}.number + 1, at = excluded.at",
            [PublicState.ROW, connection.ops.adapt_datetimefield_value(timezone.now())],
        )


def forget() -> None:
    """Ask anew the next time."""
    global _known  # noqa: PLW0603 - as above
    _known = None


def asked() -> Generation:
    """The generation as the database says it in this transaction."""
    newest = Snapshot.objects.order_by("-id").values_list(
        "id",
        _of_last(RegistryChange, "id"),
        _of_last(PublicationEvent, "id"),
        _of_last(PublicState, "number"),
        _of_last(PublicState, "at"),
        "accepted_at",
    )
    for snapshot, change, publication, number, changed_at, accepted_at in newest[:1]:
        at = max(accepted_at, changed_at) if changed_at else accepted_at
        return Generation(_code(), snapshot, change or 0, publication or 0, number or 0, at)
    return Generation(_code(), 0, 0, 0, 0, None)


def _of_last(model: type[models.Model], column: str) -> Subquery:
    rows: models.QuerySet[Any] = model._default_manager.all()
    return Subquery(rows.order_by("-id").values(column)[:1])


@cache
def _code() -> str:
    """A digest of everything that the program makes answers of."""
    hashed = hashlib.sha256()
    for path in sorted(_files()):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:16]


def _files() -> Iterator[Path]:
    root = Path(__file__).resolve().parent.parent
    for package in _PACKAGES:
        for pattern in _SOURCES:
            yield from (root / package).rglob(pattern)
