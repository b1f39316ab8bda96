"""Commands that show what uses a port, each matching exactly that port. Pure."""

from typing import Final, NamedTuple

EXAMPLE_HOST: Final = "192.0.2.10"
"""Stands for the reader's own host; reserved for documentation (RFC 5737)."""


class Commands(NamedTuple):
    """The commands for one port, by where they are run."""

    linux: list[str]
    macos: list[str]
    powershell: list[str]
    windows_prompt: list[str]
    outside_tcp: list[str]
    outside_udp: list[str]


def commands_for(number: int, *, speaks_tls: bool = False) -> Commands:
    """The commands for port `number`; `speaks_tls` adds one that shows the certificate."""
    lsof = [f"sudo lsof -nP -iTCP:{number} -sTCP:LISTEN", f"sudo lsof -nP -iUDP:{number}"]
    endpoints = f"Get-NetUDPEndpoint -LocalPort {number}"
    listeners = f"Get-NetTCPConnection -State Listen -LocalPort {number}"
    return Commands(
        linux=[f"sudo ss -Htulnp 'sport = :{number}'", *lsof],
        macos=lsof,
        powershell=[
            listeners,
            endpoints,
            f"Get-Process -Id ({listeners}).OwningProcess",
            f"Get-Process -Id ({endpoints}).OwningProcess",
        ],
        # The blank behind the number ends it: 3440 does not find 34400.
        windows_prompt=[
            f'netstat -ano | findstr /R /C:"^ *TCP *[^ ]*:{number} "',
            f'netstat -ano | findstr /R /C:"^ *UDP *[^ ]*:{number} "',
        ],
        outside_tcp=[
            f"nc -vz {EXAMPLE_HOST} {number}",
            f"nmap -sV -p {number} {EXAMPLE_HOST}",
            *([f"openssl s_client -connect {EXAMPLE_HOST}:{number}"] if speaks_tls else []),
        ],
        outside_udp=[f"sudo nmap -sU -sV -p {number} {EXAMPLE_HOST}"],
    )
