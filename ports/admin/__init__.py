"""The editors' door."""

from ports.admin import ports, registry, usages, users

__all__ = ["ports", "registry", "usages", "users"]
