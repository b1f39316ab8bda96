"""Bringing the stored registry to the state of a file: the one way in, for every door.

Read, compare, guard, write in one transaction, record the snapshot and what changed.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Lower
from django.utils import timezone

from ports import generation
from ports.models import Assignment, RefreshRun, Snapshot
from ports.registry import archive, guards, store
from ports.registry.changes import told_changes
from ports.registry.comparison import Comparison, compare_with_stored
from ports.registry.diff import Difference
from ports.registry.fetch import Body
from ports.registry.reasons import Reason, RegistryRefusedError
from ports.registry.records import Key, Record, RejectedRow
from ports.registry.statistics import PortState, Statistics, moved, statistics
from ports.registry.status import Statuses, derive_statuses, record_status

READING_RULES = 3
"""Raised when parsing or statuses change, so that the next refresh applies the same file anew."""

Origin = Snapshot.Origin
Step = RefreshRun.Step


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
    `rejected` holds no rows. `changes_told` counts the changes that were told of it.
    """

    result: Result
    snapshot: Snapshot
    record_count: int
    rejected_count: int
    rejected: list[RejectedRow]
    difference: Difference
    statuses_changed: int
    changes_told: int

    @property
    def row_count(self) -> int:
        """Every row of the file, accounted for."""
        return self.record_count + self.rejected_count


def refresh(
    body: Body,
    *,
    origin: Origin = Origin.AUTHORITATIVE,
    dates: Dates | None = None,
    accepting: bool = False,
    dry_run: bool = False,
    progress: Callable[[Step], None] = lambda _step: None,
    seal: Callable[[Outcome], None] = lambda _outcome: None,
) -> Outcome:
    """Make the stored registry the one in `body`, or refuse and leave every table as it is.

    `dates` says as of when a compiled file is true; an authoritative one holds its own newest
    date. `accepting` says that a person accepts the file against its figures. With `dry_run`
    everything is done but kept. `progress` is told each step before it; `seal` is called with the
    outcome inside the transaction, and what it raises takes everything back. Raises
    RegistryRefusedError, with the reason, for a file that is not believed.
    """
    progress(Step.WRITING)
    with _without_collector(), transaction.atomic():
        store.lock()
        outcome = _apply(body, origin, dates, accepting=accepting)
        if dry_run:
            transaction.set_rollback(True)
            if outcome.result == Result.APPLIED:
                outcome = outcome._replace(result=Result.PREVIEWED)
        seal(outcome)
    return outcome


def is_stored(sha256: str) -> bool:
    """Whether the stored registry is that of a file, and read by today's rules."""
    current = Snapshot.objects.defer("statistics").current()
    return current is not None and (current.sha256, current.reading_rules) == (
        sha256,
        READING_RULES,
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Spare the garbage collector tens of thousands of records, none of which makes a cycle.

    It would look at all of them again and again, for a tenth of the time of a first load.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _apply(body: Body, origin: Origin, dates: Dates | None, *, accepting: bool) -> Outcome:
    current = Snapshot.objects.current()
    is_read_alike = current is not None and current.reading_rules == READING_RULES
    if current and is_read_alike and current.sha256 == body.sha256:
        return _unchanged(current, body)
    if current and origin == Origin.COMPILED and not current.is_compiled:
        raise RegistryRefusedError(Reason.COMPILED)
    is_next = current is not None and not current.is_compiled
    found = compare_with_stored(
        body.path,
        current,
        is_next=is_next,
        is_read_alike=is_read_alike,
        # A day more than today, for it begins elsewhere earlier.
        not_after=str(timezone.now().date() + timedelta(days=1)),
    )
    guards.check(found.figures, accepting=accepting)
    has_rejected = bool(found.rejected or (current and current.rejected_count))
    if current and is_next and is_read_alike and not found.difference and not has_rejected:
        return _unchanged(current, body)
    touched = _touched(found) if found.records is None else None
    before = store.stored_statuses(touched) if current else Statuses()
    store.apply(found.difference, ids=found.ids, records=found.come)
    if current and not is_read_alike:
        store.derive_again()
    if found.records is None and current:
        covering = store.covering(touched or set())
        statuses = derive_statuses(covering).of(touched or ())
        figures = _moved(current.statistics, found, covering, before, statuses)
    else:
        statuses = derive_statuses(found.records or ())
        figures = statistics(found.records or (), statuses)
    statuses_changed = store.apply_statuses(before, statuses)
    is_iana = origin == Origin.AUTHORITATIVE
    now = timezone.now()
    generation.advance()
    snapshot = Snapshot.objects.create(
        origin=origin,
        source=body.source,
        sha256=body.sha256,
        reading_rules=READING_RULES,
        names_as_of=dates.names if dates else found.newest,
        registrants_as_of=dates.registrants if dates else found.newest,
        record_count=found.record_count,
        rejected_count=len(found.rejected),
        statistics=figures,
        accepted_at=now,
        checked_at=now,
        etag=body.validators.etag,
        last_modified=body.validators.last_modified,
        file=archive.keep(found.content, body.sha256) if is_iana else None,
    )
    changes = told_changes(found.gone.values(), found.come.values()) if is_next and is_iana else []
    store.tell(changes, snapshot)
    return Outcome(
        Result.APPLIED,
        snapshot,
        found.record_count,
        len(found.rejected),
        found.rejected,
        found.difference,
        statuses_changed,
        len(changes),
    )


def _unchanged(current: Snapshot, body: Body) -> Outcome:
    """The outcome of a file that holds what is stored; the snapshot remembers that it was seen."""
    current.checked_at = timezone.now()
    if body.source == current.source:
        # Another server's would say nothing of what lies there.
        current.etag, current.last_modified = body.validators
    current.save(update_fields=["checked_at", "etag", "last_modified"])
    return Outcome(
        Result.UNCHANGED,
        current,
        current.record_count,
        current.rejected_count,
        [],
        Difference([], [], []),
        0,
        0,
    )


def _touched(found: Comparison) -> set[int]:
    """The ports whose status may be another one, or that may have gained or lost their names."""
    said_before, said_now = (_said(side.values()) for side in (found.gone, found.come))
    touched: set[int] = set()
    for kind in said_before.keys() | said_now.keys():
        touched |= said_before[kind] ^ said_now[kind]
    return touched


def _said(records: Iterable[Record]) -> dict[tuple[str, str, bool], set[int]]:
    """The ports on which records say the same, as far as statuses and names go."""
    said: dict[tuple[str, str, bool], set[int]] = defaultdict(set)
    for record in records:
        kind = (record.transport, record_status(record), bool(record.service_name))
        said[kind].update(record.ports)
    return said


def _moved(
    before: Statistics,
    found: Comparison,
    covering: Iterable[Record],
    statuses_before: Statuses,
    statuses: Statuses,
) -> Statistics:
    """The statistics after a difference, from those before."""
    come = found.come.keys()
    stay = [record for record in covering if record.key not in come]
    touched = statuses_before.keys()
    named_before = _named_ports((*stay, *found.gone.values())) & touched
    named = _named_ports((*stay, *found.come.values())) & touched
    return moved(
        before,
        (
            (
                number,
                PortState(statuses_before[number], number in named_before),
                PortState(statuses[number], number in named),
            )
            for number in touched
        ),
        services=_more_services(found.gone, found.come),
    )


def _named_ports(records: Iterable[Record]) -> set[int]:
    return {number for record in records if record.service_name for number in record.ports}


def _more_services(gone: Mapping[Key, Record], come: Mapping[Key, Record]) -> int:
    """How many more service names there are, now that the records are written."""
    names = {key.service_name.lower() for key in (*gone, *come) if key.service_name}
    stored = (
        Assignment.objects.order_by()
        .annotate(name=Lower("service_name"))
        .filter(name__in=names)
        .values_list("name")
        .annotate(count=Count("id"))
    )
    now = dict(stored)
    before = dict(stored)
    for key in come:
        if key.service_name:
            before[key.service_name.lower()] -= 1
    for key in gone:
        if key.service_name:
            before[key.service_name.lower()] = before.get(key.service_name.lower(), 0) + 1
    return len(now) - sum(1 for count in before.values() if count)
