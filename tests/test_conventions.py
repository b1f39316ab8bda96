"""The tools that watch the code are part of the suite: what they say is what a test says."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.any_database


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("ruff", "check", "."), id="ruff finds nothing"),
        pytest.param(("ruff", "format", "--check", "."), id="the code is formatted"),
        pytest.param(("mypy",), id="mypy finds nothing"),
        pytest.param(("djlint", "--lint", "--quiet", "."), id="the template linter finds nothing"),
    ],
)
def test_tool(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_migration_is_missing() -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_dependency_says_why_it_is_there() -> None:
    silent = []
    section = ""
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "]")):
            section = line
        listed = re.fullmatch(r"(dependencies|dev) = \[", section) and re.match(r'\s+"', line)
        if listed and not re.search(r'",\s+# \w.{12,}', line):
            silent.append(line.strip())
    assert silent == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_package_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?)==\S+(.*)$", text, re.MULTILINE)
    assert len(pins) > 20
    for pin, rest in pins:
        assert rest.rstrip().endswith("\\"), f"{pin} has no hash"


def test_requirements_hold_every_dependency_at_a_version_it_allows() -> None:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name, wanted in (
        ("requirements.txt", project["project"]["dependencies"]),
        (
            "requirements-dev.txt",
            [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]],
        ),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = dict(
            re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^\s;]+)", text, re.MULTILINE)
        )
        for requirement in map(Requirement, wanted):
            version = pinned[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement} in {name}"


def test_nothing_is_committed_that_is_made_by_running() -> None:
    made = [
        path.name
        for path in tracked_files()
        if path.suffix in {".mo", ".sqlite3", ".pyc"} or path.name == "uv.lock"
    ]
    assert made == []


def test_the_readme_names_only_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"\bmake ([a-z-]+)", readme))
    assert {"run", "test", "editor"} <= named
    assert named <= targets
