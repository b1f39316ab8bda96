"""The registry's facts as CSV in IANA's columns, and as the API's lists in JSON Lines."""

import csv
import io
from collections.abc import Iterator
from itertools import batched
from operator import itemgetter
from typing import Final

from ports.api.listing import Listing
from ports.dumps.packing import Packing
from ports.dumps.spreadsheets import defused
from ports.languages import SOURCE
from ports.models import Assignment, Snapshot
from ports.registry import archive
from ports.registry.parse import parse
from ports.registry.records import COLUMNS, LAST_PORT, Key, Record

_CELLS: Final = tuple(
    field for field in Record._fields if field not in {"first_port", "last_port", "occurrence"}
)
_KEY: Final = Key._fields
_ROWS_AT_ONCE: Final = 500

type _Row = tuple[str, ...]


def write_csv(out: Packing) -> int:
    """Every record in IANA's columns and order; return how many."""
    out.write(_csv([COLUMNS]))
    count = 0
    for rows in batched(_in_order(), _ROWS_AT_ONCE):
        out.write(_csv([tuple(map(defused, row)) for row in rows]))
        count += len(rows)
    return count


def write_list(out: Packing, listing: type[Listing]) -> int:
    """Every result of one of the API's lists; return how many."""
    return out.write_lines(listing.whole(SOURCE))


def _in_order() -> Iterator[_Row]:
    """The cells of every record, in the order of the published file.

    Where no file is kept, by port, those without one at the end.
    """
    places = _places()
    found = []
    rows = Assignment.objects.order_by().values_list("id", "first_port", *_KEY, *_CELLS)
    for pk, first_port, *values in rows.iterator():
        key, cells = Key(*values[: len(_KEY)]), tuple(values[len(_KEY) :])
        by_port = (LAST_PORT + 1 if first_port is None else first_port, pk)
        found.append((places.get(key, len(places)), by_port, cells))
    found.sort(key=itemgetter(0, 1))
    for _place, _by_port, row in found:
        yield row


def _places() -> dict[Key, int]:
    """In which place each record stands in the published file, as far as that is kept."""
    current = Snapshot.objects.current()
    rows = archive.rows_of(current) if current else None
    if rows is None:
        return {}
    records = (each for each in parse(rows.lines()) if isinstance(each, Record))
    return {record.key: place for place, record in enumerate(records)}


def _csv(rows: list[_Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
