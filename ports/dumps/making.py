"""Making the downloads: all of them from one state of the database, put in place as one."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ports import generation
from ports.api import shapes
from ports.api.addresses import site_url
from ports.api.views.assignments import Assignments
from ports.api.views.ports import Ports
from ports.api.views.registry import Changes
from ports.dumps import editorial_files, places, registry_files, sqlite_files
from ports.dumps.licences import CC0, CC_BY, Licence
from ports.dumps.packing import Packing, packing, write_durably
from ports.dumps.places import CHECKSUMS, Manifest
from ports.dumps.reading import one_state
from ports.languages import SOURCE
from ports.models import PublicationEvent, RegistryChange, Snapshot

GZIP: Final = "application/gzip"
_CSV: Final = "text/csv; charset=utf-8; header=present"
_JSON_LINES: Final = "application/jsonl"
_SQLITE: Final = "application/vnd.sqlite3"
_ARTICLES: Final = "articles.jsonl.gz"
_WITHDRAWN: Final = (PublicationEvent.Action.UNPUBLISHED, PublicationEvent.Action.EXPIRED)


class Dump(NamedTuple):
    """A download: its name, what is in it, and what writes it and says how many records it has."""

    name: str
    description: str
    unpacked_type: str
    licence: Licence
    write: Callable[[Packing, Path], int]


def _list(listing: Any) -> Callable[[Packing, Path], int]:
    return lambda out, _folder: registry_files.write_list(out, listing)


DUMPS: Final = (
    Dump(
        "registry.csv.gz",
        "IANA's records in IANA's twelve columns and order, Reserved and Unassigned ones included.",
        _CSV,
        CC0,
        lambda out, _folder: registry_files.write_csv(out),
    ),
    Dump(
        "assignments.jsonl.gz",
        "IANA's records as the API gives them.",
        _JSON_LINES,
        CC0,
        _list(Assignments),
    ),
    Dump(
        "ports.jsonl.gz",
        "All 65,536 port numbers as the API lists them.",
        _JSON_LINES,
        CC0,
        _list(Ports),
    ),
    Dump(
        "changes.jsonl.gz",
        "What changed in the registry, as the API gives it.",
        _JSON_LINES,
        CC0,
        _list(Changes),
    ),
    Dump(
        "registry.sqlite.gz",
        "Records, ports and changes as a database, with full-text search over names and "
        "descriptions.",
        _SQLITE,
        CC0,
        sqlite_files.write_registry,
    ),
    Dump(
        _ARTICLES,
        "What editors wrote, in every language in which it is published: articles, usages, "
        "explanations of services.",
        _JSON_LINES,
        CC_BY,
        lambda out, _folder: editorial_files.write_articles(out),
    ),
    # After the lines, from which it is made.
    Dump(
        "articles.sqlite.gz",
        "The same as a database, with full-text search over all texts.",
        _SQLITE,
        CC_BY,
        lambda out, folder: sqlite_files.write_articles(out, folder, folder / _ARTICLES),
    ),
)


def make(
    *, force: bool = False, progress: Callable[[str], None] = lambda _name: None
) -> Manifest | None:
    """Make all downloads, and put them in the place of those of before.

    Returns the new manifest; None where nothing has changed since the last, unless by `force`.
    Raises places.BusyError when somebody else is at it.
    """
    with places.alone(), one_state():
        state = _state()
        before = places.newest()
        if not force and before and before["state"] == state and places.is_whole(before):
            places.remove_earlier(_may_stay)
            return None
        with places.draft() as folder:
            files = write_all(folder, progress)
            manifest = _manifest(files, _checksums(folder, files), state)
            places.put_in_place(folder, manifest, _may_stay)
    return manifest


def make_if_withdrawn() -> Manifest | None:
    """Make all downloads anew where something in the newest was withdrawn since; as `make`.

    Does nothing where none were ever made. One query.
    """
    newest = places.newest()
    return None if newest is None or _may_stay(newest) else make()


def write_all(folder: Path, progress: Callable[[str], None]) -> list[dict[str, Any]]:
    """Write every download into a folder; return what a manifest says of each."""
    languages = {CC0: [SOURCE.tag], CC_BY: editorial_files.languages_live()}
    found = []
    for dump in DUMPS:
        progress(dump.name)
        with packing(folder / dump.name) as out:
            count = dump.write(out, folder)
        found.append(
            {
                "name": dump.name,
                "description": dump.description,
                "media_type": GZIP,
                "unpacked_media_type": dump.unpacked_type,
                "records": count,
                "languages": languages[dump.licence],
                "licence": {"spdx": dump.licence.spdx, "url": dump.licence.url},
                "bytes": out.packed.bytes,
                "sha256": out.packed.sha256,
                "unpacked_bytes": out.content.bytes,
                "unpacked_sha256": out.content.sha256,
            }
        )
    return found


def _may_stay(made: Manifest) -> bool:
    """Whether nothing was withdrawn since a set was made, in which readers would still see it."""
    last = made.get("last_publication")
    since = last if isinstance(last, int) else 0
    return not PublicationEvent.objects.filter(id__gt=since, action__in=_WITHDRAWN).exists()


def _state() -> str:
    """What stays the same for as long as the downloads would."""
    said = repr((*generation.asked(), settings.SITE_URL))
    return hashlib.sha256(said.encode()).hexdigest()


def _checksums(folder: Path, files: list[dict[str, Any]]) -> dict[str, Any]:
    """Write what `sha256sum --check` reads; return what a manifest says of it."""
    text = "".join(f"{each['sha256']}  {each['name']}\n" for each in files).encode()
    write_durably(folder / CHECKSUMS, text)
    return {
        "name": CHECKSUMS,
        "media_type": "text/plain; charset=utf-8",
        "languages": [SOURCE.tag],
        "bytes": len(text),
        "sha256": hashlib.sha256(text).hexdigest(),
    }


def _manifest(files: list[dict[str, Any]], checksums: dict[str, Any], state: str) -> Manifest:
    # A set is named by what is in it: at an address there is never anything else.
    version = checksums["sha256"][:16]
    current = Snapshot.objects.current()
    address = partial(_address, version)
    return {
        "version": version,
        "made_at": shapes.moment(timezone.now()),
        "snapshot": shapes.snapshot(current) if current else None,
        "last_change": RegistryChange.objects.order_by("-id").values_list("id", flat=True).first(),
        "last_publication": PublicationEvent.objects.order_by("-id")
        .values_list("id", flat=True)
        .first(),
        "files": [{**each, "url": address(each["name"])} for each in files],
        "checksums": {**checksums, "url": address(CHECKSUMS)},
        "state": state,
    }


def _address(version: str, name: str) -> str:
    return site_url(reverse("dumps-file", args=[version, name]))
