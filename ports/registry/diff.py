"""Comparing two states of the registry, or the parts of them that differ. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from ports.registry.records import Key


class Difference(NamedTuple):
    """The keys of the records that one state has and the other lacks, or has otherwise."""

    added: list[Key]
    removed: list[Key]
    modified: list[Key]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.modified)


def compare[Content](before: Mapping[Key, Content], after: Mapping[Key, Content]) -> Difference:
    """What changed between two states, each given as what its records hold, by key."""
    return Difference(
        added=[key for key in after if key not in before],
        removed=[key for key in before if key not in after],
        modified=[
            key for key, content in after.items() if key in before and before[key] != content
        ],
    )
