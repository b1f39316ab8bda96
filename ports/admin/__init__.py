"""The editors' door."""

from ports.admin import (
    matrix,
    ports,
    refresh_runs,
    registry,
    registry_changes,
    usages,
    users,
    work_items,
)

__all__ = [
    "matrix",
    "ports",
    "refresh_runs",
    "registry",
    "registry_changes",
    "usages",
    "users",
    "work_items",
]
