"""An address with its port, as tools write it: `0.0.0.0:22`, `[::]:22`, `:::22`, `*.8080`.

Every pattern is matched against a word of bounded length, and from its beginning.
"""

import re
from typing import Final, NamedTuple

from ports.registry.records import LAST_PORT

_LONGEST: Final = 300

_PORT: Final = (
    r"(?P<port>\*|[0-9]{1,5}|(?=[0-9_.+*/-]{0,62}[A-Za-z])[A-Za-z0-9][A-Za-z0-9_.+*/-]{0,62})"
)
_UNDOTTED: Final = _PORT.replace("_.+", "_+")
_ZONE: Final = r"(?:%[A-Za-z0-9_.@-]{1,32})?"
_IPV4: Final = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_IPV6: Final = r"[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*"
_NAME: Final = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"

# `127.0.0.53%lo:53`, `[fe80::1%eth0]:546`, `[fe80::1]%eth0:546`, `:::22`, `*:22`, `:8080`
_WITH_COLON: Final = re.compile(
    rf"(?:\*|{_IPV4}|\[(?:{_IPV6}|\*){_ZONE}\]|{_IPV6}|{_NAME}|){_ZONE}:{_PORT}", re.ASCII
)
# macOS and BSD: `127.0.0.1.8080`, `*.80`, `fe80::1%lo0.8080`, `localhost.ipp`
_WITH_DOT: Final = re.compile(
    rf"(?:\*|{_IPV4}|{_IPV6})(?:%[A-Za-z0-9]{{1,16}})?\.{_UNDOTTED}", re.ASCII
)
_NAME_WITH_DOT: Final = re.compile(rf"{_NAME}\.{_UNDOTTED}", re.ASCII)


class Endpoint(NamedTuple):
    """An end of a connection, or where a program listens.

    `port` is None where a service's name stands in its place, or where it is any (`*`, or 0).
    """

    port: int | None
    service: str = ""

    @property
    def is_any(self) -> bool:
        return self.port is None and not self.service

    @property
    def is_possible(self) -> bool:
        """Whether there is such a port."""
        return self.port is None or self.port <= LAST_PORT


def read_endpoint(word: str, *, dotted_names: bool = False) -> Endpoint | None:
    """The endpoint that a word is; None for any other word.

    `dotted_names` allows for a host's name with a dot before the port, which else is only a name.
    """
    if len(word) > _LONGEST:
        return None
    found = _WITH_DOT.fullmatch(word) or _WITH_COLON.fullmatch(word)
    if found is None and dotted_names:
        found = _NAME_WITH_DOT.fullmatch(word)
    return _endpoint(found["port"]) if found else None


def _endpoint(port: str) -> Endpoint:
    if port == "*":
        return Endpoint(None)
    return Endpoint(int(port) or None) if port.isdigit() else Endpoint(None, port.lower())
