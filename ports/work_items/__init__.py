"""What editors should look at: opened by what happened, given to somebody, closed with an outcome.

The same cause never opens a second item of its kind, which the database decides. Items are opened
in the transaction of what brought them about, or by a worker that finds it in the database.
"""

from ports.work_items.items import (
    ItemChangedError,
    ItemClosedError,
    assign,
    close,
    document_of_port,
    may_work_on,
    open_item,
    state_of,
    went_away,
)

__all__ = [
    "ItemChangedError",
    "ItemClosedError",
    "assign",
    "close",
    "document_of_port",
    "may_work_on",
    "open_item",
    "state_of",
    "went_away",
]
