"""What changed between two states of the registry, as changes to tell a reader. Pure.

The registry's file differs by more records than things happened. Where a port is assigned, its
span of unassigned ports disappears and comes back in pieces; where a service is renamed, a record
is removed and another added. Here each of these is one change, which carries the records it is
made of.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import compress
from typing import Final, NamedTuple

from ports.registry.overlaps import Group, groups, is_named
from ports.registry.records import Key, Record

type _Pair = tuple[Record, Record]

_CELLS: Final = tuple(
    name for name in Record._fields if name not in {"first_port", "last_port", "occurrence"}
)
# A span that thousands of services were carved from is not told with all of its remains by each.
_CARRIED_AT_MOST: Final = 32


class ChangeKind(StrEnum):
    """What happened to a service, or to ports without one."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    RENAMED = "renamed"


class Change(NamedTuple):
    """One change to tell.

    `service_name` is the name after it (before it for a removal), "" for records without a name;
    `former_name` is the name before it where it was renamed, else "". `port_cell` is as published,
    "", "3440" or "6000-6063", and `first_port` and `last_port` are its ends (None without a port);
    where nameless records of several port cells changed together, it is "a-b" around all of them.
    `transport` is "" where the records name none or not the same.

    `before` and `after` are the records as published, the one that the change is about first, and
    behind it the nameless ones ("Unassigned", "Reserved") whose ports it took or gave back, by
    port. At most 32 of these stand on each side: those that begin nearest.
    """

    kind: ChangeKind
    service_name: str
    former_name: str
    port_cell: str
    first_port: int | None
    last_port: int | None
    transport: str
    before: tuple[Record, ...]
    after: tuple[Record, ...]


def changed_cells(before: Record, after: Record) -> list[str]:
    """The Record's fields whose cells differ in more than whitespace, in the order of the file."""
    return [name for name in _CELLS if not _alike(getattr(before, name), getattr(after, name))]


def told_changes(before: Iterable[Record], after: Iterable[Record]) -> list[Change]:
    """What changed between two states, given whole or as the records in which they differ.

    Records are the same in both when their keys are; whitespace makes no difference, neither in
    other cells nor in the name. A removed and an added name are a renaming when port cell,
    transport, assignee (not empty) and registration date are the same. Every record that differs
    stands in at least one change, but for spans of nameless records that were only cut otherwise.
    The order is by first port (None last), name, transport and kind.
    """
    old, new = set(before), set(after)
    removed, added = sorted(old - new, key=_in_order), sorted(new - old, key=_in_order)
    same: list[_Pair] = []
    for alike in (_key, _spelled_key):
        pairs, removed, added = _pair_off(removed, added, alike)
        same += pairs
    renamed: list[_Pair] = []
    for kept in (_described_registration, _registration):
        pairs, removed, added = _pair_off(removed, added, kept)
        renamed += pairs
    changes = [
        _about(ChangeKind.MODIFIED, new_one, (old_one,), (new_one,))
        for old_one, new_one in same
        if changed_cells(old_one, new_one)
    ]
    for group in groups(removed, added, renamed):
        changes += _told_of(group)
    return sorted(changes, key=_told_in_order)


def _spelled(cell: str) -> str:
    return " ".join(cell.split())


def _alike(cell: str, other: str) -> bool:
    return cell == other or cell.split() == other.split()


def _in_order(record: Record) -> tuple[int, tuple[str, str, str, int], Record]:
    return record.first_port or 0, _spelled_key(record), record


def _told_in_order(change: Change) -> tuple[bool, int, str, str, str]:
    first_port, name = change.first_port, _spelled(change.service_name)
    return first_port is None, first_port or 0, name, change.transport, change.kind


def _key(record: Record) -> Key:
    return record.key


def _spelled_key(record: Record) -> tuple[str, str, str, int]:
    name = _spelled(record.service_name)
    return name, record.port_cell, record.transport, record.occurrence


def _registration(record: Record) -> tuple[str, ...] | None:
    """What a renamed service keeps; None for a record that cannot be told to be one.

    Services without a port are too many that one assignee registered on the same day.
    """
    assignee = _spelled(record.assignee)
    if not (is_named(record) and record.port_cell and assignee):
        return None
    return record.port_cell, record.transport, assignee, _spelled(record.registration_date)


def _described_registration(record: Record) -> tuple[str, ...] | None:
    """Of several names on one port (www, www-http), those with one description are told first."""
    registration = _registration(record)
    return registration and (*registration, _spelled(record.description))


def _pair_off(
    removed: Sequence[Record], added: Sequence[Record], alike: Callable[[Record], Hashable]
) -> tuple[list[_Pair], list[Record], list[Record]]:
    """Records that are `alike` in pairs, several in their order; and what is left of both.

    A record of which `alike` is None stays alone.
    """
    if not removed or not added:
        return [], [*removed], [*added]
    candidates: defaultdict[Hashable, list[Record]] = defaultdict(list)
    for record in reversed(added):
        candidates[alike(record)].append(record)
    candidates.pop(None, None)
    pairs = []
    left = []
    for record in removed:
        if found := candidates.get(alike(record)):
            pairs.append((record, found.pop()))
        else:
            left.append(record)
    taken = {new for _old, new in pairs}
    return pairs, left, [record for record in added if record not in taken]


class _Nameless:
    """Nameless records of one state, by first port, and which of them no change carries yet."""

    __slots__ = ("_left", "_records")

    def __init__(self, records: list[Record]) -> None:
        self._records = records
        self._left = [True] * len(records)

    def near(self, port: int) -> tuple[Record, ...]:
        """The records that a change on a port carries: of many, those that begin nearest."""
        records = self._records
        start = 0
        if len(records) > _CARRIED_AT_MOST:
            middle = bisect_left(records, port, key=lambda record: record.ports.start)
            start = max(middle - _CARRIED_AT_MOST // 2, 0)
            start = min(start, len(records) - _CARRIED_AT_MOST)
        near = records[start : start + _CARRIED_AT_MOST]
        self._left[start : start + len(near)] = [False] * len(near)
        return tuple(near)

    def left(self) -> tuple[Record, ...]:
        """The records that no change carries."""
        return tuple(compress(self._records, self._left))


def _told_of(group: Group) -> Iterator[Change]:
    """One change per name; the nameless records that none of these carries are told together."""
    before, after = _Nameless(group.nameless_before), _Nameless(group.nameless_after)
    for record in group.removed:
        port = record.ports.start
        yield _about(ChangeKind.REMOVED, record, (record, *before.near(port)), after.near(port))
    for record in group.added:
        port = record.ports.start
        yield _about(ChangeKind.ADDED, record, before.near(port), (record, *after.near(port)))
    for old, new in group.renamed:
        port = new.ports.start
        change = _about(
            ChangeKind.RENAMED, new, (old, *before.near(port)), (new, *after.near(port))
        )
        yield change._replace(former_name=old.service_name)
    yield from _told_of_nameless(before.left(), after.left())


def _about(
    kind: ChangeKind, record: Record, before: tuple[Record, ...], after: tuple[Record, ...]
) -> Change:
    return Change(
        kind,
        record.service_name,
        "",
        record.port_cell,
        record.first_port,
        record.last_port,
        record.transport,
        before,
        after,
    )


def _told_of_nameless(before: tuple[Record, ...], after: tuple[Record, ...]) -> Iterator[Change]:
    """The change of nameless records: none where every port kept what was said of it."""
    if _said(before) == _said(after):
        return
    kind = ChangeKind.MODIFIED if before and after else ChangeKind.REMOVED
    if not before:
        kind = ChangeKind.ADDED
    records = (*before, *after)
    change = _about(kind, records[0], before, after)
    if len({record.port_cell for record in records}) > 1:
        first = min(record.ports.start for record in records)
        last = max(record.ports.stop for record in records) - 1
        cell = f"{first}-{last}" if first < last else str(first)
        change = change._replace(port_cell=cell, first_port=first, last_port=last)
    if len({record.transport for record in records}) > 1:
        change = change._replace(transport="")
    yield change


def _said(records: Iterable[Record]) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """The ports by what records, in the order of first ports, say of them: spans with gaps."""
    said: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for record in records:
        cells = (_spelled(getattr(record, name)) for name in _CELLS if name != "port_cell")
        spans = said[tuple(cells)]
        start, stop = record.ports.start, record.ports.stop
        if spans and start <= spans[-1][1]:
            start, stop = spans[-1][0], max(stop, spans[-1][1])
            spans.pop()
        spans.append((start, stop))
    return said
