"""The rows of tables of sockets: ss, netstat of every system, lsof, and PowerShell."""

import re
from collections.abc import Sequence
from typing import Final

from ports.pasted.endpoints import Endpoint, read_endpoint
from ports.pasted.mentions import Mention, Side
from ports.registry.records import Transport

_LONGEST_PROGRAM: Final = 100
_PROTOCOL: Final = re.compile(r"(tcp|udp|sctp|dccp)(?:4|6|46)?", re.ASCII | re.IGNORECASE)
_WORDS_BEFORE_PROTOCOL: Final = 7
_WORDS_BEFORE_ENDPOINTS: Final = 6
# ss prints no protocol where it was asked for one only; with a state, that was TCP.
_STATES_OF_SS: Final = {
    "UNCONN": Transport.UDP,
    **dict.fromkeys(
        (
            "LISTEN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
            "CLOSE-WAIT", "LAST-ACK", "CLOSING", "CLOSED",
        ),
        Transport.TCP,
    ),
}  # fmt: skip
_USERS_OF_SS: Final = re.compile(r'\("([^"]{1,100})",pid=')
_PROGRAM_OF_NETSTAT: Final = re.compile(r"[0-9]{1,10}/([^\s:]{1,100})", re.ASCII)
_ESCAPED_BY_LSOF: Final = re.compile(r"\\x([0-9a-f]{2})", re.ASCII)


def transport_of(word: str) -> Transport | None:
    """The transport protocol that a word such as `tcp46` names."""
    found = _PROTOCOL.fullmatch(word)
    return Transport(found[1].lower()) if found else None


def socket_row(words: Sequence[str], line: str) -> list[Mention] | None:
    """A row of ss or netstat; None for any other line.

    What the state is called plays no part, as it is translated: a socket whose other end is any
    address and port listens.
    """
    transport: Transport | None = None
    after = 0
    for place, word in enumerate(words[:_WORDS_BEFORE_PROTOCOL]):
        if transport := transport_of(word):
            after = place + 1
            break
    if transport is None:
        transport = _STATES_OF_SS.get(words[0])
        after = 1 if transport else 0
        is_bare = [word.isdigit() for word in words[:2]] == [True, True]
        if transport is None and not is_bare:
            return None
    is_of_bsd = after > 0 and words[after - 1].endswith(("4", "6"))
    ends = _endpoints(words[after:], dotted_names=is_of_bsd)
    if ends is None:
        return None
    return connection(*ends, transport=transport, program=_program(words[after:], line))


def lsof_row(words: Sequence[str]) -> list[Mention] | None:
    """A row of lsof with an Internet socket; None for any other line."""
    if len(words) < 7 or not {"IPv4", "IPv6"} & set(words[3:8]):
        return None
    for place, word in enumerate(words[5:12], start=5):
        if (transport := transport_of(word)) and place + 1 < len(words):
            local, _arrow, remote = words[place + 1].partition("->")
            ends = [read_endpoint(end) for end in (local, remote) if end]
            found = [end for end in ends if end is not None]
            if not found or len(found) < len(ends):
                return None
            program = _ESCAPED_BY_LSOF.sub(_unescaped, words[0])
            return connection(*found, transport=transport, program=program[:_LONGEST_PROGRAM])
    return None


def powershell_row(words: Sequence[str], columns: Sequence[str]) -> list[Mention] | None:
    """A row below the columns of Get-NetTCPConnection or Get-NetUDPEndpoint."""
    is_tcp = "remoteport" in columns
    ports = words[1:4:2] if is_tcp else words[1:2]
    ends = [read_endpoint(f"*:{port}") for port in ports]
    found = [end for end in ends if end is not None and not end.service]
    if not found or len(found) < len(ends):
        return None
    return connection(*found, transport=Transport.TCP if is_tcp else Transport.UDP, program="")


def connection(
    local: Endpoint,
    remote: Endpoint | None = None,
    *,
    transport: Transport | None,
    program: str,
) -> list[Mention] | None:
    """The ports of a socket: its own and, of a connection, that of the other end.

    Of a connection the other end's is probably the service, unless that is the temporary one. None
    where there cannot be such a port.
    """
    if not (local.is_possible and (remote is None or remote.is_possible)):
        return None
    is_listening = remote is None or remote.is_any
    mentions = [
        Mention(
            0,
            end.port,
            end.service,
            transport,
            side=side,
            is_listening=is_listening if side is Side.LOCAL else None,
            program=program if side is Side.LOCAL else "",
        )
        for side, end in ((Side.LOCAL, local), (Side.REMOTE, remote))
        if end is not None and not end.is_any
    ]
    if len(mentions) < 2:
        return mentions
    own, other = mentions
    is_own = other.is_temporary and not own.is_temporary
    return [
        own._replace(is_likely_service=is_own),
        other._replace(is_likely_service=not is_own),
    ]


def _endpoints(words: Sequence[str], *, dotted_names: bool) -> tuple[Endpoint, Endpoint] | None:
    """The first endpoint with the one beside it; every such table has both."""
    for place, word in enumerate(words[:_WORDS_BEFORE_ENDPOINTS]):
        if first := read_endpoint(word, dotted_names=dotted_names):
            beside = words[place + 1] if place + 1 < len(words) else ""
            second = read_endpoint(beside, dotted_names=dotted_names)
            return (first, second) if second else None
    return None


def _program(words: Sequence[str], line: str) -> str:
    names = dict.fromkeys(_USERS_OF_SS.findall(line))
    if names:
        return ", ".join(names)[:_LONGEST_PROGRAM]
    for word in words[2:7]:
        if found := _PROGRAM_OF_NETSTAT.match(word):
            return found[1]
    return ""


def _unescaped(escaped: re.Match[str]) -> str:
    """A character that lsof wrote in another way; left so where a terminal would obey it."""
    character = chr(int(escaped[1], 16))
    return character if character.isprintable() else escaped[0]
