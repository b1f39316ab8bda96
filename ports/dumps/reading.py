"""Reading much of the database as it is at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """A transaction in which everything is read as it was at the first reading.

    Nobody waits for its end. It must not stand within another transaction.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _deferred(connection), transaction.atomic(durable=True):
            yield


@contextmanager
def _deferred(sqlite: Any) -> Iterator[None]:
    """Let transactions begin without the lock that writers take."""
    sqlite.ensure_connection()  # which sets it
    usual = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = usual
