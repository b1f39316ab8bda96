"""Work on connections of its own, beside that of a test. For PostgreSQL."""

import time
from collections.abc import Callable
from threading import Thread

from django.db import connection


class Aside(Thread):
    """Runs something on a connection of its own; what it raises is raised by `join`."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self.work = work
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001 - told by whoever waits
            self.error = error
        finally:
            connection.close()

    def join(self, timeout: float | None = 30) -> None:
        super().join(timeout)
        if self.error is not None:
            raise self.error


def wait_until_waiting(count: int) -> None:
    """Return once so many connections wait for a lock of another one."""
    deadline = time.monotonic() + 10
    waiting = -1
    while waiting != count:
        assert time.monotonic() < deadline, f"{waiting} wait"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND pg_stat_activity.datname = current_database()"
            )
            (waiting,) = cursor.fetchone()
        time.sleep(0.02)
