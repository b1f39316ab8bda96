"""One whole set takes the place of another, whatever happens meanwhile."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ports.dumps import places
from ports.dumps.places import BusyError
from tests.ports.dumps import sets
from tests.portsite.processes import ROOT, environment

pytestmark = pytest.mark.any_database


def versions(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


def test_before_the_first_there_is_none(folder: Path) -> None:
    assert places.newest() is None
    assert places.of_version("0" * 16) is None


def test_the_newest_and_the_one_before_are_kept(folder: Path) -> None:
    first, second, third = (
        sets.put(content, made_at=f"2026-07-2{number}")
        for number, content in enumerate((b"1", b"2", b"3"))
    )
    assert places.newest() == third
    assert versions(folder) == {second["version"], third["version"]}
    assert places.of_version(first["version"]) is None
    assert places.of_version(second["version"]) == second
    assert not sets.broken(second)
    assert not sets.broken(third)


def test_a_set_that_was_the_newest_before_comes_again(folder: Path) -> None:
    first, second = sets.put(b"1", made_at="2026-07-20"), sets.put(b"2", made_at="2026-07-21")
    again = sets.put(b"1", made_at="2026-07-22")
    assert again["version"] == first["version"]
    assert places.newest() == places.of_version(first["version"]) == again
    assert versions(folder) == {first["version"], second["version"]}


def test_whoever_read_the_last_manifest_finds_its_files_beside_one_that_never_was_the_newest(
    folder: Path,
) -> None:
    before = sets.put(b"1", made_at="2026-07-20")
    stray = sets.put(b"2", made_at="2026-07-25")
    (folder / places.MANIFEST).write_bytes(
        (folder / before["version"] / places.MANIFEST).read_bytes()
    )
    after = sets.put(b"3", made_at="2026-07-26")
    assert versions(folder) == {before["version"], after["version"]}
    assert places.of_version(stray["version"]) is None


def test_a_damaged_set_is_mended_by_the_same_one(folder: Path) -> None:
    manifest = sets.put(b"1")
    assert places.is_whole(manifest)
    places.path_of(manifest, sets.NAME).unlink()
    assert not places.is_whole(manifest)
    sets.put(b"1")
    assert places.is_whole(manifest)
    assert not sets.broken(manifest)


def test_a_set_that_may_not_stay_does_not(folder: Path) -> None:
    first = sets.put(b"1", made_at="2026-07-20")
    second = sets.put(b"2", made_at="2026-07-21", may_stay=lambda made: made != first)
    assert versions(folder) == {second["version"]}
    third = sets.put(b"3", made_at="2026-07-22", may_stay=lambda made: made != first)
    assert versions(folder) == {second["version"], third["version"]}


def test_what_was_left_that_may_not_stay_is_removed_later(folder: Path) -> None:
    places.remove_earlier(lambda _made: False)
    first, second = sets.put(b"1", made_at="2026-07-20"), sets.put(b"2", made_at="2026-07-21")
    places.remove_earlier(lambda _made: True)
    assert versions(folder) == {first["version"], second["version"]}
    places.remove_earlier(lambda _made: False)
    assert versions(folder) == {second["version"]}
    assert places.newest() == second


@pytest.mark.parametrize(
    "change",
    [
        lambda _said: b'{"version": ',
        lambda _said: b"[1]",
        lambda _said: b"[]",
        lambda _said: b"null",
        lambda _said: b"\xff",
        lambda said: said | {"version": "../.."},
        lambda said: said | {"files": "none"},
        lambda said: said | {"files": [{}]},
        lambda said: said | {"files": ["registry.csv.gz"]},
        *(
            lambda said, name=name: {key: said[key] for key in said if key != name}
            for name in ("version", "made_at", "state", "files", "checksums")
        ),
    ],
)
def test_a_manifest_that_is_none_is_no_earlier_set(folder: Path, change: Any) -> None:
    said = change(sets.put(b"1"))
    written = said if isinstance(said, bytes) else json.dumps(said).encode()
    (folder / places.MANIFEST).write_bytes(written)
    assert places.newest() is None
    places.remove_earlier(lambda _made: True)
    second = sets.put(b"2")
    assert places.newest() == second


@pytest.mark.parametrize(
    "version",
    ["", ".", "..", "../dumps", "0" * 15, "0" * 17, "G" * 16, "٠" * 16, "0" * 16 + "\n", "\x00"],
)
def test_what_is_no_version_is_not_looked_for(folder: Path, version: str) -> None:
    sets.put(b"1")
    assert places.of_version(version) is None


def test_one_makes_them_at_a_time(folder: Path) -> None:
    with places.alone(), pytest.raises(BusyError), places.alone():
        pytest.fail("two at once")
    with places.alone():
        pass


def test_what_a_maker_left_that_died_is_swept_up(folder: Path) -> None:
    with places.alone(), places.draft() as draft:
        (draft / "half").write_bytes(b"x")
        left = folder / ".making-of-one-that-died"
        draft.rename(left)
        assert left.exists()
    with places.alone():
        assert not left.exists()


def test_a_set_that_could_not_be_made_leaves_nothing(folder: Path) -> None:
    before = sets.put(b"1")
    with places.alone():
        with pytest.raises(IsADirectoryError), places.draft() as draft:
            draft.write_bytes(b"x")
        assert not draft.exists()
    assert versions(folder) == {before["version"]}


def test_killed_at_any_moment_of_a_replacement_it_leaves_a_whole_set(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ports.dumps.killed_while_replacing", str(tmp_path)],
        cwd=ROOT,
        env=environment(tmp_path / "state"),
        capture_output=True,
        text=True,
        check=True,
    )
    moments = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(moments) > 15
    for left, then in moments:
        assert left["newest"] in {"before", "after"}
        assert left["sets"] in {2, 3}
        assert left["broken"] == []
        assert then == {"newest": "after", "sets": 2, "drafts": []}
    assert {left["newest"] for left, _then in moments} == {"before", "after"}
