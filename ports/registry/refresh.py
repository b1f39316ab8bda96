"""Bringing the stored registry to the state of a file: the one way in, for every door.

Read, compare, guard, write in one transaction, record the snapshot.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from ports.models import Snapshot
from ports.registry import guards, store
from ports.registry.diff import Difference, compare
from ports.registry.fetch import Body
from ports.registry.guards import RegistryRefusedError
from ports.registry.parse import HeaderError, parse
from ports.registry.records import Record, RejectedRow
from ports.registry.status import derive_statuses

READING_RULES = 2
"""Raised when parsing or statuses change, so that the next refresh applies the same file anew."""

Origin = Snapshot.Origin


class Dates(NamedTuple):
    """As of when a file's names, and its registrants and dates, are true."""

    names: str
    registrants: str


class Result(StrEnum):
    """How a refresh ended."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    PREVIEWED = "previewed"


class Outcome(NamedTuple):
    """What a refresh found and did.

    A file that is the current one is not read again: the counts then come from the snapshot, and
    `rejected` holds no rows.
    """

    result: Result
    record_count: int
    rejected_count: int
    rejected: list[RejectedRow]
    difference: Difference
    statuses_changed: int

    @property
    def row_count(self) -> int:
        """Every row of the file, accounted for."""
        return self.record_count + self.rejected_count


def refresh(
    body: Body,
    *,
    origin: Origin = Origin.AUTHORITATIVE,
    dates: Dates | None = None,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda _step: None,
) -> Outcome:
    """Make the stored registry the one in `body`, or refuse and leave every table as it is.

    `dates` says as of when a compiled file is true; an authoritative one holds its own newest
    date. With `dry_run` everything is done but kept. `progress` is told each step before it.
    Raises RegistryRefusedError, with the reason, for a file that is not believed.
    """
    with transaction.atomic():
        store.lock()
        current = Snapshot.objects.current()
        if current and (current.sha256, current.reading_rules) == (body.sha256, READING_RULES):
            return Outcome(
                Result.UNCHANGED,
                current.record_count,
                current.rejected_count,
                [],
                Difference([], [], []),
                0,
            )
        if current and origin == Origin.COMPILED and not current.is_compiled:
            raise RegistryRefusedError("a compiled snapshot never replaces IANA's own registry")
        progress("Reading")
        records, rejected = _read(body)
        progress(f"Comparing {len(records):,} records")
        stored = store.stored_records()
        guards.check(records, rejected, named_before=sum(1 for key in stored if key.service_name))
        by_key = {record.key: record for record in records}
        fingerprints = {key: record.fingerprint for key, record in by_key.items()}
        difference = compare({key: row.fingerprint for key, row in stored.items()}, fingerprints)
        progress("Writing what differs")
        store.apply(difference, stored=stored, records=by_key, fingerprints=fingerprints)
        if current and current.reading_rules != READING_RULES:
            store.apply_record_statuses(stored=stored, records=by_key)
        statuses = derive_statuses(records)
        statuses_changed = store.apply_statuses(statuses)
        newest = max(max(record.registration_date, record.modification_date) for record in records)
        Snapshot.objects.create(
            origin=origin,
            source=body.source,
            sha256=body.sha256,
            reading_rules=READING_RULES,
            names_as_of=dates.names if dates else newest,
            registrants_as_of=dates.registrants if dates else newest,
            record_count=len(records),
            rejected_count=len(rejected),
            statistics=store.statistics(records, statuses),
            accepted_at=timezone.now(),
        )
        if dry_run:
            transaction.set_rollback(True)
    return Outcome(
        Result.PREVIEWED if dry_run else Result.APPLIED,
        len(records),
        len(rejected),
        rejected,
        difference,
        statuses_changed,
    )


def _read(body: Body) -> tuple[list[Record], list[RejectedRow]]:
    records: list[Record] = []
    rejected: list[RejectedRow] = []
    try:
        with body.path.open(encoding="utf-8", newline="") as lines:
            for row in parse(lines):
                if isinstance(row, Record):
                    records.append(row)
                else:
                    rejected.append(row)
    except UnicodeDecodeError as error:
        raise RegistryRefusedError(f"it is not UTF-8 text: {error.reason}") from error
    except HeaderError as error:
        raise RegistryRefusedError(f"it is not the registry: {error}") from error
    return records, rejected
