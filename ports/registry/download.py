"""The registry's file from an http(s) address: as a whole and within its limits, or not at all."""

import asyncio
import re
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
from django.conf import settings

from ports.registry.addresses import Resolver, as_httpx_writes_it, may_follow
from ports.registry.arrival import Arrival, DamagedError, TooLargeError
from ports.registry.client import REDIRECTS, client_for, in_words, parsed
from ports.registry.reasons import FetchError, Reason, RegistryRefusedError
from ports.registry.wire import Wire

MOST_REDIRECTS: Final = 5
_SECONDS_BETWEEN_REPORTS: Final = 0.2


class Validators(NamedTuple):
    """What a server gave to recognise an unchanged file by; "" where it gave none."""

    etag: str = ""
    last_modified: str = ""


type Received = Callable[[int, int | None], None]
"""Told the bytes that came so far, as they came, and of how many, where the server said it; also
while nothing comes."""


def without_user(source: str) -> str:
    """An address without the user and password in it, which belong in no log and on no page."""
    return re.sub(r"(?<=://)[^/?#]*@", "", source, count=1)


def download(
    source: str, path: Path, *, known: Validators, received: Received, resolve: Resolver
) -> Validators | None:
    """Bring what lies at `source` to `path`; None when the server says that `known` is current.

    Raises FetchError and RegistryRefusedError, as `fetch` does.
    """
    shown = without_user(source)
    seconds = settings.REGISTRY_DOWNLOAD_SECONDS
    try:
        coming = _Download(parsed(source), shown, path, known, resolve)
        return _watched(coming, seconds, received)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise FetchError(Reason.NO_ANSWER_IN_TIME, source=shown, seconds=seconds) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise FetchError(Reason.NOT_REACHABLE, source=shown, error=in_words(error)) from error


def _watched(coming: "_Download", seconds: float, received: Received) -> Validators | None:
    """Download in a thread of its own, so that who waits is told of it all the while.

    What is told may use the database, which an event loop must not; and it is told in silence too,
    so that it is known that somebody still waits.
    """
    with ThreadPoolExecutor(max_workers=1) as executor:
        ended = executor.submit(asyncio.run, coming.within(seconds))
        try:
            while not wait([ended], timeout=_SECONDS_BETWEEN_REPORTS).done:
                received(coming.so_far, coming.in_all)
        except BaseException:
            coming.cancel()
            raise
    validators = ended.result()
    if validators is not None:
        received(coming.so_far, coming.in_all)
    return validators


class _Download:
    """One download, from the first request to the last byte.

    `so_far` bytes have come, as they came, of `in_all`, which is None while that is not known.
    """

    def __init__(
        self,
        asked: httpx.URL,
        source: str,
        path: Path,
        known: Validators,
        resolve: Resolver,
    ) -> None:
        self.so_far = 0
        self.in_all: int | None = None
        self._task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asked
        self._source = source
        self._path = path
        self._resolve = resolve
        self._headers = {"Accept-Encoding": "gzip", "Connection": "close"}
        if known.etag:
            self._headers["If-None-Match"] = known.etag
        if known.last_modified:
            self._headers["If-Modified-Since"] = known.last_modified
        self._conditional = any(known)

    async def within(self, seconds: float) -> Validators | None:
        """Download; raise TimeoutError unless all has come within so many seconds.

        Asynchronous because httpx's own timeouts begin anew with every byte that comes, so that an
        answer that drips would never end.
        """
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        async with asyncio.timeout(seconds):
            url = self._asked
            for _ in range(MOST_REDIRECTS + 1):
                async with (
                    await client_for(
                        url,
                        private_allowed=self._may_be_private(url.host),
                        resolve=self._resolve,
                    ) as client,
                    client.stream("GET", url, headers=self._headers) as response,
                ):
                    location = response.extensions["location"]
                    if response.status_code not in REDIRECTS or not location:
                        return await self._take(response)
                url = self._target(url, location)
            raise self._not_followed(str(url))

    def cancel(self) -> None:
        """Give the download up, from another thread."""
        if self._loop and self._task:
            with suppress(RuntimeError):  # it has just ended
                self._loop.call_soon_threadsafe(self._task.cancel)

    def _may_be_private(self, host: str) -> bool:
        """Whether an operator named this host, in the environment or on the command line."""
        typed = self._asked != httpx.URL(settings.REGISTRY_URL)
        named = {as_httpx_writes_it(name) for name in settings.REGISTRY_PRIVATE_HOSTS}
        return host in named or (typed and host == self._asked.host)

    def _target(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            target = parsed(str(httpx.URL(without_user(str(url))).join(location)))
        except httpx.InvalidURL as error:
            raise self._not_followed(location) from error
        if not may_follow(url, target, asked=self._asked):
            raise self._not_followed(location)
        return target

    def _not_followed(self, target: str) -> RegistryRefusedError:
        return RegistryRefusedError(
            Reason.REDIRECT, source=self._source, target=in_words(target), most=MOST_REDIRECTS
        )

    async def _take(self, response: httpx.Response) -> Validators | None:
        status = response.status_code
        if status == httpx.codes.NOT_MODIFIED and self._conditional:
            return None
        if status != httpx.codes.OK:
            raise FetchError(Reason.STATUS, source=self._source, status=status)
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in {"identity", "gzip"}:
            raise self._refused(Reason.ENCODING, encoding=in_words(encoding))
        packed = encoding == "gzip"
        chunked = "Transfer-Encoding" in response.headers
        length = None if chunked else _length(response)
        if length is None and not chunked and not packed:
            raise self._refused(Reason.END_UNKNOWN)
        limit = settings.REGISTRY_DOWNLOAD_BYTES
        if length is not None and length > limit:
            raise self._refused(Reason.TOO_LARGE, limit=limit)
        try:
            with self._path.open("wb") as file:
                await self._receive(response, Arrival(file, limit=limit, packed=packed), length)
        except TooLargeError as error:
            raise self._refused(Reason.TOO_LARGE, limit=limit) from error
        except (DamagedError, httpx.HTTPError, ssl.SSLError) as error:
            raise self._refused(Reason.CUT_SHORT, error=in_words(error)) from error
        return Validators(_validator(response, "ETag"), _validator(response, "Last-Modified"))

    async def _receive(
        self, response: httpx.Response, arrival: Arrival, length: int | None
    ) -> None:
        wire = response.extensions["network_stream"]
        self.in_all = length
        async for raw in response.aiter_raw():
            arrival.take(raw)
            at_end = arrival.received == length and isinstance(wire, Wire)
            if at_end and await wire.brings_more_than(raw):
                raise DamagedError("more came than the server had said")
            self.so_far = arrival.received
        arrival.end()

    def _refused(self, reason: Reason, **figures: object) -> RegistryRefusedError:
        return RegistryRefusedError(reason, source=self._source, **figures)


def _length(response: httpx.Response) -> int | None:
    # Digits only, and the same in every such header, or the answer was not read so far.
    length = response.headers.get("Content-Length")
    return None if length is None else int(length)


def _validator(response: httpx.Response, name: str) -> str:
    """A header to be sent back one day; "" for one that no request could carry."""
    value = response.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) <= 200 else ""
