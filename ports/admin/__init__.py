"""The editors' door."""

from ports.admin import ports, refresh_runs, registry, registry_changes, usages, users, work_items

__all__ = ["ports", "refresh_runs", "registry", "registry_changes", "usages", "users", "work_items"]
