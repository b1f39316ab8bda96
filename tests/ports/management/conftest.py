"""The fixtures of the tests in this folder."""

from tests.data.traps import traps_loaded, without_registry

__all__ = ["traps_loaded", "without_registry"]
