"""The editors' door."""

from ports.admin import (
    glossary,
    matrix,
    notices,
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
    "notices",
    "ports",
    "refresh_runs",
    "registry",
    "registry_changes",
    "usages",
    "users",
    "work_items",
]
