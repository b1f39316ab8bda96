"""The editors' door."""

from ports.admin import (
    glossary,
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
    "glossary",
    "matrix",
    "ports",
    "refresh_runs",
    "registry",
    "registry_changes",
    "usages",
    "users",
    "work_items",
]
