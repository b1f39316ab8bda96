"""A PostgreSQL server of a test's own, which may be restarted while others use theirs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import machine
from tests.portsite.processes import free_port

_SETTINGS = "-c listen_addresses= -c max_connections=200 -c fsync=on -c unix_socket_directories={}"


class OwnPostgresql:
    """A running server, reached by a socket in its own folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"))

    @property
    def url(self) -> str:
        """The address of its database."""
        socket = str(self._folder).replace("/", "%2F")
        return f"postgresql://{self._user}@{socket}:{self._port}/postgres"

    @property
    def _user(self) -> str:
        return "postgres"

    def make(self) -> None:
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run(
            "initdb", "--pgdata", str(self._data), "--auth", "trust", "--username", self._user
        )
        self.start()

    def start(self) -> None:
        options = f"-p {self._port} {_SETTINGS.format(self._folder)}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", "-D", str(self._data), "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` in order, `immediate` as in a crash."""
        self._run("pg_ctl", "stop", "--wait", "-D", str(self._data), "-m", mode)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, name: str, *arguments: str) -> None:
        # The server refuses to be run by root.
        by = ["runuser", "--user", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run(
            [*by, str(self._bin / name), *arguments],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    """A server for the time of a `with` block."""
    machine.require("postgresql")
    # Not in the folder of the test: the path of a socket is short, and its owner another.
    folder = Path(tempfile.mkdtemp(prefix="portsite-pg-"))
    server = OwnPostgresql(folder, free_port())
    try:
        server.make()
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
