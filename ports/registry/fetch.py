"""Getting the registry's file, from its address or from a local one, into a local copy."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from django.conf import settings

_CHUNK = 64 * 1024


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
        if urlsplit(source).scheme in {"http", "https"}:
            _download(source, path)
        else:
            try:
                shutil.copyfile(source, path)
            except OSError as error:
                raise FetchError(f"{source} cannot be read: {error.strerror}") from error
        yield Body(path, digest(path), source)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(url: str, path: Path) -> None:
    limit = settings.REGISTRY_DOWNLOAD_BYTES
    seconds = settings.REGISTRY_DOWNLOAD_SECONDS
    deadline = time.monotonic() + seconds
    size = 0
    try:
        with (
            httpx.stream("GET", url, timeout=min(seconds, 20)) as response,
            path.open("wb") as file,
        ):
            if response.status_code != httpx.codes.OK:
                raise FetchError(f"{url} answered {response.status_code} instead of 200")
            for chunk in response.iter_bytes(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise FetchError(f"{url} sent more than {limit:,} bytes")
                if time.monotonic() > deadline:
                    raise FetchError(f"{url} did not end within {seconds} seconds")
                file.write(chunk)
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise FetchError(f"{url} could not be downloaded: {reason}") from error
