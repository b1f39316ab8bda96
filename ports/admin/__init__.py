"""The editors' door."""

from ports.admin import ports, refresh_runs, registry, registry_changes, usages, users

__all__ = ["ports", "refresh_runs", "registry", "registry_changes", "usages", "users"]
