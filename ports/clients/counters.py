"""How often something was done within a time: counted exactly by all processes together.

The counters lie in the Redis of VOTER_KEY_URL, for a site on several machines, or else in a file of
their own in the state folder: they need not outlive anything, and who reads should not have to wait
for whoever writes into the database. A counter's name must tell nobody whose it is (see
`ports.clients.day_key`).
"""

import fcntl
import logging
import os
import sqlite3
import time
from pathlib import Path
from threading import Lock
from typing import IO, Final, NamedTuple

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

FILE: Final = "counters.sqlite3"
_WAIT_SECONDS: Final = 1
_LOOK_AGAIN_SECONDS: Final = 30
_LONGEST_SECONDS: Final = 24 * 60 * 60
"""Within which everything ends that is counted here."""

_OPEN: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS counters (
    name TEXT PRIMARY KEY, used INTEGER NOT NULL, ends_at REAL NOT NULL
) WITHOUT ROWID;
"""
# What would end later than if it began now was begun before the clock was put back.
_COUNT: Final = """
INSERT INTO counters VALUES (:name, :by, :now + :seconds) ON CONFLICT (name) DO UPDATE SET
    used = CASE WHEN ends_at BETWEEN :now AND excluded.ends_at THEN used + :by ELSE :by END,
    ends_at = CASE WHEN ends_at BETWEEN :now AND excluded.ends_at THEN ends_at
        ELSE excluded.ends_at END
RETURNING used, ends_at
"""
_FORGET: Final = "DELETE FROM counters WHERE ends_at NOT BETWEEN :now AND :now + :longest"

type _Inode = tuple[int, int]


class Use(NamedTuple):
    """How often it was done by now, this time included, and seconds until that starts anew."""

    times: int
    seconds_left: float


def count(name: str, *, seconds: int, by: int = 1) -> Use | None:
    """Count once more, or by more than one; None while nothing can be counted, which is logged.

    The time begins with the first use. What is gone or held up is asked again after a while: each
    machine counts alone until then, or not at all.
    """
    if settings.VOTER_KEY_URL and _redis.is_worth_asking():
        try:
            return _redis.count(name, seconds, by)
        except (OSError, redis.RedisError) as error:
            _redis.has_failed(error)
    return _file.count(name, seconds, by) if _file.is_worth_asking() else None


class _Store:
    """What is asked, unless it failed a short while ago."""

    def __init__(self, warning: str) -> None:
        self._warning = warning
        self._asks_again_at = 0.0

    def is_worth_asking(self) -> bool:
        return time.monotonic() >= self._asks_again_at

    def has_failed(self, error: Exception) -> None:
        # Many requests may have waited for the same failure, which is said once.
        if self.is_worth_asking():
            self._asks_again_at = time.monotonic() + _LOOK_AGAIN_SECONDS
            logger.warning(self._warning, error)


class _InFile(_Store):
    """Counters in a SQLite file that all processes of this machine open."""

    def __init__(self) -> None:
        super().__init__("Requests are not counted for a while: %s")
        self._lock = Lock()
        self._path: Path | None = None
        self._inode: _Inode | None = None
        self._connection: sqlite3.Connection | None = None
        self._forgets_at = 0.0

    def count(self, name: str, seconds: int, by: int) -> Use | None:
        if not self._lock.acquire(timeout=_WAIT_SECONDS):
            self.has_failed(TimeoutError("another request has waited too long for their file"))
            return None
        try:
            # Whoever held the lock may have found out that it is not.
            return self._count(name, seconds, by) if self.is_worth_asking() else None
        except (OSError, sqlite3.Error) as error:
            self.has_failed(error)
            self.close()
            return None
        finally:
            self._lock.release()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._inode = None

    def _count(self, name: str, seconds: int, by: int) -> Use:
        path = Path(settings.STATE_DIR) / FILE
        try:
            return self._count_in(self._opened(path, damaged=None), name, seconds, by)
        except sqlite3.OperationalError:  # it is locked, or the disk is full: that passes
            raise
        except sqlite3.DatabaseError as error:  # the machine went down while it was written
            logger.warning("The file of counters is made anew: %s", error)
            damaged = self._inode
            self.close()
            return self._count_in(self._opened(path, damaged=damaged), name, seconds, by)

    def _count_in(self, connection: sqlite3.Connection, name: str, seconds: int, by: int) -> Use:
        now = time.time()
        if time.monotonic() >= self._forgets_at:
            connection.execute(_FORGET, {"now": now, "longest": _LONGEST_SECONDS})
            self._forgets_at = time.monotonic() + seconds
        given = {"name": name, "now": now, "seconds": seconds, "by": by}
        ((used, ends_at),) = connection.execute(_COUNT, given)
        return Use(used, ends_at - now)

    def _opened(self, path: Path, *, damaged: _Inode | None) -> sqlite3.Connection:
        """The connection to the file that lies there now: another process may have made it anew."""
        if self._connection is None or path != self._path or _inode(path) != self._inode:
            self.close()
            self._connection = _open(path, damaged)
            self._path, self._inode = path, _inode(path)
        return self._connection


class _InRedis(_Store):
    """Counters in a Redis that all machines ask."""

    def __init__(self) -> None:
        super().__init__("This machine counts requests alone, as Redis cannot be had: %s")
        self._client: redis.Redis | None = None

    def count(self, name: str, seconds: int, by: int) -> Use:
        if self._client is None:
            self._client = redis.Redis.from_url(
                settings.VOTER_KEY_URL,
                socket_timeout=_WAIT_SECONDS,
                socket_connect_timeout=_WAIT_SECONDS,
                retry=Retry(NoBackoff(), 0),
            )
        key = f"portsite:counter:{name}"
        with self._client.pipeline(transaction=True) as asked:
            asked.set(key, 0, nx=True, ex=seconds)
            asked.incr(key, by)
            asked.pttl(key)
            _set, used, milliseconds = asked.execute()
        return Use(used, max(milliseconds, 0) / 1000)


def _open(path: Path, damaged: _Inode | None) -> sqlite3.Connection:
    """A connection to the file, which is made where there is none, and anew if it is damaged."""
    # Two processes that turn a new file to WAL at once would refuse each other, and two that make a
    # damaged one anew would count in two files.
    with path.with_name(f"{FILE}.lock").open("a") as lock:
        _wait_for(lock)
        if _inode(path) in (None, damaged):  # what lies beside one that is gone is of no use
            _remove(path)
        try:
            return _connected(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            logger.warning("The file of counters is made anew: %s", error)
            _remove(path)
            return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.executescript(_OPEN)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _wait_for(lock: IO[str]) -> None:
    """Take a lock that another process may hold; raises BlockingIOError when it holds it long."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _inode(path: Path) -> _Inode | None:
    """Which file lies there; None for none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for each request: half the time of Path.stat
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _remove(path: Path) -> None:
    """Remove the file and what SQLite keeps beside it; whoever waits for the lock still does."""
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(f"{FILE}{end}").unlink(missing_ok=True)


_file: Final = _InFile()
_redis: Final = _InRedis()
