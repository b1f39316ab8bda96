"""Which hosts the registry may be fetched from, and at which addresses they may be."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Final

import httpx
from django.conf import settings

from ports.registry.reasons import Reason, RegistryRefusedError

type Resolver = Callable[[str, int], Sequence[str]]
"""Gives the IP addresses of a host, at a port; raises OSError when it has none."""

# The part of IPv6 that is given out for use in public: all else is local, reserved or translated.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def system_addresses(host: str, port: int) -> list[str]:
    """The IP addresses that this machine knows a host by, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an IP address, or the IPv4 address inside an IPv6 one, is of the public Internet."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        elif found.sixtofour or found not in _GLOBAL_UNICAST:
            return False
    return found.is_global and not found.is_multicast


def may_follow(url: httpx.URL, target: httpx.URL, *, asked: httpx.URL) -> bool:
    """Whether a redirect from `url` to `target` may be followed, where `asked` was asked first.

    Only to REGISTRY_ALLOWED_HOSTS and to the host and port asked, and never from https to http.
    """
    if target.scheme != "https" and not (target.scheme == url.scheme == "http"):
        return False
    if target.userinfo:
        return False
    allowed = {as_httpx_writes_it(host) for host in settings.REGISTRY_ALLOWED_HOSTS}
    return target.host in allowed or (target.host, target.port) == (asked.host, asked.port)


def as_httpx_writes_it(host: str) -> str:
    """A host's name as it stands in an httpx.URL, so that the two can be compared."""
    return httpx.URL(scheme="https", host=host).host


async def checked_addresses(
    url: httpx.URL, *, private_allowed: bool, resolve: Resolver
) -> Sequence[str]:
    """The IP addresses of an address' host, asked for once.

    Raises OSError when there is none, and RegistryRefusedError when one of them is not public
    though it must be: such an answer comes from a name server that lies.
    """
    port = url.port or {"https": 443, "http": 80}[url.scheme]
    # As it goes into Host: Python would encode a name in another script in another way.
    addresses = await _resolved(resolve, url.raw_host.decode("ascii"), port)
    if not addresses:
        raise OSError(f"{url.host} has no address")
    if not private_allowed:
        for address in addresses:
            if not is_public(address):
                raise RegistryRefusedError(Reason.PRIVATE_ADDRESS, host=url.host, address=address)
    return addresses


async def _resolved(resolve: Resolver, host: str, port: int) -> Sequence[str]:
    """What `resolve` answers, from a thread that neither this program nor its end waits for.

    A name server that is silent blocks a resolver for as long as it likes.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str] | OSError] = loop.create_future()

    def settle(found: Sequence[str] | OSError) -> None:
        if not answer.done():
            answer.set_result(found)

    def look_up() -> None:
        found: Sequence[str] | OSError
        try:
            found = resolve(host, port)
        except OSError as error:
            found = error
        except ValueError as error:  # a name that no name server can be asked for
            found = OSError(str(error))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    Thread(target=look_up, name="name resolution", daemon=True).start()
    found = await answer
    if isinstance(found, OSError):
        raise found
    return found
