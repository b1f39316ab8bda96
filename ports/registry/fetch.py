"""Getting the registry's file, from its address or from a local one, into a local copy."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from ports.registry.addresses import Resolver, system_addresses
from ports.registry.arrival import Arrival, TooLargeError
from ports.registry.download import Received, Validators, download, without_user
from ports.registry.reasons import FetchError, Reason, RegistryRefusedError

NO_VALIDATORS: Final = Validators()
_PIECE: Final = 64 * 1024


class Body(NamedTuple):
    """A local copy of the registry's file: where it lies, what it is, where it came from."""

    path: Path
    sha256: str
    source: str
    validators: Validators = NO_VALIDATORS


def _tell_nobody(_so_far: int, _in_all: int | None) -> None:
    """No report of what came."""


@contextmanager
def fetch(
    source: str,
    *,
    known: Validators = NO_VALIDATORS,
    received: Received = _tell_nobody,
    resolve: Resolver = system_addresses,
) -> Iterator[Body | None]:
    """A local copy of `source`, an http(s) address or a file's path, for the time of the block.

    None when the server says that the file with the `known` validators is still current. `received`
    is told a few times a second how many bytes came, as they came, and of how many in all.

    Raises FetchError when the file cannot be had, all of it within REGISTRY_DOWNLOAD_SECONDS, and
    RegistryRefusedError when it is larger than REGISTRY_DOWNLOAD_BYTES, when it did not come as a
    whole, or from where it may not come.
    """
    with TemporaryDirectory(prefix="download-", dir=settings.STATE_DIR) as folder:
        path = Path(folder) / "registry.csv"
        validators: Validators | None = NO_VALIDATORS
        if source.lower().startswith(("http://", "https://")):
            validators = download(source, path, known=known, received=received, resolve=resolve)
        else:
            _copy(source, path, received)
        if validators is None:
            yield None
        else:
            yield Body(path, digest(path), without_user(source), validators)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: str, path: Path, received: Received) -> None:
    limit = settings.REGISTRY_DOWNLOAD_BYTES
    try:
        with _opened(source) as file, path.open("wb") as copy:
            size = os.fstat(file.fileno()).st_size
            arrival = Arrival(copy, limit=limit, packed=False)
            while piece := file.read(_PIECE):
                arrival.take(piece)
            received(arrival.received, size)
    except TooLargeError as error:
        raise RegistryRefusedError(Reason.TOO_LARGE, source=source, limit=limit) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise FetchError(Reason.NOT_READABLE, source=source, error=why or str(error)) from error


def _opened(source: str) -> BinaryIO:
    """A file to read; raises OSError, or ValueError for what is none or never ends."""
    if re.match(r"[a-z][a-z0-9+.-]+:", source, re.IGNORECASE):
        raise ValueError(
            _("an address must begin with https:// or http://; a file is named by its path alone")
        )
    file = open(source, "rb", opener=_open_without_waiting)  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise ValueError(_("it is not a regular file"))
    return file


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file, and a pipe too, though nobody writes to it."""
    return os.open(path, flags | os.O_NONBLOCK)
