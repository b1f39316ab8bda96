"""Which removed and added records hang together, by the ports that they cover. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ports.registry.records import Record, Transport


def is_named(record: Record) -> bool:
    """Whether it registers a service name; others say "Unassigned", "Reserved" and the like."""
    return bool(record.service_name.strip())


class Group:
    """Removed and added records that hang together, each list in order."""

    __slots__ = ("added", "nameless_after", "nameless_before", "removed", "renamed")

    def __init__(self) -> None:
        self.removed: list[Record] = []
        self.added: list[Record] = []
        self.renamed: list[tuple[Record, Record]] = []
        self.nameless_before: list[Record] = []
        self.nameless_after: list[Record] = []


def groups(
    removed: Sequence[Record], added: Sequence[Record], renamed: Sequence[tuple[Record, Record]]
) -> Iterable[Group]:
    """Each record in one group, beside those that its ports were taken from or given back to.

    A removed and an added record hang together when their ports overlap, at least one of them is
    nameless, and their transports are equal or one of them is empty; the two of a renaming always.
    """
    before = [*removed, *(old for old, _new in renamed)]
    after = [*added, *(new for _old, new in renamed)]
    pairs = range(len(removed), len(before))
    together = _Together(len(before) + len(after))
    for old, new in zip(pairs, range(len(before) + len(added), together.size), strict=True):
        together.join(old, new)
    for one, other in _overlaps(before, after):
        together.join(one, other)
    found: defaultdict[int, Group] = defaultdict(Group)
    for index, record in enumerate(removed):
        group = found[together.root(index)]
        (group.removed if is_named(record) else group.nameless_before).append(record)
    for index, record in enumerate(added, start=len(before)):
        group = found[together.root(index)]
        (group.added if is_named(record) else group.nameless_after).append(record)
    for index, pair in zip(pairs, renamed, strict=True):
        found[together.root(index)].renamed.append(pair)
    return found.values()


class _Together:
    """Numbers below `size` that were joined, directly or through others (disjoint sets)."""

    __slots__ = ("_parents", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._parents = [*range(size)]

    def root(self, index: int) -> int:
        """The same for all that were joined."""
        parents = self._parents
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    def join(self, one: int, other: int) -> None:
        self._parents[self.root(one)] = self.root(other)


def _overlaps(before: Sequence[Record], after: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs of positions in (*before, *after) that join all records that hang together.

    Not every pair that overlaps is among them, so that thousands of spans over the same ports take
    no quadratic time: all that one record overlaps is a single span from there on.
    """
    records = [*before, *after]
    with_ports = [index for index, record in enumerate(records) if record.ports]
    open_spans: defaultdict[tuple[bool, bool, str], list[tuple[int, int]]] = defaultdict(list)
    for index in sorted(with_ports, key=lambda index: records[index].ports.start):
        record = records[index]
        first, stop = record.ports.start, record.ports.stop
        is_new, named = index >= len(before), is_named(record)
        for other_transport in (record.transport, "") if record.transport else ("", *Transport):
            for other_named in (False,) if named else (False, True):
                other = (not is_new, other_named, other_transport)
                still_open = [span for span in open_spans[other] if span[0] > first]
                for _stop, other_index in still_open:
                    yield index, other_index
                open_spans[other] = [max(still_open)] if still_open else []
        open_spans[is_new, named, record.transport].append((stop, index))
