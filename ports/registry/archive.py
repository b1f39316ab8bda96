"""The registry's files, kept compressed: the accepted ones for good, refused ones for a while."""

from datetime import datetime
from typing import Final

from django.utils import timezone
from isal import isal_zlib

from ports.models import RegistryFile, Snapshot
from ports.registry import raw_rows
from ports.registry.parse import without_addresses
from ports.registry.raw_rows import RawRows

EXCERPT_BYTES: Final = 64 * 1024
"""How much is kept of a file that is not the registry, for a look at what came instead."""

_GZIP: Final = 31


def keep(content: bytes, sha256: str) -> RegistryFile:
    """Keep a file, free of e-mail addresses; `sha256` is that of the file as it came."""
    return _keep(content, sha256, anew=True)


def keep_refused(data: bytes, sha256: str, *, is_registry: bool) -> RegistryFile:
    """Keep what was refused: the whole of a file that is the registry, the beginning of others."""
    rows = raw_rows.split(data) if is_registry else None
    if rows:
        content = raw_rows.cleaned(rows).dump()
    else:
        text = (data if is_registry else data[:EXCERPT_BYTES]).decode(errors="replace")
        content = without_addresses(text).encode()
    is_accepted = Snapshot.objects.filter(file__sha256=sha256).exists()
    return _keep(content, sha256, anew=is_registry and not is_accepted)


def content_of(file: RegistryFile) -> bytes:
    """The file as it came, but for e-mail addresses."""
    return isal_zlib.decompress(bytes(file.content), wbits=_GZIP)


def rows_of(snapshot: Snapshot) -> RawRows | None:
    """The rows of a snapshot's file; None when none is kept."""
    file = RegistryFile.objects.filter(snapshots=snapshot).first()
    return raw_rows.load(content_of(file)) if file else None


def as_of(date: str) -> Snapshot | None:
    """The snapshot with the registry as it stood on a date (YYYY-MM-DD); None when none is kept.

    That is the newest whose own newest date is not after it.
    """
    return (
        Snapshot.objects.authoritative()
        .filter(file__isnull=False, names_as_of__lte=date)
        .order_by("-names_as_of", "-id")
        .first()
    )


def forget_refused(before: datetime) -> int:
    """Forget the refused files that were kept before that time; return of how many."""
    old = RegistryFile.objects.filter(snapshots__isnull=True, kept_at__lt=before)
    count, _by_model = old.delete()
    return count


def _keep(content: bytes, sha256: str, *, anew: bool) -> RegistryFile:
    """Keep a file; the content of one that is kept already changes only where it is kept `anew`."""
    packer = isal_zlib.compressobj(wbits=_GZIP)
    packed = packer.compress(content) + packer.flush()
    made = {"content": packed, "kept_at": timezone.now()}
    file, _is_new = RegistryFile.objects.update_or_create(
        sha256=sha256,
        defaults=made if anew else {"kept_at": made["kept_at"]},
        create_defaults=made,
    )
    return file
