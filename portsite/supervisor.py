"""Web server, Celery worker and beat as one: started together, kept running, stopped together."""

import ctypes
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from types import FrameType
from typing import IO, Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

STOP_SECONDS: Final = 10
"""How long a process may take to end by itself before it is killed."""
LONGEST_PAUSE: Final = 30
_ROOT: Final = Path(__file__).resolve().parent.parent
_PR_SET_PDEATHSIG: Final = 1


class CannotStartError(Exception):
    """The site cannot start; the message says why and what to do."""


class Service:
    """One process that should always run."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = 1
        self.started_at = 0.0
        self.start_again_at = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command,
            # Whatever folder the site is started in, its packages are found.
            env={**os.environ, "PYTHONPATH": _python_path()},
            # In a session of its own: Ctrl-C reaches the supervisor alone, and whatever the
            # process starts can be ended with it.
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads run yet
        )

    def keep_running(self, now: float) -> None:
        """Start the process again if it ended, with a growing pause while it keeps ending."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and now >= self.start_again_at:
                self.start()
            return
        if now - self.started_at > LONGEST_PAUSE:
            self.pause = 1
        print(
            f"{self.name} ended with code {self.process.returncode}; "
            f"starting it again in {self.pause} s.",
            file=sys.stderr,
        )
        self.end(signal.SIGKILL)  # whatever it had started
        self.process = None
        self.start_again_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def end(self, sent: signal.Signals) -> None:
        """Send a signal to the process and to everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sent)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def commands(port: int, state_dir: Path) -> list[Service]:
    """The processes that make up the site on one machine."""
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "portsite"]
    return [
        Service(
            "web",
            [
                *(sys.executable, "-m", "gunicorn", "portsite.wsgi"),
                *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"),
                *("--worker-class", "gthread", "--log-level", "warning", "--no-control-socket"),
                *("--config", "python:portsite.gunicorn"),
            ],
        ),
        Service("worker", [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"]),
        Service(
            "beat",
            [
                *(*celery, "beat", "--loglevel", "WARNING", "--pidfile="),
                *("--schedule", str(state_dir / "beat-schedule")),
            ],
        ),
    ]


def run(services: Sequence[Service], *, address: str, ready_message: str) -> None:
    """Start the services, say when the site answers at `address`, and run until told to stop.

    Ctrl-C and SIGTERM stop everything; so does the end of this process, however it comes.
    """
    stop_asked = False

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stop_asked
        stop_asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    announced = False
    try:
        for service in services:
            service.start()
        while not stop_asked:
            now = time.monotonic()
            for service in services:
                service.keep_running(now)
            if not announced and _answers(address):
                print(ready_message, flush=True)
                announced = True
            time.sleep(0.1)
    finally:
        with suppress(OSError):  # the terminal may be gone
            print("Stopping ...", flush=True)
        _stop(services)


def _stop(services: Sequence[Service]) -> None:
    for service in services:
        if service.process is not None and service.is_running:
            # The process itself ends its children; they are killed only if that takes too long.
            service.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while any(service.is_running for service in services) and time.monotonic() < deadline:
        time.sleep(0.05)
    for service in services:
        service.end(signal.SIGKILL)
        if service.process is not None:
            service.process.wait()


def check_port(port: int) -> None:
    """Raise CannotStartError when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            way_out = "Choose another port"
            if error.errno == errno.EADDRINUSE:
                way_out = "Stop the program that listens there, or choose another port"
            raise CannotStartError(
                f"Port {port} cannot be used: {os.strerror(error.errno or 0)}. "
                f"{way_out}: make run PORT={_another(port)}"
            ) from error


@contextmanager
def alone_in(state_dir: Path) -> Iterator[None]:
    """Keep a second supervisor out of the same state folder; raise CannotStartError there."""
    path = state_dir / "supervisor.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStartError(
                f"Portsite already runs with the folder {state_dir} (process {_read(lock)}). Stop "
                "it first, or set STATE_DIR to another folder."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _read(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip() or "unknown"


def _another(port: int) -> int:
    """A port to try instead: one that needs no special rights."""
    if port < 1024:
        return 8000
    return port + 1 if port < 65535 else port - 1


def _answers(address: str) -> bool:
    # The address is this machine's own: a proxy of the environment would look on its own machine.
    direct = build_opener(ProxyHandler({}))
    try:
        with direct.open(address, timeout=1):
            return True
    except HTTPError as error:
        # A refusal is an answer too: ALLOWED_HOSTS need not hold this machine's own names.
        with error:
            return error.code < 500
    except (OSError, HTTPException):
        return False


def _python_path() -> str:
    return os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))


def _end_with_parent() -> None:
    """Ask Linux to end this process when the supervisor is gone, even if that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
