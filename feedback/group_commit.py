"""Group commit for SQLite: what threads write at the same time is committed together.

SQLite lets one transaction write at a time, and each commit waits for the disk. What comes in
during that time is gathered, and done in the next transaction by whichever thread is first to
begin one. PostgreSQL does the like by itself.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from django.conf import settings
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
    if connection.in_atomic_block:
        with transaction.atomic():
            return work()
    mine = _Member(work)
    with _coming_lock:
        _coming.append(mine)
    with _turn:
        if not mine.done.done():
            try:
                with _first_in_line():
                    _commit(_all_that_came())
            except OSError as error:
                # There is no lock to be had: nothing may be left to be done by whoever comes next.
                for member in _all_that_came():
                    member.done.set_exception(error)
    return mine.done.result()


@contextmanager
def _first_in_line() -> Iterator[None]:
    """Wait for the other processes to be done.

    SQLite would have them sleep and try again, while nobody writes.
    """
    lock = _lock(os.getpid(), settings.STATE_DIR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


@cache
def _lock(_process: int, folder: Path) -> int:
    """The file that the processes lock; each opens it for itself, or it would lock nobody out."""
    return os.open(folder / "votes.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)


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
