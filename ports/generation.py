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

from django.db import models
from django.db.models import Subquery

from ports.models import PublicationEvent, RegistryChange, Snapshot

LOOK_SECONDS: Final = 1
"""For so long a process may not know of what another one published."""

_SOURCES: Final = ("*.py", "*.html", "*.mo")
_PACKAGES: Final = ("ports", "feedback", "portsite", "locale")


class Generation(NamedTuple):
    """What was last accepted of the registry and published by editors, and when the later of it.

    `code` is that of the program itself. `at` is None before the first snapshot.
    """

    code: str
    snapshot: int
    change: int
    publication: int
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


def forget() -> None:
    """Ask anew the next time."""
    global _known  # noqa: PLW0603 - as above
    _known = None


def asked() -> Generation:
    """The generation as the database says it in this transaction."""
    newest = Snapshot.objects.order_by("-id").values_list(
        "id",
        "accepted_at",
        _of_last(RegistryChange, "id"),
        _of_last(PublicationEvent, "id"),
        _of_last(PublicationEvent, "at"),
    )
    for snapshot, accepted_at, change, publication, published_at in newest[:1]:
        at = max(accepted_at, published_at) if published_at else accepted_at
        return Generation(_code(), snapshot, change or 0, publication or 0, at)
    return Generation(_code(), 0, 0, 0, None)


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
