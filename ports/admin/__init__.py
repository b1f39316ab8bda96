"""The editors' door."""

from ports.admin import registry, users

__all__ = ["registry", "users"]
