"""What changed in the registry, gathered for readers: what is told as one, which cells differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from ports.models import Assignment, RegistryChange, Snapshot
from ports.port_facts import as_tools_write
from ports.registry.cells import read_alias
from ports.registry.changes import ChangeKind, changed_cells
from ports.registry.records import Record, Status
from ports.registry.status import record_status

MOST_TOGETHER: Final = 5
"""As many changes at most are told as one: one for each transport protocol, and one for none."""

_COLUMNS: Final = tuple(
    field for field in Record._fields if field not in {"first_port", "last_port", "occurrence"}
)
# What a change is named by stands in its sentence.
_NAMING: Final = frozenset({"service_name", "port_cell", "transport"})
_NOTHING: Final = Record._make(
    None if field in {"first_port", "last_port"} else "" for field in Record._fields
)._replace(occurrence=0)


class Cell(NamedTuple):
    """A column of a record, named as Record's field, with its text before and after a change."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ToldChange:
    """Changes of one name and port that are the same on several transport protocols, as one.

    `id` is that of the first. `name` is "" for records without a service name, of which `title`
    then is the description. `first_port` and `last_port` are None for a service without a port.
    """

    id: int
    kind: ChangeKind
    snapshot: Snapshot
    name: str
    former_name: str
    title: str
    first_port: int | None
    last_port: int | None
    transports: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def where(self) -> str:
        """Its ports and transports as tools write them: "3440/tcp, 3440/udp"."""
        return as_tools_write(self.first_port, self.last_port, self.transports)

    @property
    def has_before(self) -> bool:
        return any(cell.before for cell in self.cells)

    @property
    def has_after(self) -> bool:
        return any(cell.after for cell in self.cells)

    def after(self, column: str) -> str:
        """What a cell that differs holds since the change; "" where it does not differ."""
        return next((cell.after for cell in self.cells if cell.column == column), "")


def told(changes: Iterable[RegistryChange]) -> list[ToldChange]:
    """The changes as they are told, in their order; those to be told as one must be neighbours."""
    together: list[ToldChange] = []
    for change in map(_told, changes):
        last = together[-1] if together else None
        if last and _differ_in_transport_only(last, change):
            together[-1] = replace(last, transports=(*last.transports, *change.transports))
        else:
            together.append(change)
    return together


def concerns(change: RegistryChange, number: int) -> bool:
    """Whether a change says something of port `number`, and not only of others beside it.

    A change carries whole spans of unassigned ports, most of which nothing happened to.
    """
    return _said_of(number, change.before) != _said_of(number, change.after)


def last_known(changes: Iterable[RegistryChange]) -> list[Assignment]:
    """The records that removed or renamed services had until then, as they were stored."""
    records = (record_of(change.before[0]) for change in changes)
    return [
        Assignment(
            **record._asdict(),
            status=record_status(record),
            alias_of=read_alias(record.assignment_notes),
        )
        for record in records
    ]


def name_before(change: RegistryChange) -> str:
    """The name that a change took out of the registry; "" where it took none."""
    if change.kind == ChangeKind.REMOVED:
        return change.service_name
    return change.former_name


def record_of(cells: Mapping[str, str]) -> Record:
    """A record from its cells by column, as changes keep them."""
    first, _dash, last = cells["port_cell"].partition("-")
    published: dict[str, Any] = {column: cells[column] for column in _COLUMNS}
    return _NOTHING._replace(
        **published,
        first_port=int(first) if first else None,
        last_port=int(last or first) if first else None,
    )


def _told(change: RegistryChange) -> ToldChange:
    before = [record_of(cells) for cells in change.before]
    after = [record_of(cells) for cells in change.after]
    if change.service_name or max(len(before), len(after)) == 1:
        cells = tuple(_cells(ChangeKind(change.kind), before, after))
    else:
        cells = (Cell("description", _listed(before), _listed(after)),)
    about = (before if change.kind == ChangeKind.REMOVED else after or before)[0]
    return ToldChange(
        id=change.pk,
        kind=ChangeKind(change.kind),
        snapshot=change.snapshot,
        name=change.service_name,
        former_name=change.former_name,
        title=change.service_name or about.description,
        first_port=change.first_port,
        last_port=change.last_port,
        transports=tuple(filter(None, [change.transport])),
        cells=cells,
    )


def _cells(kind: ChangeKind, before: list[Record], after: list[Record]) -> Iterable[Cell]:
    """The cells that differ between a record and what stood, or stands, in its place."""
    if kind == ChangeKind.ADDED:
        old, new = _in_place_of(after[0], before), after[0]
    elif kind == ChangeKind.REMOVED:
        old, new = before[0], _in_place_of(before[0], after)
    else:
        old, new = before[0], after[0]
    for column in changed_cells(old, new):
        if column not in _NAMING or kind == ChangeKind.MODIFIED:
            yield Cell(column, getattr(old, column), getattr(new, column))


def _in_place_of(record: Record, others: list[Record]) -> Record:
    """The one of `others` that speaks of the record's first port; an empty one where none does."""
    for other in others:
        if record.ports.start in other.ports and other.transport in {record.transport, ""}:
            return other
    return _NOTHING


def _listed(records: list[Record]) -> str:
    """Nameless records line by line, with all that they say: "4000–4010/tcp Unassigned"."""
    return "\n".join(
        " ".join(
            filter(
                None,
                (
                    as_tools_write(
                        record.first_port, record.last_port, [*filter(None, [record.transport])]
                    ),
                    record.description,
                    record.unauthorized_use,
                    record.assignment_notes,
                ),
            )
        )
        for record in records
    )


def _differ_in_transport_only(one: ToldChange, other: ToldChange) -> bool:
    return (
        _alike(one) == _alike(other)
        and bool(one.transports and other.transports)
        and not set(one.transports) & set(other.transports)
    )


def _alike(change: ToldChange) -> tuple[object, ...]:
    return (
        change.snapshot.pk,
        change.kind,
        change.former_name,
        change.title,
        change.first_port,
        change.last_port,
        # The same note is often indented otherwise in the next record.
        [(cell.column, cell.before.split(), cell.after.split()) for cell in change.cells],
    )


def _said_of(number: int, records: list[dict[str, str]]) -> set[tuple[str, ...]]:
    """What records say of a port beyond that it is unassigned, which is what silence says too."""
    return {
        tuple(" ".join(cells[column].split()) for column in _COLUMNS if column != "port_cell")
        for cells in records
        if number in (record := record_of(cells)).ports
        and (
            record_status(record) != Status.UNASSIGNED
            or record.assignment_notes
            or record.unauthorized_use
        )
    }
