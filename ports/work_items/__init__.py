"""What editors should look at: opened by what happened, given to somebody, closed with an outcome.

The same cause never opens a second item of its kind, which the database decides. Items are opened
in the transaction of what brought them about, or by a worker that finds it in the database.
"""

from ports.work_items.items import assign, close, open_item, went_away

__all__ = ["assign", "close", "open_item", "went_away"]
