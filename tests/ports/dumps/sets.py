"""Sets of downloads for tests: small ones that need no database."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ports.dumps import places
from ports.dumps.places import CHECKSUMS, Manifest

NAME = "registry.csv.gz"


def put(
    content: bytes,
    *,
    made_at: str = "2026-07-23T05:07:00Z",
    licence: str = "CC0-1.0",
    may_stay: Callable[[Manifest], bool] = lambda _earlier: True,
    **more: Any,
) -> Manifest:
    """Make a set of one file, as it is made of all, and put it in place."""
    with places.alone(), places.draft() as folder:
        checksums = f"{hashlib.sha256(content).hexdigest()}  {NAME}\n".encode()
        files = [
            entry(folder, NAME, content, "application/gzip", licence),
            entry(folder, CHECKSUMS, checksums, "text/plain; charset=utf-8"),
        ]
        manifest = {
            "version": files[1]["sha256"][:16],
            "made_at": made_at,
            "state": "",
            "files": files[:1],
            "checksums": files[1],
            **more,
        }
        places.put_in_place(folder, manifest, may_stay)
    return manifest


def entry(
    folder: Path, name: str, content: bytes, media_type: str, licence: str = "CC0-1.0"
) -> dict[str, Any]:
    (folder / name).write_bytes(content)
    return {
        "name": name,
        "media_type": media_type,
        "languages": ["en"],
        "licence": {"spdx": licence},
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def broken(manifest: Manifest) -> list[str]:
    """The files of a set that are not what its manifest says."""
    return [
        each["name"]
        for each in (*manifest["files"], manifest["checksums"])
        if digest(places.path_of(manifest, each["name"])) != each["sha256"]
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())
