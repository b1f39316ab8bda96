"""Lines that tools print and that name no port: headings, remarks, commands, other sockets."""

import re
from collections.abc import Sequence
from typing import Final

_BEGINNINGS: Final = (
    # ss, netstat, lsof, sockstat, PowerShell
    "netid state", "netid recv-q", "state recv-q", "recv-q send-q", "proto recv-q",
    "proto local address", "proto refcnt", "active connections", "active internet", "active unix",
    "active local", "active multipath", "active kernel", "command pid", "user command pid",
    "localaddress localport", "address type recv-q", "registered kernel control modules",
    "(not all processes could be identified", "will not be shown, you would have to be root",
    "(no info could be read for", "can not obtain ownership information",
    # nmap
    "# nmap", "starting nmap", "nmap scan report", "nmap done", "host is up",
    "not shown:", "port state service", "mac address:", "service info:",
    "service detection performed", "os and service detection", "os detection performed",
    "other addresses for", "rdns record for", "|", "device type:", "running: ", "running (",
    "os cpe:", "os details:", "network distance:", "aggressive os guesses:",
    "no exact os matches", "too many fingerprints", "read data files from", "raw packets sent:",
    # ufw, docker
    "status: active", "to action from", "container id image",
)  # fmt: skip
_OTHER_SOCKETS: Final = re.compile(
    r"unix|raw6?|icmp?[46]?|u_(?:str|dgr|seq)|nl|[pv]_(?:raw|str|dgr)|tipc|xdp|kctl|kevt", re.ASCII
)
_COMMAND: Final = re.compile(r"(?:^|[\s$#>%])(?:ss|netstat|lsof|nmap)(?:\.exe)?\s+-", re.ASCII)
_LOOKED_AT: Final = 300
_RULE: Final = frozenset("-=+| \t")


def is_remark(line: str, words: Sequence[str]) -> bool:
    """Whether a line is known, and names no port."""
    return (
        f"{' '.join(words[:8])} "[:_LOOKED_AT].lower().startswith(_BEGINNINGS)
        or _OTHER_SOCKETS.fullmatch(words[0][:20]) is not None
        or (words[0] == "Host:" and "Status:" in words)
        # Sockets that are files, on macOS.
        or (len(words) > 1 and words[1] in {"stream", "dgram", "seqpacket"})
        or _COMMAND.search(line[:_LOOKED_AT]) is not None
        or _RULE.issuperset(line)
    )


def may_head_a_table(line: str) -> bool:
    """Whether a line may be the heading of the table below it, in a language nobody foresaw."""
    return not any(character.isdigit() for character in line)
