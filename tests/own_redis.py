"""A Redis of a test's own, which it may freeze and kill."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests import machine
from tests.portsite.processes import Program, free_port, until


@contextmanager
def own_redis(folder: Path, *, save: str = "") -> Iterator[tuple[Program, redis.Redis, str]]:
    """The server, a client of it and its address; `save` says when it writes to its disk."""
    machine.require("redis-server")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--dir", str(folder), "--save", save]
    with Program(command, env={"PATH": "/usr/bin:/bin"}, log=folder / "redis.log") as server:
        with redis.Redis(port=port) as client:

            def answers() -> bool:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    return False

            until(answers, 10, "Redis")
            yield server, client, f"redis://127.0.0.1:{port}/0"
        server.process.kill()  # Redis writes its title over the mark by which it is found
