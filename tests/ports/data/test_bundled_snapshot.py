"""The bundled snapshot is what its provenance says, and holds what a registry should."""

import csv
import gzip
import hashlib
import io
import os
import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from ports.data import compile_snapshot, rules, sources
from ports.data.rules import Row

SAMPLE = "iana-service-names-port-numbers-2026-07-23.csv"
# Measured against that file; a change of rules or packages may only make them better.
MOST_MISSING = 0
MOST_INVENTED = 1

FOLDER = Path(compile_snapshot.__file__).parent


@pytest.fixture(scope="module")
def content() -> bytes:
    return gzip.decompress((FOLDER / "registry-compiled.csv.gz").read_bytes())


@pytest.fixture(scope="module")
def provenance() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "registry-compiled.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def table(content: bytes) -> list[list[str]]:
    return read_csv(content)


@pytest.fixture(scope="module")
def snapshot(table: list[list[str]]) -> list[Row]:
    return [Row(*cells) for cells in table[1:]]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def named_single_ports(rows: list[Row]) -> set[tuple[str, str, str]]:
    return {row[:3] for row in rows if row.name and row.port.isdecimal()}


def test_the_csv_is_the_one_that_the_provenance_describes(
    content: bytes, provenance: dict[str, Any]
) -> None:
    assert hashlib.sha256(content).hexdigest() == provenance["csv_sha256"]
    assert len(content) == provenance["csv_bytes"]


def test_the_row_counts_are_those_of_the_provenance(
    snapshot: list[Row], provenance: dict[str, Any]
) -> None:
    counts = dict(provenance["rows"])
    assert counts == compile_snapshot.count_rows(snapshot)
    assert counts.pop("total") == sum(counts.values())


def test_the_provenance_dates_what_the_snapshot_says(
    snapshot: list[Row], provenance: dict[str, Any]
) -> None:
    assert provenance["kind"] == "compiled"
    assert provenance["names_as_of"] == "2026-07"
    assert provenance["registrants_as_of"] == "2015"
    assert provenance["newest_registrant_date"] == "2015-07-24"
    newest = max(date for row in snapshot for date in (row.registered, row.modified))
    assert newest <= provenance["newest_registrant_date"]


def test_the_provenance_names_the_pinned_archives(provenance: dict[str, Any]) -> None:
    pinned = [(a.package, a.version, a.licence, a.sha256) for a in sources.ARCHIVES]
    keys = ("package", "version", "licence", "archive_sha256")
    assert [tuple(source[key] for key in keys) for source in provenance["source"]] == pinned


@pytest.mark.parametrize("name", ["registry-compiled.toml", "README.md", "sources.py"])
def test_no_address_of_a_package_index_is_recorded(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    assert not re.search(r"://|registry\.\w+\.\w+|pypi\.|npmjs", text)


def test_the_gzip_header_has_neither_time_nor_name() -> None:
    header = (FOLDER / "registry-compiled.csv.gz").read_bytes()[:10]
    flags, time = header[3], header[4:8]
    assert (flags, time) == (0, bytes(4))


def test_every_row_has_the_twelve_columns(table: list[list[str]]) -> None:
    assert {len(cells) for cells in table} == {12}
    assert table[0] == list(compile_snapshot.HEADER)


def test_the_csv_is_written_as_iana_writes_it(content: bytes, snapshot: list[Row]) -> None:
    assert compile_snapshot.to_csv(snapshot) == content
    assert content.endswith(b"\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert not any("\r" in cell or cell != cell.strip() for row in snapshot for cell in row)


def test_no_cell_holds_an_email_address(snapshot: list[Row]) -> None:
    # Wider than the expression that the script itself uses.
    address = re.compile(r"[^\s@&<>]+[@&][^\s@&<>]+\.[A-Za-z]{2,}")
    assert [cell for row in snapshot for cell in row if address.search(cell)] == []


def test_only_rdp_is_there_twice(snapshot: list[Row]) -> None:
    counts = Counter((row.name.lower(), row.port, row.transport) for row in snapshot)
    assert [key for key, count in counts.items() if count > 1] == [("rdp", "", "")]


def test_the_rows_stand_in_order(snapshot: list[Row]) -> None:
    assert snapshot == sorted(snapshot, key=rules.order)
    portless = [row.port == "" for row in snapshot]
    assert portless == sorted(portless)


def test_ports_and_transports_are_well_formed(snapshot: list[Row]) -> None:
    assert {row.transport for row in snapshot} == {"", "tcp", "udp", "sctp", "dccp"}
    for row in snapshot:
        assert re.fullmatch(r"(\d+(-\d+)?)?", row.port), row
        assert not row.port or 0 <= row.span[0] <= row.span[-1] < 49152, row
        assert row.name or row.port, row
        assert row.name or row.description, row


def test_no_port_has_two_rows_that_contradict_each_other(snapshot: list[Row]) -> None:
    named, nameless = defaultdict(set), Counter()
    for row in snapshot:
        for transport in [row.transport] if row.transport else ["tcp", "udp"]:
            for port in row.span:
                if row.name:
                    named[port, transport].add(row.name)
                else:
                    nameless[port, transport] += 1
    assert not named.keys() & nameless.keys()
    assert max(nameless.values()) == 1


@pytest.mark.parametrize(("transport", "uncovered"), [("tcp", 18), ("udp", 20)])
def test_nearly_every_system_and_user_port_is_covered(
    snapshot: list[Row], transport: str, uncovered: int
) -> None:
    covered = {port for row in snapshot if row.transport in {"", transport} for port in row.span}
    assert len(set(range(49152)) - covered) == uncovered


@pytest.mark.parametrize(
    "expected",
    [
        Row("ans-console", "3440", "tcp", "Net Steward Mgmt Console", "[John_Richmond]"),
        Row("tarantella", "3144", "tcp", "Tarantella", "[Roger_Binns]"),
        Row("networklenss", "3410", "tcp", "NetworkLens SSL Event"),
        Row("biolink-auth", "3411", "tcp", "BioLink Authenteon server"),
        Row("ssh", "22", "tcp", "The Secure Shell (SSH) Protocol"),
        Row("http", "80", "tcp", "World Wide Web HTTP"),
        Row("www", "80", "tcp", "World Wide Web HTTP"),
        Row("www-http", "80", "tcp", "World Wide Web HTTP"),
        Row("http-alt", "8008", "tcp"),
        Row("http-alt", "8080", "tcp"),
        Row("x11", "6000-6063", "tcp", "X Window System", "[Stephen_Gildea]"),
        Row("x11", "6000-6063", "udp", "X Window System", "[Stephen_Gildea]"),
        Row("flex-lm", "27000-27009", "", "FLEX LM (1-10)"),
        Row("boe-cms", "6400", "", "Business Objects CMS contact port"),
        Row("ollama", "11434", "tcp"),
        Row("", "0", "tcp", "Reserved"),
        Row("", "24", "tcp", "any private mail system"),
        Row("xadmin", "9105", "udp"),
    ],
    ids=lambda row: f"{row.name}-{row.port}-{row.transport}",
)
def test_known_rows_are_there(snapshot: list[Row], expected: Row) -> None:
    (found,) = [row for row in snapshot if row[:3] == expected[:3]]
    assert all(cell in {"", value} for cell, value in zip(expected, found, strict=True))


def test_a_known_row_is_dated(snapshot: list[Row]) -> None:
    (row,) = [row for row in snapshot if row[:3] == ("ans-console", "3440", "tcp")]
    assert row.registered == "2002-03"


def test_the_names_of_a_port_keep_the_registrys_order(snapshot: list[Row]) -> None:
    names = [row.name for row in snapshot if (row.port, row.transport) == ("80", "tcp")]
    assert names == ["http", "www", "www-http"]


def test_it_has_the_records_of_july_2026_and_hardly_another(snapshot: list[Row]) -> None:
    folder = os.environ.get("REGISTRY_SAMPLES", "")
    path = Path(folder, SAMPLE)
    if not folder or not path.is_file():
        pytest.skip(f"REGISTRY_SAMPLES names no folder with {SAMPLE}")
    actual = named_single_ports([Row(*cells) for cells in read_csv(path.read_bytes())[1:]])
    ours = named_single_ports(snapshot)
    assert len(actual) == 11_731
    assert len(actual - ours) <= MOST_MISSING
    assert len(ours - actual) <= MOST_INVENTED
