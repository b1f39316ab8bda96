"""The fixtures of the tests in this folder."""

from tests.data.traps import without_registry

__all__ = ["without_registry"]
