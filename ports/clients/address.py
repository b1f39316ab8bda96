"""Whose request it is, as far as limits need to know: never stored, never written to a log."""

from collections.abc import Mapping, Sequence
from functools import cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

_PREFIX: Final = 64
"""Whoever has an IPv6 address has at least so long a prefix, and 2^64 addresses in it."""
_PREFIX_MASK: Final = ~0 << (128 - _PREFIX)

_THIS_MACHINE: Final = ("127.0.0.0/8", "::1/128")

type _Address = IPv4Address | IPv6Address


def address_of(request: HttpRequest) -> str:
    """The address that a request came from, by the proxies that the settings trust."""
    return client_address(request.META, settings.TRUSTED_PROXIES)


def client_address(meta: Mapping[str, Any], trusted_proxies: Sequence[str]) -> str:
    """The address that a request came from, as text: IPv4, or the first 64 bits of IPv6.

    `meta` is a WSGI environment. X-Forwarded-For is believed as far as it was written by
    `trusted_proxies` (networks; this machine if there are none), from its end backwards: what a
    client wrote there itself is never reached. No other header is looked at.
    """
    networks = _networks(tuple(trusted_proxies) or _THIS_MACHINE)
    # A proxy that speaks through a Unix socket has no address.
    found = _parsed(meta.get("REMOTE_ADDR", "")) or ip_address("127.0.0.1")
    for said in reversed(str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        if not any(found in network for network in networks):
            break
        address = _parsed(said)
        if address is None:
            break
        found = address
    if isinstance(found, IPv6Address):
        return f"{IPv6Address(int(found) & _PREFIX_MASK)}/{_PREFIX}"
    return str(found)


@cache
def _networks(said: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(map(ip_network, said))


def _parsed(text: str) -> _Address | None:
    """An address, with or without a port; IPv4 where it was written as IPv6."""
    text = text.strip()
    if text.startswith("["):
        text = text.removeprefix("[").partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
