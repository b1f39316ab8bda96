"""The key of the day, with which a reader's address becomes a word that tells nobody of them.

It is made at random and thrown away when the day (UTC) is over. It lies in memory alone: in this
machine's shared memory, which all processes of one site see, or in a Redis that writes nothing to
its disk, for a site on several machines. Nobody who has the database, the backups and the logs can
make it again. A lost key is only a new day.
"""

import fcntl
import hashlib
import hmac
import logging
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Final, NamedTuple

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

_SECRET_BYTES: Final = 32
_DAY_BYTES: Final = 4
_REDIS_SECONDS: Final = 1
_REDIS_KEPT_SECONDS: Final = 2 * 24 * 60 * 60
_LOOK_AGAIN_SECONDS: Final = 30


class Key(NamedTuple):
    """A key and the day that it is of."""

    day: date
    secret: bytes


class _Known(NamedTuple):
    """The key that this process uses, and until when (monotonic) it is not to ask for it again."""

    key: Key
    until: float


class _KeptOnDiskError(Exception):
    """The Redis for the key writes to its disk, or does not say that it does not."""


_known: _Known | None = None


def key_of(day: date) -> Key:
    """The key of a day, or of a later one, where another process has begun that already."""
    global _known  # noqa: PLW0603 - one key in the process, and no more
    if _known is None or _known.key.day < day or _known.until < time.monotonic():
        _known = _ask(day)
    return _known.key


def word(key: Key, *what: object) -> str:
    """What something is called so that nobody recognizes it: 32 hexadecimal digits."""
    message = "\x00".join(map(str, what)).encode()
    return hmac.digest(key.secret, message, "sha256").hex()[:32]


def _ask(day: date) -> _Known:
    """The key that all processes share; while that cannot be had, one of this process alone."""
    try:
        return _Known(_in_redis(day) if settings.VOTER_KEY_URL else _in_memory(day), float("inf"))
    except _KeptOnDiskError:
        logger.error("The Redis at VOTER_KEY_URL keeps what it holds on its disk, or does not say "  # noqa: TRY400 - no trace tells more
                     "that it does not (CONFIG GET save, appendonly). The key with which votes are "
                     "told apart must not lie there, so that each process has one of its own: "
                     "limits hold for each process alone.")  # fmt: skip
    except (OSError, redis.RedisError) as error:
        logger.warning("The key with which votes are told apart cannot be had now: %s", error)
    key = _known.key if _known and _known.key.day >= day else _made(day)
    return _Known(key, time.monotonic() + _LOOK_AGAIN_SECONDS)


def _made(day: date) -> Key:
    return Key(day, secrets.token_bytes(_SECRET_BYTES))


def _in_memory(day: date) -> Key:
    """The key in this machine's shared memory; a new one overwrites that of the day before."""
    with _held() as memory:
        stored = int.from_bytes(memory[:_DAY_BYTES])
        if stored < day.toordinal():
            key = _made(day)
            memory[_DAY_BYTES : _DAY_BYTES + _SECRET_BYTES] = key.secret
            memory[:_DAY_BYTES] = day.toordinal().to_bytes(_DAY_BYTES)
            return key
        secret = bytes(memory[_DAY_BYTES : _DAY_BYTES + _SECRET_BYTES])
        return Key(date.fromordinal(stored), secret)


def memory_name() -> str:
    """The name of the shared memory, another one for each user and state folder."""
    whose = f"{os.getuid()} {Path(settings.STATE_DIR).resolve()}"
    return f"portsite-{hashlib.sha256(whose.encode()).hexdigest()[:16]}"


@contextmanager
def _held() -> Iterator[memoryview]:
    """The shared memory of this site, while no other process looks at it."""
    lock = Path(settings.STATE_DIR) / "voter-key.lock"
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        memory = _opened(memory_name())
        try:
            yield memory.buf or memoryview(b"")
        finally:
            memory.close()


def _opened(name: str) -> SharedMemory:
    # It outlives the processes that use it.
    options = {"track": False} if sys.version_info >= (3, 13) else {}
    try:
        memory = SharedMemory(name, **options)
    except FileNotFoundError:
        size = _DAY_BYTES + _SECRET_BYTES
        memory = SharedMemory(name, create=True, size=size, **options)
    if not options:
        resource_tracker.unregister(f"/{memory.name}", "shared_memory")
    return memory


def _in_redis(day: date) -> Key:
    """The key in a Redis that keeps nothing on its disk, and forgets it when the day is over."""
    with redis.Redis.from_url(
        settings.VOTER_KEY_URL,
        socket_timeout=_REDIS_SECONDS,
        socket_connect_timeout=_REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        _refuse_a_disk(client)
        name = f"portsite:voter-key:{day.isoformat()}"
        client.set(name, _made(day).secret, nx=True, ex=_REDIS_KEPT_SECONDS)
        secret = client.get(name)
    if not isinstance(secret, bytes) or len(secret) != _SECRET_BYTES:
        raise redis.RedisError("what is stored is no key")
    return Key(day, secret)


def _refuse_a_disk(client: redis.Redis) -> None:
    try:
        said = client.config_get("save", "appendonly")
    except redis.ResponseError as error:
        raise _KeptOnDiskError from error
    if said != {"save": "", "appendonly": "no"}:
        raise _KeptOnDiskError
