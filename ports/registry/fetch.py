"""Getting the registry's file, from its address or from a local one, into a local copy."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
from django.conf import settings


class FetchError(Exception):
    """The file could not be had; the message says why and what was tried."""


class Body(NamedTuple):
    """A local copy of the registry's file: where it lies, what it is, where it came from."""

    path: Path
    sha256: str
    source: str


@contextmanager
def fetch(source: str) -> Iterator[Body]:
    """A local copy of `source`, an http(s) address or a file's path, for the time of the block.

    Raises FetchError when it cannot be read, is larger than REGISTRY_DOWNLOAD_BYTES, or has not
    arrived as a whole within REGISTRY_DOWNLOAD_SECONDS.
    """
    with TemporaryDirectory(prefix="download-", dir=settings.STATE_DIR) as folder:
        path = Path(folder) / "registry.csv"
        if source.lower().startswith(("http://", "https://")):
            _download(source, path)
        else:
            _copy(source, path)
        yield Body(path, digest(path), source)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: str, path: Path) -> None:
    limit = settings.REGISTRY_DOWNLOAD_BYTES
    try:
        with Path(source).open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise FetchError(f"{source} cannot be read: {error.strerror}") from error
    if len(content) > limit:
        raise FetchError(f"{source} holds more than {limit:,} bytes")
    path.write_bytes(content)


def _download(url: str, path: Path) -> None:
    seconds = settings.REGISTRY_DOWNLOAD_SECONDS
    try:
        asyncio.run(_receive(url, path, within=seconds))
    except TimeoutError as error:
        raise FetchError(f"{url} did not end within {seconds} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise FetchError(f"{url} could not be downloaded: {reason}") from error


async def _receive(url: str, path: Path, *, within: float) -> None:
    """Download into `path`; raise TimeoutError unless all has come `within` so many seconds.

    Asynchronous because httpx's own timeouts begin anew with every byte that comes, so that an
    answer that drips would never end.
    """
    limit = settings.REGISTRY_DOWNLOAD_BYTES
    size = 0
    async with (
        asyncio.timeout(within),
        httpx.AsyncClient(timeout=min(within, 20)) as client,
        client.stream("GET", url) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise FetchError(f"{url} answered {response.status_code} instead of 200")
        with path.open("wb") as file:
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                if size > limit:
                    raise FetchError(f"{url} sent more than {limit:,} bytes")
                file.write(chunk)
