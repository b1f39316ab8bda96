"""Connections to IP addresses that were checked, and to no others."""

import asyncio
import ssl
from collections.abc import Iterable, Sequence
from typing import Any, Final

import httpcore
import httpx

_PATIENCE: Final = 5.0
"""Seconds for a connection to one address while there are others to try."""
_MOMENT: Final = 0.2
"""Seconds in which a server closes the connection, which it was asked to do, after its answer."""


class Wire(httpcore.AsyncNetworkStream):
    """A connection that sees whether more comes on it than the answer."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._last = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._last = await self._stream.read(max_bytes, timeout)
        return self._last

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return Wire(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except asyncio.CancelledError:
            # At the deadline. After any other error httpcore closes the connection itself.
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def brings_more_than(self, end: bytes) -> bool:
        """Whether anything came after `end`, the last piece of an answer, or comes at once."""
        if not self._last.endswith(end):
            return True
        try:
            return bool(await self._stream.read(1, _MOMENT))
        except (httpcore.TimeoutException, httpcore.NetworkError, ssl.SSLError):
            return False


class _Addresses(httpcore.AsyncNetworkBackend):
    """Connects to the first of some IP addresses that answers, whichever name is asked for."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - whose addresses they are
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = self._addresses
        own = (local_address, socket_options)
        for address in others:
            try:
                return Wire(await self._sockets.connect_tcp(address, port, _PATIENCE, *own))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return Wire(await self._sockets.connect_tcp(last, port, timeout, *own))


def transport_to(addresses: Sequence[str], tls: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    """A transport whose connections lead to these IP addresses.

    The name in the address that is asked for still goes into Host and SNI, and the certificate
    must be for it.
    """
    transport = httpx.AsyncHTTPTransport(verify=tls)
    # httpcore takes a network backend, but httpx 0.28 has no argument to hand one down.
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=tls, network_backend=_Addresses(addresses)
    )
    return transport
