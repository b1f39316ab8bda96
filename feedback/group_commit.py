"""Group commit: what threads of one process write at the same time is committed together.

SQLite lets one transaction write at a time, and each commit waits for the disk. What comes in
during that time is gathered, and done in the next transaction by whichever thread is first to
begin one. PostgreSQL does the like by itself, and there a group would hold the rows of all its
members for longer.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from django.db import connection, transaction


@dataclass
class _Member:
    """What one thread wants done, and what became of it."""

    work: Callable[[], Any]
    done: Future[Any] = field(default_factory=Future)


_coming: Final[list[_Member]] = []
_coming_lock: Final = Lock()
_turn: Final = Lock()


def run[T](work: Callable[[], T]) -> T:
    """Do some work in a transaction, and return what it returned once that is committed.

    Another thread may do it, with that thread's connection. If it raises, what it wrote is taken
    back, and nothing of the others'; if the transaction cannot be committed, all of them raise.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return work()
    mine = _Member(work)
    with _coming_lock:
        _coming.append(mine)
    with _turn:
        if not mine.done.done():
            _commit(_all_that_came())
    return mine.done.result()


def _all_that_came() -> list[_Member]:
    with _coming_lock:
        group = _coming.copy()
        _coming.clear()
    return group


def _commit(group: list[_Member]) -> None:
    """Do what a group wants in one transaction, and tell each member."""
    found: list[tuple[Any, Exception | None]] = []
    try:
        with transaction.atomic():
            found.extend(_outcome(member, is_alone=len(group) == 1) for member in group)
    except BaseException as error:
        for member in group:
            member.done.set_exception(error)
        if not isinstance(error, Exception):
            raise
        return
    for member, (value, failure) in zip(group, found, strict=True):
        if failure is None:
            member.done.set_result(value)
        else:
            member.done.set_exception(failure)


def _outcome(member: _Member, *, is_alone: bool) -> tuple[Any, Exception | None]:
    """What one member's work returned, or raised; what it wrote before it raised is taken back."""
    if is_alone:
        return member.work(), None
    try:
        with transaction.atomic():
            return member.work(), None
    except Exception as error:  # noqa: BLE001 - the member's thread raises it
        return None, error
