"""Changes of the registry for tests, written as a refresh writes them."""

from datetime import UTC, datetime

from ports.models import RegistryChange, Snapshot
from ports.registry.records import Record

type Cells = dict[str, str]

COLUMNS = tuple(
    field for field in Record._fields if field not in {"first_port", "last_port", "occurrence"}
)


def snapshot(names_as_of: str = "2026-07-23", *, origin: str = "authoritative") -> Snapshot:
    """A state of the registry that comes after the one that was current."""
    before = Snapshot.objects.current()
    return Snapshot.objects.create(
        origin=origin,
        source="registry.csv",
        sha256="0" * 64,
        reading_rules=1,
        names_as_of=names_as_of,
        registrants_as_of=names_as_of,
        record_count=1,
        rejected_count=0,
        statistics=before.statistics
        if before
        else {"named_ports": {}, "statuses": {}, "blocks": [], "services": 0},
        accepted_at=datetime(2026, 8, 1, 3, 47, tzinfo=UTC),
    )


def record(name: str = "", port: str = "", transport: str = "tcp", **cells: str) -> Cells:
    """The cells of a record; those that are not given are empty."""
    return {
        **dict.fromkeys(COLUMNS, ""),
        "service_name": name,
        "port_cell": port,
        "transport": transport,
        **cells,
    }


def unassigned(port: str, transport: str = "tcp") -> Cells:
    """The cells of a record that only says so."""
    return record("", port, transport, description="Unassigned")


def added(seen_in: Snapshot, *after: Cells, before: tuple[Cells, ...] = ()) -> RegistryChange:
    """The first of `after` is new; `before` are the nameless ones that gave way."""
    return _change("added", seen_in, after[0], before, after)


def removed(seen_in: Snapshot, *before: Cells, after: tuple[Cells, ...] = ()) -> RegistryChange:
    """The first of `before` is gone; `after` are the nameless ones in its place."""
    return _change("removed", seen_in, before[0], before, after)


def modified(seen_in: Snapshot, before: Cells, after: Cells) -> RegistryChange:
    """A record whose cells differ."""
    return _change("modified", seen_in, after, (before,), (after,))


def renamed(seen_in: Snapshot, before: Cells, after: Cells) -> RegistryChange:
    """A record that has another name."""
    former_name = before["service_name"]
    return _change("renamed", seen_in, after, (before,), (after,), former_name=former_name)


def cut(seen_in: Snapshot, before: tuple[Cells, ...], after: tuple[Cells, ...]) -> RegistryChange:
    """Nameless records of several port cells that changed together."""
    ends = [int(end) for cells in (*before, *after) for end in cells["port_cell"].split("-")]
    hull = {**before[0], "port_cell": f"{min(ends)}-{max(ends)}"}
    return _change("modified", seen_in, hull, before, after)


def _change(
    kind: str,
    seen_in: Snapshot,
    about: Cells,
    before: tuple[Cells, ...],
    after: tuple[Cells, ...],
    **fields: str,
) -> RegistryChange:
    first, _dash, last = about["port_cell"].partition("-")
    return RegistryChange.objects.create(
        snapshot=seen_in,
        kind=kind,
        service_name=about["service_name"],
        port_cell=about["port_cell"],
        first_port=int(first) if first else None,
        last_port=int(last or first) if first else None,
        transport=about["transport"],
        before=list(before),
        after=list(after),
        **fields,
    )
