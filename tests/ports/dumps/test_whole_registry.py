"""The registry as IANA published it goes through the site and comes out again, soon and small."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ports.registry.parse import without_addresses
from ports.registry.records import COLUMNS
from tests.data.samples import sample
from tests.ports.dumps.sites import DATABASES, Site, site_on
from tests.portsite.processes import ROOT

pytestmark = pytest.mark.any_database

MOST_SECONDS = 60
MOST_MEGABYTES = 300


def plain(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Cells without what is no difference: white space."""
    return [tuple(" ".join(cell.split()) for cell in row) for row in rows]


@pytest.mark.parametrize("database", DATABASES)
def test_the_whole_registry_comes_back_cell_by_cell_in_time_and_space(
    database: str, tmp_path: Path
) -> None:
    older, newer = sample("2024-04-30"), sample("2026-07-23")
    header, *published = csv.reader(io.StringIO(newer.read_bytes().decode(), newline=""))
    with site_on(database, tmp_path, older, newer) as site:
        measured = shell_out(site, _MEASURE)
        seconds, megabytes = map(float, measured.split())
        print(f"made in {seconds:.1f} s with {megabytes:.0f} MB on {database}")
        assert seconds < MOST_SECONDS
        assert megabytes < MOST_MEGABYTES
        found, *rows = site.rows()
        lines = [
            len(site.read(f"{name}.jsonl.gz").splitlines()) for name in ("assignments", "ports")
        ]
    assert found == header == [*COLUMNS]
    assert lines == [len(rows), 65536]
    mine, theirs = plain(rows), plain(published)
    assert len(mine) == len(theirs) == 14529
    differing = [
        (ours, cell)
        for row, other in zip(mine, theirs, strict=True)
        for ours, cell in zip(row, other, strict=True)
        if ours != cell
    ]
    # This site keeps no e-mail addresses: the file has two, each in two of its cells.
    assert len(differing) == 4
    assert all(ours == " ".join(without_addresses(cell).split()) for ours, cell in differing)
    assert sum(row[3] == "Unassigned" for row in mine) > 800


_MEASURE = """
import resource, subprocess, sys, time
begun = time.monotonic()
subprocess.run([sys.executable, "manage.py", "make_dumps"], check=True)
print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def shell_out(site: Site, script: str) -> str:
    """The last line that a script prints, in a process that has done nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=site.env,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]
