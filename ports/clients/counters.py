"""How often something was done within a time: counted exactly by all processes together.

The counters lie in the Redis of VOTER_KEY_URL, for a site on several machines, or else in a file of
their own in the state folder: they need not outlive anything, and who reads should not have to wait
for whoever writes into the database. A counter's name must tell nobody whose it is (see
`ports.clients.day_key`).
"""

import fcntl
import logging
import sqlite3
import time
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

FILE: Final = "counters.sqlite3"
_WAIT_SECONDS: Final = 1
_LOOK_AGAIN_SECONDS: Final = 30

_OPEN: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS counters (
    name TEXT PRIMARY KEY, used INTEGER NOT NULL, ends_at REAL NOT NULL
) WITHOUT ROWID;
"""
_COUNT: Final = """
INSERT INTO counters VALUES (:name, :by, :now + :seconds) ON CONFLICT (name) DO UPDATE SET
    used = CASE WHEN ends_at <= :now THEN :by ELSE used + :by END,
    ends_at = CASE WHEN ends_at <= :now THEN excluded.ends_at ELSE ends_at END
RETURNING used, ends_at
"""
_FORGET: Final = "DELETE FROM counters WHERE ends_at <= ?"


class Use(NamedTuple):
    """How often it was done by now, this time included, and seconds until that starts anew."""

    times: int
    seconds_left: float


def count(name: str, *, seconds: int, by: int = 1) -> Use | None:
    """Count once more, or by more than one; None while nothing can be counted, which is logged.

    The time begins with the first use. A Redis that is gone is asked again after a while; each
    machine counts alone until then.
    """
    if settings.VOTER_KEY_URL and _redis.is_worth_asking():
        try:
            return _redis.count(name, seconds, by)
        except (OSError, redis.RedisError) as error:
            logger.warning("This machine counts requests alone, as Redis cannot be had: %s", error)
            _redis.has_failed()
    try:
        return _file.count(name, seconds, by)
    except (OSError, sqlite3.Error) as error:
        logger.warning("A request was not counted: %s", error)
        return None


class _InFile:
    """Counters in a SQLite file that all processes of this machine open."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._path: Path | None = None
        self._connection: sqlite3.Connection | None = None
        self._forgets_at = 0.0

    def count(self, name: str, seconds: int, by: int) -> Use:
        path = Path(settings.STATE_DIR) / FILE
        with self._lock:
            now = time.time()
            try:
                if self._connection is None or path != self._path:
                    self.close()
                    self._connection, self._path = _opened(path), path
                if now >= self._forgets_at:
                    self._connection.execute(_FORGET, [now])
                    self._forgets_at = now + seconds
                given = {"name": name, "now": now, "seconds": seconds, "by": by}
                ((used, ends_at),) = self._connection.execute(_COUNT, given)
            except sqlite3.OperationalError:  # it is locked, or the disk is full: that passes
                raise
            except sqlite3.DatabaseError:  # the machine went down while it was written
                self.close()
                for damaged in path.parent.glob(f"{FILE}*"):
                    damaged.unlink(missing_ok=True)
                raise
        return Use(used, ends_at - now)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class _InRedis:
    """Counters in a Redis that all machines ask."""

    def __init__(self) -> None:
        self._client: redis.Redis | None = None
        self._asks_again_at = 0.0

    def is_worth_asking(self) -> bool:
        return time.monotonic() >= self._asks_again_at

    def has_failed(self) -> None:
        self._asks_again_at = time.monotonic() + _LOOK_AGAIN_SECONDS

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


def _opened(path: Path) -> sqlite3.Connection:
    # Two processes that turn a new file to WAL at once would refuse each other.
    with path.with_name(f"{FILE}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        connection = sqlite3.connect(
            path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.executescript(_OPEN)
        except sqlite3.Error:
            connection.close()
            raise
    return connection


_file: Final = _InFile()
_redis: Final = _InRedis()
