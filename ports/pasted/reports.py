"""What scanners and firewalls report, and lists of ports that people write."""

import re
from collections.abc import Sequence
from typing import Final

from ports.pasted.endpoints import read_endpoint
from ports.pasted.mentions import Mention, Side
from ports.pasted.rows import transport_of
from ports.registry.records import LAST_PORT, Transport

# `22/tcp   open  ssh`, and of -oG: `22/open/tcp//ssh///`
_NMAP_ROW: Final = re.compile(
    r"([0-9]{1,5})/(tcp|udp|sctp)\s{1,20}((?:open|closed|filtered|unfiltered)\S{0,20})", re.ASCII
)
_NMAP_ITEM: Final = re.compile(r"(?<![0-9])([0-9]{1,5})/([a-z|]{4,20})/(tcp|udp|sctp)/", re.ASCII)
_LISTENS: Final = {"open": True, "closed": False}

_PROTOCOLS_OF_LOGS: Final = {
    **{transport.upper(): transport for transport in Transport},
    # Those that a kernel does not know are logged by number.
    "6": Transport.TCP,
    "17": Transport.UDP,
    "33": Transport.DCCP,
    "132": Transport.SCTP,
}

_WITH_PROTOCOL: Final = re.compile(
    # What Docker prints of a published port stands before: `0.0.0.0:8080->80/tcp`.
    r"(?<![\w/.])(?:([0-9]{1,5})->)?([0-9]{1,5})/(tcp|udp|sctp|dccp)\b(?!/)",
    re.ASCII | re.IGNORECASE,
)
_ITEM: Final = re.compile(
    r"(?:(tcp|udp|sctp|dccp)[/: ])?([0-9]{1,5})(?:[/ ](tcp|udp|sctp|dccp))?",
    re.ASCII | re.IGNORECASE,
)
_NAMED_ITEM: Final = re.compile(
    r"(?=[^/]*[A-Za-z])([A-Za-z0-9][A-Za-z0-9_.+*-]{0,62})/(tcp|udp|sctp|dccp)",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_ITEM: Final = 100


def nmap(line: str) -> list[Mention] | None:
    """A row of a scan report, as people read it or as -oG writes it; None for any other line."""
    if found := _NMAP_ROW.match(line):
        number, protocol, state = found.groups()
        return _scanned([(number, state, protocol)])
    if line.startswith("Host:") and "Ports:" in line:
        return _scanned(_NMAP_ITEM.findall(line.partition("Ports:")[2])) or None
    return None


def _scanned(rows: Sequence[tuple[str, ...]]) -> list[Mention]:
    return [
        Mention(0, int(number), transport=Transport(protocol), is_listening=_LISTENS.get(state))
        for number, state, protocol in rows
        if int(number) <= LAST_PORT
    ]


def firewall(words: Sequence[str]) -> list[Mention] | None:
    """A packet that iptables, nftables or ufw logged; None for any other line.

    What came in has its source elsewhere, what went out its destination; of what was passed on both
    ends are. A packet without ports (ICMP) names none; those that it quotes are not its own.
    """
    said: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if sign:
            said.setdefault(name, value)
    if "PROTO" not in said or "SRC" not in said:
        return None
    transport = _PROTOCOLS_OF_LOGS.get(said["PROTO"].upper())
    if transport is None:
        return []
    came_in, went_out = bool(said.get("IN")), bool(said.get("OUT"))
    sides: tuple[Side | None, Side | None] = (None, None)
    if came_in != went_out:
        sides = (Side.REMOTE, Side.LOCAL) if came_in else (Side.LOCAL, Side.REMOTE)
    mentions = []
    for name, side in zip(("SPT", "DPT"), sides, strict=True):
        if name in said:
            end = read_endpoint(f"*:{said[name]}")
            if end is None or end.port is None or not end.is_possible:
                return None
            mentions.append(
                Mention(
                    0, end.port, transport=transport, side=side, is_likely_service=name == "DPT"
                )
            )
    return mentions


def a_list(line: str) -> list[Mention] | None:
    """Ports one after the other: `80/tcp, 443`; None where there is anything else in the line."""
    for items in (re.split(r"[,;]", line), line.replace(",", " ").replace(";", " ").split()):
        mentions = []
        for item in filter(None, map(str.strip, items)):
            mention = _item(item)
            if mention is None:
                break
            mentions.append(mention)
        else:
            return mentions or None
    return None


def _item(item: str) -> Mention | None:
    if len(item) > _LONGEST_ITEM:
        return None
    if found := _ITEM.fullmatch(item):
        before, number, after = found.groups()
        transport = transport_of(before or after or "")
        if int(number) > LAST_PORT or (before and after):
            return None
        return Mention(0, int(number), transport=transport)
    if found := _NAMED_ITEM.fullmatch(item):
        return Mention(0, None, found[1].lower(), Transport(found[2].lower()))
    end = read_endpoint(item)
    if end is None or end.port is None or not end.is_possible:
        return None
    return Mention(0, end.port)


def in_words(line: str) -> list[Mention] | None:
    """Ports with their protocol anywhere in a line: `22/tcp ALLOW Anywhere`.

    None where there is none, or one that cannot be.
    """
    mentions = []
    for outer, inner, protocol in _WITH_PROTOCOL.findall(line):
        numbers = [int(number) for number in (outer, inner) if number]
        if max(numbers) > LAST_PORT:
            return None
        transport = Transport(protocol.lower())
        mentions += [Mention(0, number, transport=transport) for number in numbers]
    return mentions or None
