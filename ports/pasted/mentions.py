"""What is read out of pasted text: where it names which port."""

from enum import StrEnum
from typing import Final, NamedTuple

from ports.registry.records import Transport

FIRST_TEMPORARY: Final = 32768
"""From here up systems hand out ports for the temporary ends of connections (Linux begins here)."""


class Side(StrEnum):
    """Whose port it is: that of the computer the text comes from, or of who it talks with."""

    LOCAL = "local"
    REMOTE = "remote"


class Mention(NamedTuple):
    """A port that a line names.

    `port` is None where a service's name stands in place of the number: that is `service` then.
    `side` and `is_listening` are None where the line does not say. `is_likely_service` is false for
    what is probably only the temporary end of a connection. `program` is empty where the tool does
    not print it. Lines count from 1.
    """

    line: int
    port: int | None
    service: str = ""
    transport: Transport | None = None
    side: Side | None = None
    is_listening: bool | None = None
    is_likely_service: bool = True
    program: str = ""

    @property
    def is_temporary(self) -> bool:
        """Whether it may be a port that a system handed out for a while."""
        return self.port is not None and self.port >= FIRST_TEMPORARY


class Line(NamedTuple):
    """A line of the text, by its number."""

    number: int
    text: str


class Pasted(NamedTuple):
    """What a text names, in its order, and the lines in which nothing was understood.

    Empty lines and the headings and remarks that the tools print are in neither. `lines` are all.
    """

    mentions: list[Mention]
    not_understood: list[Line]
    lines: list[str]
