"""Asking web servers whether a page is there, without being a burden or being led inside.

Of an answer only its head is read: no content is waited for, decoded or kept.
"""

import asyncio
import ipaddress
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from enum import StrEnum
from time import monotonic
from typing import Final, NamedTuple

import httpx
from django.conf import settings

from ports.registry.addresses import Resolver, as_httpx_writes_it, is_public
from ports.registry.client import REDIRECTS, client_for, parsed
from ports.registry.download import without_user
from ports.registry.reasons import RegistryRefusedError

SECONDS: Final = 15.0
"""So long may the requests for one address take together."""
PAUSE: Final = 1.0
"""Between two requests to the same host."""
AT_ONCE: Final = 8
"""So many hosts are asked at the same time."""
MOST_REDIRECTS: Final = 5

# Some servers know no HEAD, refuse it, or answer it as if nothing were there.
_TO_BE_ASKED_AGAIN: Final = frozenset({403, 404, 405, 410, 501})


class Failure(StrEnum):
    """Why there was no answer."""

    NO_NAME = "no_name"
    NO_CONNECTION = "no_connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    REDIRECTS = "redirects"
    PRIVATE_ADDRESS = "private_address"


class Answer(NamedTuple):
    """What came of asking: the status of the last answer, or why there was none."""

    status: int | None
    failure: Failure | None = None


async def ask_all(
    addresses: Collection[str], *, resolve: Resolver, seconds: float
) -> dict[str, Answer]:
    """What came of asking for each address; those not asked within `seconds` are left out."""
    turns = _Turns()
    tasks = {asyncio.create_task(_ask(address, turns, resolve)): address for address in addresses}
    if not tasks:
        return {}
    done, left = await asyncio.wait(tasks, timeout=seconds)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return {tasks[task]: task.result() for task in done}


class _Turns:
    """Lets each host be asked once at a time, with a pause in between."""

    def __init__(self) -> None:
        self._of_host: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: defaultdict[str, float] = defaultdict(float)
        self._at_once = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        async with self._of_host[host]:
            await asyncio.sleep(max(0.0, self._free_at[host] - monotonic()))
            async with self._at_once:
                try:
                    yield
                finally:
                    self._free_at[host] = monotonic() + PAUSE


async def _ask(address: str, turns: _Turns, resolve: Resolver) -> Answer:
    try:
        return await _follow(parsed(without_user(address)), turns, resolve)
    except (TimeoutError, httpx.TimeoutException):
        return Answer(None, Failure.TIMEOUT)
    except RegistryRefusedError:
        return Answer(None, Failure.PRIVATE_ADDRESS)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        is_tls = isinstance(error, ssl.SSLError) or _comes_of_tls(error)
        return Answer(None, Failure.TLS if is_tls else Failure.NO_CONNECTION)


async def _follow(url: httpx.URL, turns: _Turns, resolve: Resolver) -> Answer:
    """Ask, and follow where it leads; what it costs to wait for a turn does not count."""
    method, redirects, left = "HEAD", 0, SECONDS
    while True:
        if not _may_be_asked(url):
            return Answer(None, Failure.PRIVATE_ADDRESS)
        async with turns.of(url.host):
            began = monotonic()
            async with asyncio.timeout(left):
                answer, location = await _head_of(url, method, resolve)
            left -= monotonic() - began
        if answer.status in REDIRECTS and location:
            redirects += 1
            try:
                url = parsed(without_user(str(url.join(location))))
            except httpx.InvalidURL:
                return Answer(None, Failure.REDIRECTS)
            if redirects > MOST_REDIRECTS or url.scheme not in {"http", "https"}:
                return Answer(None, Failure.REDIRECTS)
        elif method == "HEAD" and answer.status in _TO_BE_ASKED_AGAIN:
            method = "GET"
        else:
            return answer


async def _head_of(url: httpx.URL, method: str, resolve: Resolver) -> tuple[Answer, str]:
    """The answer to one request, and where it redirects to."""
    try:
        client = await client_for(url, private_allowed=_is_allowed(url.host), resolve=resolve)
    except OSError:
        return Answer(None, Failure.NO_NAME), ""
    headers = {
        "User-Agent": f"Portsite (+{settings.SITE_URL}/)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    async with client, client.stream(method, url, headers=headers) as response:
        return Answer(response.status_code), response.extensions["location"]


def _may_be_asked(url: httpx.URL) -> bool:
    """Whether a host that is an IP address is a public one, or one that the settings allow.

    Names are looked up, and what comes of it is checked, where no proxy does that.
    """
    try:
        ipaddress.ip_address(url.host)
    except ValueError:
        return True
    return is_public(url.host) or _is_allowed(url.host)


def _is_allowed(host: str) -> bool:
    """Whether the settings name this host as one that may have a private address."""
    return host in {as_httpx_writes_it(name) for name in settings.LINK_CHECKS_PRIVATE_HOSTS}


def _comes_of_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
