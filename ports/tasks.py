"""Background work, as Celery calls it.

What must be done stands in the database. A message only tells a worker to look there now; each
worker looks every few seconds anyway, so that a broker that is down or frozen loses nothing.
"""

import logging
import random
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock, Thread
from typing import Any, Final

from celery import current_app, shared_task
from celery.signals import worker_init, worker_shutting_down
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ports import desk, notices, publishing, reads, source_links
from ports.dumps import making
from ports.dumps.places import BusyError
from ports.models import RefreshRun
from ports.registry import archive, runs
from ports.work_items import registry_changes

logger = logging.getLogger(__name__)

_BROKER_SECONDS: Final = 1
_FIRST_LOOK_SECONDS: Final = 2
"""By then a worker has forked its processes, which must not happen with a connection open."""
_REMAKE_AGAIN_SECONDS: Final = 60
"""A full disk need not be filled every few seconds."""

_WORK: Final[tuple[Callable[[], object], ...]] = (
    runs.take_up_all,
    registry_changes.open_for_snapshots,
    publishing.carry_out_due,
    publishing.open_due_reviews,
)
"""What a worker looks for. Each may run in several processes at once."""

_stop_looking = Event()
_nudging = Lock()


@shared_task
def take_up_runs() -> None:
    """Carry out the refreshes that were asked for, and tell editors what changed."""
    runs.take_up_all()
    registry_changes.open_for_snapshots()


@shared_task
def ask_for_refresh() -> None:
    """Ask for the daily refresh, at an uneven moment so that not everyone asks IANA at once."""
    now = timezone.now()
    jitter = random.uniform(0, settings.REGISTRY_REFRESH_JITTER_SECONDS)  # noqa: S311 - no secret
    runs.request(door=RefreshRun.Door.SCHEDULE, due_at=now + timedelta(seconds=jitter))
    archive.forget_refused(now - timedelta(days=settings.REGISTRY_REFUSED_DAYS))


@shared_task
def make_dumps() -> None:
    """Make the downloads, where anything has changed since they were made."""
    try:
        making.make()
    except BusyError:
        logger.info("The downloads are being made by another process")


def remake_dumps() -> None:
    """Make the downloads at once in which something stands that was withdrawn since."""
    try:
        making.make_if_withdrawn()
    except BusyError:
        pass  # and looked at again when that has ended
    except (OSError, sqlite3.Error):
        logger.exception("The downloads could not be made without what was withdrawn")
        _stop_looking.wait(_REMAKE_AGAIN_SECONDS)


@shared_task
def check_source_links() -> None:
    """Look up some of the sources that published texts cite."""
    if settings.LINK_CHECKS:
        source_links.check()


@shared_task
def send_mail() -> None:
    """Write the daily notices that are due, and send what waits to be sent."""
    notices.write_digests(desk.waiting_for)
    notices.send_due()


@shared_task
def forget_old() -> None:
    """Forget the readings and the notices that are old."""
    reads.forget_old()
    notices.forget_sent()


def nudge() -> None:
    """Tell a worker to look now. Returns at once, whatever the broker does."""
    if _nudging.acquire(blocking=False):
        Thread(target=_nudge, daemon=True).start()


def _nudge() -> None:
    try:
        with current_app.connection_for_write(
            connect_timeout=_BROKER_SECONDS,
            transport_options={
                **current_app.conf.broker_transport_options,
                "socket_timeout": _BROKER_SECONDS,
                "socket_connect_timeout": _BROKER_SECONDS,
                "read_timeout": _BROKER_SECONDS,
                "write_timeout": _BROKER_SECONDS,
                "max_retries": 0,
            },
        ) as broker:
            take_up_runs.apply_async(connection=broker, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, the worker will look by itself
        logger.warning("The broker was not told of a refresh: %s", error)
    finally:
        _nudging.release()


def look(every: float, stop: Event, *work: Callable[[], object]) -> None:
    """Look for work until told to stop, soon and then every so many seconds."""
    wait = min(every, _FIRST_LOOK_SECONDS)
    while not stop.wait(wait):
        wait = every
        for do in work:
            try:
                do()
            except Exception:
                logger.exception("Looking for work to do failed")
            finally:
                connection.close()


@worker_init.connect
def start_looking(**_kwargs: Any) -> None:
    """Look beside the messages, in a thread that no broker can hold up.

    Not only once the worker is ready, which it never is while its broker is away.
    """
    _stop_looking.clear()
    every = settings.REGISTRY_LOOK_SECONDS
    for name, work in (
        ("runs", _WORK),
        # A mail server that does not answer holds up nothing else, and nor do downloads.
        ("mail", (send_mail,)),
        ("downloads", (remake_dumps,)),
    ):
        Thread(target=look, args=(every, _stop_looking, *work), name=name, daemon=True).start()


@worker_shutting_down.connect
def stop_looking(**_kwargs: Any) -> None:
    """Take nothing up any more."""
    _stop_looking.set()
