"""Sites of their own, with downloads: a test's transaction would let nobody else see anything."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.ports.dumps import sets
from tests.portsite.processes import ROOT
from tests.refresh_kills import installation_on, manage

DATABASES = ["sqlite", "postgresql"]


class Site(NamedTuple):
    """A site of its own: its environment, and where its downloads lie."""

    env: dict[str, str]
    folder: Path

    def make(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "make_dumps", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            **more,
        )

    def manifest(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "manifest.json").read_bytes()))

    def read(self, name: str) -> bytes:
        return sets.unpacked(self.folder / self.manifest()["version"] / name)

    def rows(self) -> list[list[str]]:
        text = self.read("registry.csv.gz").decode()
        return list(csv.reader(io.StringIO(text, newline="")))

    def state(self) -> dict[str, str]:
        """Every file of the downloads with its digest."""
        return {
            str(path.relative_to(self.folder)): sets.digest(path)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


@contextmanager
def site_on(database: str, folder: Path, *registries: Path) -> Iterator[Site]:
    """A site of its own with these states of the registry, the last one current, and articles."""
    with installation_on(database, folder / "state") as env:
        env["DUMPS_DIR"] = str(folder / "dumps")
        for path in registries:
            manage(env, "refresh_registry", "--from", str(path))
        manage(env, "load_articles")
        yield Site(env, folder / "dumps")
