"""scripts/make_venv.sh makes .venv with the first Python that is new enough, and completes it."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.portsite.processes import ROOT

pytestmark = pytest.mark.any_database

_SCRIPT = ROOT / "scripts" / "make_venv.sh"
# All that the script may need beside a Python.
_TOOLS = ("basename", "dirname", "rm", "touch", "mkdir", "cp", "chmod", "cat")

# A Python of another version, as far as the script looks: it makes .venv with itself in it, and
# notes what it is asked to do. Questions about its version are answered by the real Python.
_STAND_IN = """#!/bin/sh
case "$*" in
    "-c "*)
        exec "{python}" -c "import sys; sys.version_info = {version}; exec(sys.argv[1])" "$2" ;;
    "-m venv .venv")
        echo "{name} $*" >>calls
        mkdir .venv .venv/bin
        {venv}
        cp "$0" .venv/bin/python ;;
    "-m pip install"*)
        echo "{name} $*" >>calls
        exit {pip} ;;
esac
"""


class Workshop:
    """A folder to run the script in, and the Pythons that it finds on its PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a folder"
        self.bin = folder / "bin"
        self.folder.mkdir()
        self.bin.mkdir()
        for tool in _TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        (self.folder / "requirements.txt").touch()

    @property
    def python(self) -> Path:
        return self.folder / ".venv" / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv" / ".installed-requirements"

    @property
    def calls(self) -> list[str]:
        """What the stand-ins were asked to make and install."""
        return (self.folder / "calls").read_text().splitlines()

    def command(self, name: str, text: str) -> None:
        """Put a shell script on the PATH."""
        _write_script(self.bin / name, text)

    def stand_in(self, name: str, version: str, *, pip: int = 0, venv: str = ":") -> None:
        """Put a Python of this version on the PATH; `pip` is the exit code of its installs."""
        self.command(name, stand_in(name, version, pip=pip, venv=venv))

    def own_python(self, version: str) -> None:
        """Put a Python of this version into .venv."""
        self.python.parent.mkdir(parents=True, exist_ok=True)
        _write_script(self.python, stand_in("own", version))

    def real(self, name: str) -> None:
        """Put the Python that runs this test on the PATH under a name."""
        self.command(name, f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')

    def run(self) -> "Done":
        done = subprocess.run(
            [_SCRIPT, "requirements.txt"],
            cwd=self.folder,
            env={"PATH": str(self.bin), "PIP_NO_INDEX": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Done(done.returncode, done.stdout, done.stderr)


def stand_in(name: str, version: str, *, pip: int = 0, venv: str = ":") -> str:
    """The script of a stand-in."""
    numbers = (*map(int, version.split(".")), "final", 0)
    return _STAND_IN.format(name=name, python=sys.executable, version=numbers, pip=pip, venv=venv)


def _write_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


class Done(NamedTuple):
    """How the script ended."""

    exit_code: int
    output: str
    errors: str


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


_INSTALL = "-m pip install --disable-pip-version-check --require-hashes --requirement"


def test_the_first_name_that_is_new_enough_is_taken(workshop: Workshop) -> None:
    workshop.stand_in("python3.13", "3.13.1")
    workshop.stand_in("python3.12", "3.12.9")
    workshop.stand_in("python3", "3.14.0")
    assert workshop.run().exit_code == 0
    assert workshop.calls == [
        "python3.13 -m venv .venv",
        f"python3.13 {_INSTALL} requirements.txt",
    ]
    assert workshop.stamp.exists()


def test_a_name_with_an_old_python_behind_it_is_passed_over(workshop: Workshop) -> None:
    workshop.stand_in("python3.13", "3.11.2")  # whatever it is called
    workshop.stand_in("python3", "3.12.0")
    assert workshop.run().exit_code == 0
    assert workshop.calls[0] == "python3 -m venv .venv"


def test_a_shim_without_a_python_behind_it_is_passed_over(workshop: Workshop) -> None:
    workshop.command("python3.13", "#!/bin/sh\necho 'pyenv: python3.13: not found' >&2\nexit 127\n")
    workshop.stand_in("python3.12", "3.12.1")
    done = workshop.run()
    assert done.exit_code == 0
    assert "pyenv" not in done.errors
    assert workshop.calls[0] == "python3.12 -m venv .venv"


def test_nothing_new_enough_is_an_error_that_says_what_was_found(workshop: Workshop) -> None:
    workshop.command("python3.13", "#!/bin/sh\nexit 127\n")
    workshop.stand_in("python3.12", "3.10.4")
    workshop.stand_in("python3", "3.9.18")
    done = workshop.run()
    assert done.exit_code == 1
    assert done.errors.splitlines() == [
        "Portsite needs Python 3.12 or newer as python3.13, python3.12 or python3.",
        "Found here: python3.12 (3.10.4) python3 (3.9.18).",
    ]
    assert not (workshop.folder / ".venv").exists()


def test_no_python_at_all_is_an_error_that_says_so(workshop: Workshop) -> None:
    done = workshop.run()
    assert done.exit_code == 1
    assert "Found here: no Python at all." in done.errors


def test_a_python_that_cannot_make_venvs_is_an_error_with_the_way_out(workshop: Workshop) -> None:
    # Debian's Python without python3.12-venv leaves half a folder behind.
    workshop.stand_in("python3.12", "3.12.3", venv="exit 1")
    done = workshop.run()
    assert done.exit_code == 1
    assert done.errors.splitlines() == [
        "python3.12 could not make a virtual environment. On Debian and Ubuntu:",
        "  sudo apt-get install python3.12-venv",
    ]
    assert not (workshop.folder / ".venv").exists()


def test_a_failed_installation_leaves_no_stamp_and_is_tried_again(workshop: Workshop) -> None:
    workshop.stand_in("python3.13", "3.13.1", pip=1)
    assert workshop.run().exit_code != 0
    assert not workshop.stamp.exists()
    workshop.own_python("3.13.1")
    assert workshop.run().exit_code == 0
    assert workshop.stamp.exists()
    assert workshop.calls[-1] == f"own {_INSTALL} requirements.txt"


def test_each_file_of_requirements_has_a_stamp_of_its_own(workshop: Workshop) -> None:
    workshop.stand_in("python3", "3.13.1")
    done = subprocess.run(
        [_SCRIPT, "requirements-dev.txt"],
        cwd=workshop.folder,
        env={"PATH": str(workshop.bin)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert (workshop.folder / ".venv" / ".installed-requirements-dev").exists()
    assert not workshop.stamp.exists()


def test_an_old_venv_is_made_again(workshop: Workshop) -> None:
    workshop.stand_in("python3", "3.13.1")
    workshop.own_python("3.11.9")
    left_over = workshop.folder / ".venv" / "left-over"
    left_over.touch()
    assert workshop.run().exit_code == 0
    assert not left_over.exists()


def test_a_real_venv_that_was_left_without_pip_is_made_again_and_then_kept(
    workshop: Workshop,
) -> None:
    workshop.real("python3")
    # As an interrupted `python -m venv` leaves it: pip comes last.
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=workshop.folder, check=True
    )
    first = workshop.run()
    assert first.exit_code == 0, first.errors
    assert "Making .venv with python3 (" in first.output
    assert workshop.stamp.exists()
    mark = workshop.folder / ".venv" / "mark"
    mark.touch()
    second = workshop.run()
    assert second.exit_code == 0, second.errors
    assert "Making" not in second.output
    assert mark.exists()
