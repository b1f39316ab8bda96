"""Where the downloads lie: the newest whole set and the one before, and how one replaces another.

DUMPS_DIR/manifest.json     of the newest; replaced last, at once
DUMPS_DIR/<version>/        a whole set with its own manifest; never changed
DUMPS_DIR/.making-<...>/    one that is being made, or was when its maker died
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import orjson
from django.conf import settings

from ports.dumps.packing import write_durably

MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "SHA256SUMS"
KEPT: Final = 2
"""Whoever has just read a manifest still finds its files after the next set was made."""

_MAKING: Final = ".making-"
_VERSION: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)

type Manifest = dict[str, Any]


class BusyError(Exception):
    """Somebody else is making the downloads."""


def newest() -> Manifest | None:
    """The manifest of the newest set; None before the first was made."""
    return _read(_folder() / MANIFEST)


def of_version(version: str) -> Manifest | None:
    """The manifest of a set that is kept."""
    if not _VERSION.fullmatch(version):
        return None
    return _read(_folder() / version / MANIFEST)


def entry(manifest: Manifest, name: str) -> Mapping[str, Any] | None:
    """What a manifest says of a file; None for a name that it does not hold."""
    listed = (*manifest["files"], manifest["checksums"])
    return next((each for each in listed if each["name"] == name), None)


def path_of(manifest: Manifest, name: str) -> Path:
    """Where a file lies that the manifest names."""
    return _folder() / str(manifest["version"]) / name


def is_whole(manifest: Manifest) -> bool:
    """Whether each file of a set is there, and is as long as it was."""
    listed = (*manifest["files"], manifest["checksums"])
    return all(_size(path_of(manifest, each["name"])) == each["bytes"] for each in listed)


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else make downloads; raises BusyError when somebody does. Sweeps up first."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError from error
        for left in folder.glob(f"{_MAKING}*"):
            _remove(left)
        yield


@contextmanager
def draft() -> Iterator[Path]:
    """A folder in which a set is made; gone after the block, unless it took its place."""
    folder = Path(mkdtemp(prefix=_MAKING, dir=_folder()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        _remove(folder)


def put_in_place(
    made: Path, manifest: Manifest, may_stay: Callable[[Manifest], bool] = lambda _earlier: True
) -> None:
    """Have a whole set that was made take the place of the newest; leave as many as are kept.

    Killed at any moment, it leaves the set of before or this one, and each of them whole.
    """
    folder, version = _folder(), str(manifest["version"])
    before = newest()
    _write(made / MANIFEST, manifest)
    _sync(made)
    if (folder / version).exists():
        # The same bytes again, so that a reader need not know that some were damaged.
        for path in made.iterdir():
            path.replace(folder / version / path.name)
        _sync(folder / version)
    else:
        made.rename(folder / version)
    _sync(folder)
    _write(folder / MANIFEST, manifest)
    _sync(folder)
    _leave(_others(folder, version, before), may_stay)


def remove_earlier(may_stay: Callable[[Manifest], bool]) -> None:
    """Leave none beside the newest set that may not stay, nor more than are kept.

    There are such where whoever put the newest in its place died before the end.
    """
    if (last := newest()) is not None:
        _leave(_others(_folder(), str(last["version"]), None), may_stay)


def _leave(others: list[Path], may_stay: Callable[[Manifest], bool]) -> None:
    """Remove the sets beside the newest, but for as many as are kept, which may stay."""
    for number, old in enumerate(others, start=2):
        found = _read(old / MANIFEST)
        if number <= KEPT and found is not None and may_stay(found):
            continue
        gone = old.with_name(f"{_MAKING}{old.name}")
        old.rename(gone)
        _remove(gone)


def _others(folder: Path, version: str, before: Manifest | None) -> list[Path]:
    """The sets that lie there beside one: first that which was the newest before, if any was."""
    found = [path for path in folder.iterdir() if _VERSION.fullmatch(path.name)]
    was_newest = before["version"] if before else ""
    return sorted(
        (path for path in found if path.name != version),
        key=lambda path: (path.name == was_newest, _made_at(path)),
        reverse=True,
    )


def _made_at(version: Path) -> str:
    manifest = _read(version / MANIFEST)
    return str(manifest["made_at"]) if manifest else ""


def _folder() -> Path:
    return Path(settings.DUMPS_DIR)


def _read(path: Path) -> Manifest | None:
    """A manifest as it is written here; None for anything else."""
    try:
        found = orjson.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    return found if _is_manifest(found) else None


def _is_manifest(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(files := found.get("files"), list):
        return False
    texts = (found.get(name) for name in ("version", "made_at", "state"))
    return (
        all(isinstance(text, str) for text in texts)
        and _VERSION.fullmatch(found["version"]) is not None
        and all(_is_entry(each) for each in (*files, found.get("checksums")))
    )


def _is_entry(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and all(isinstance(found.get(name), str) for name in ("name", "media_type", "sha256"))
        and isinstance(found.get("bytes"), int)
        and isinstance(found.get("languages"), list)
    )


def _write(path: Path, manifest: Manifest) -> None:
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    write_durably(path, orjson.dumps(manifest, option=options))


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
