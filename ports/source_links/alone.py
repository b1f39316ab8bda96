"""One worker at a time: two would ask the same host at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

_LOCK: Final = 0x11_4B  # an advisory lock of PostgreSQL, by a number that nobody else uses here


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other worker is inside; it lets others in at its end, and when it dies.

    SQLite's workers are all on one machine, where a locked file tells them of each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    with (Path(settings.STATE_DIR) / "source-links.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
