"""Real processes of the site, in an environment of their own, found again to the last of them."""

import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Every process inherits it, also from a parent that is gone.
_MARK = "PORTSITE_TEST_MARK"


def environment(state_dir: Path, **variables: str) -> dict[str, str]:
    """An environment with the site's variables given here, and with no other of them."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "STATE_DIR": str(state_dir),
        # Nothing listens there: no test downloads the registry from IANA.
        "REGISTRY_URL": "http://127.0.0.1:9/",
        **variables,
    }


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until[T](found: Callable[[], T], seconds: float, wanted: str) -> T:
    """The first true value of `found`; fails the test when none comes within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        if value := found():
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {wanted}")
        time.sleep(0.05)


class Program:
    """A command that runs for the time of a `with` block, with everything that it starts."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: dict[str, str],
        log: Path,
        cwd: Path = ROOT,
        before: Callable[[], object] | None = None,
    ) -> None:
        self._mark = f"{_MARK}={uuid.uuid4().hex}"
        self.log = log
        name, _, value = self._mark.partition("=")
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=cwd,
                env={**env, name: value},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=before,  # noqa: PLW1509 - it takes no lock
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            error.add_note(f"The program's output:\n{self.output[-6000:]}")
        self.kill_everything()

    @property
    def output(self) -> str:
        """What it and everything it started have printed so far, errors too."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def alive(self) -> dict[int, str]:
        """The processes that came of it and still run: their command lines by process id."""
        self.process.poll()  # one that has ended must not linger as a zombie
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self._mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(folder.name)] = command.strip()
            except OSError:  # another user's, or gone meanwhile
                continue
        return found

    def children(self) -> dict[int, str]:
        """The processes that it started itself: their command lines by process id."""
        return {
            pid: command
            for pid, command in self.alive().items()
            if parent_of(pid) == self.process.pid
        }

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the first process alone."""
        self.process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """The exit code of the first process, which must come within `seconds`."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pytest.fail(f"still runs after {seconds} s:\n{self.output[-6000:]}")

    def kill_everything(self) -> None:
        """End all that is left of it at once."""
        while alive := self.alive():
            for pid in alive:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(0.01)
        self.process.wait()


def parent_of(pid: int) -> int | None:
    """The process id of a process's parent; None when the process is gone."""
    try:
        # The name before it, in parentheses, may hold anything.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


class Answer(NamedTuple):
    """What a web server answered."""

    status: int
    body: str


def ask(
    port: int, path: str, *, method: str = "GET", body: str = "", **headers: str
) -> Answer | None:
    """Ask the web server on a port of this machine; None when there is no answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            method,
            path,
            body=body or None,
            headers={"Host": f"localhost:{port}"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        response = connection.getresponse()
        return Answer(response.status, response.read().decode())
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
