"""A client for one request to the world outside, which cannot be led inside."""

import ssl
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx

from ports.registry.addresses import Resolver, checked_addresses
from ports.registry.wire import transport_to

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_QUOTE: Final = 200
_NONE: Final = httpx.Timeout(None)
"""Of each single step: the deadline is that of the whole."""


async def client_for(
    url: httpx.URL, *, private_allowed: bool, resolve: Resolver
) -> httpx.AsyncClient:
    """A client for one request: by a proxy of the environment, or to addresses just checked.

    A proxy resolves the names itself, so that the addresses are its own business. Where an answer
    redirects to stands in its `extensions["location"]`. There is no timeout: httpx's own begin anew
    with every byte that comes, so that an answer that drips would never end.

    Raises OSError, and RegistryRefusedError for a private address that is not allowed.
    """
    if url.scheme == "https":
        tls = httpx.create_ssl_context()
    else:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # which trusts nobody, and is not used
    if proxy := _proxy(url):
        try:
            transport = httpx.AsyncHTTPTransport(proxy=proxy, verify=tls)
        except (ValueError, ImportError) as error:  # of a kind that httpx cannot talk to
            raise OSError(in_words(error)) from error
    else:
        addresses = await checked_addresses(url, private_allowed=private_allowed, resolve=resolve)
        transport = transport_to(addresses, tls)
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        timeout=_NONE,
        event_hooks={"response": [_set_location_aside]},
    )


def parsed(source: str) -> httpx.URL:
    """An address with a host; raises httpx.InvalidURL."""
    url = httpx.URL(source)
    if not url.host or (url.port is not None and not 1 <= url.port <= 65535):
        raise httpx.InvalidURL("no host, or no such port")
    return url


def in_words(said: object) -> str:
    """What an error or a server said, fit for a log: short, and without control characters."""
    if isinstance(said, OSError) and said.strerror:
        said = said.strerror
    text = str(said) or type(said).__name__
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)[
        :_LONGEST_QUOTE
    ]


async def _set_location_aside(response: httpx.Response) -> None:
    """Keep httpx from making a request of it, which fails where it is no http address."""
    response.extensions["location"] = response.headers.pop("Location", "")


def _proxy(url: httpx.URL) -> str | None:
    """The proxy that the environment names for an address, as HTTPS_PROXY and its like do."""
    if proxy_bypass(url.netloc.decode("ascii")):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"
