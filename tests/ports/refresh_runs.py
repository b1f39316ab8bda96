"""Runs, snapshots and changes of the registry as a refresh leaves them, made directly."""

import gzip
import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ports.models import RefreshRun, RegistryChange, RegistryFile, Snapshot

SOURCE = "https://registry.example/ports.csv"
NAMES_GONE = {"count": 412, "before": 12_805, "most": 256}


def run(state: str, **fields: Any) -> RefreshRun:
    """A run in this state; refused ones lost too many names, failed ones got no answer in time."""
    now = timezone.now()
    ended = {
        "started_at": now - timedelta(seconds=3),
        "ended_at": now,
        "record_count": 14_529,
        "rejected_count": 0,
    }
    of_state: dict[str, dict[str, Any]] = {
        "queued": {},
        "running": {"started_at": now, "lease_until": now + timedelta(hours=1)},
        "applied": {**ended, "added_count": 4, "removed_count": 1, "changes_told": 5},
        "unchanged": ended,
        "refused": {**ended, "reason": "names_gone", "figures": NAMES_GONE},
        "failed": {
            "started_at": now - timedelta(seconds=61),
            "ended_at": now,
            "reason": "no_answer_in_time",
            "figures": {"source": SOURCE, "seconds": 60},
        },
    }
    if state == "applied" and "snapshot" not in fields:
        fields["snapshot"] = snapshot()
    defaults = {"door": "schedule", "asked_at": now, "due_at": now, "source": SOURCE}
    return RefreshRun.objects.create(**{"state": state, **defaults, **of_state[state], **fields})


def refused_with_file(text: str = "Service Name\r\nssh\r\n", **fields: Any) -> RefreshRun:
    """A refused run whose file is kept."""
    return run("refused", file=kept_file(text), **fields)


def kept_file(text: str) -> RegistryFile:
    """A file of the registry as it is kept."""
    raw = text.encode()
    return RegistryFile.objects.create(
        sha256=hashlib.sha256(raw).hexdigest(),
        content=gzip.compress(raw, mtime=0),
        kept_at=timezone.now(),
    )


def snapshot(accepted_at: datetime | None = None, **fields: Any) -> Snapshot:
    """An authoritative snapshot, newer than all others, with the figures of the last."""
    current = Snapshot.objects.current()
    return Snapshot.objects.create(
        **{
            "origin": "authoritative",
            "source": SOURCE,
            "sha256": "0" * 64,
            "reading_rules": 2,
            "names_as_of": "2026-07-23",
            "registrants_as_of": "2026-07-23",
            "record_count": 14_529,
            "rejected_count": 0,
            "statistics": current.statistics if current else {},
            "accepted_at": accepted_at or timezone.now(),
            **fields,
        }
    )


def record(name: str, port: str, transport: str, **cells: str) -> dict[str, str]:
    """The cells of a record, as changes carry them."""
    empty = dict.fromkeys(
        (
            "description",
            "assignee",
            "contact",
            "registration_date",
            "modification_date",
            "reference",
            "service_code",
            "unauthorized_use",
            "assignment_notes",
        ),
        "",
    )
    return {"service_name": name, "port_cell": port, "transport": transport, **empty, **cells}


def change(kind: str, **fields: Any) -> RegistryChange:
    """A change of the port 6363."""
    if "snapshot" not in fields:
        fields["snapshot"] = snapshot()
    place = {"port_cell": "6363", "first_port": 6363, "last_port": 6363, "transport": "tcp"}
    return RegistryChange.objects.create(**{"kind": kind, **place, **fields})
