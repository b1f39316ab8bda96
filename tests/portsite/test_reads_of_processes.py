"""Readings counted by real web server processes: they add up, and outlive those processes."""

import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.portsite.processes import Program, ask, environment, free_port, until

pytestmark = pytest.mark.any_database

COUNTING = """
import sys, time
from portsite import wsgi
from ports import reads
from ports.languages import by_code
reads.SECONDS = 0.2
for _ in range(5):
    reads.count(3440, by_code("tr"))
print("counted", flush=True)
time.sleep(60)
"""


class Server:
    """A web server of three processes with threads."""

    def __init__(self, state_dir: Path) -> None:
        self.port = free_port()
        self.state_dir = state_dir
        self.program = Program(
            [
                *(sys.executable, "-m", "gunicorn", "portsite.wsgi"),
                *("--bind", f"127.0.0.1:{self.port}", "--workers", "3", "--threads", "4"),
                *("--worker-class", "gthread", "--no-control-socket"),
                *("--config", "python:portsite.gunicorn"),
            ],
            env=environment(state_dir),
            log=state_dir / "gunicorn.log",
        )

    def read(self, times: int, path: str = "/tr/ports/3440/") -> None:
        until(lambda: ask(self.port, "/healthz"), 30, "an answer")
        for _ in range(times):
            answer = ask(self.port, path)
            assert answer is not None
            assert answer.status == 200


def written(state_dir: Path) -> list[tuple[int, str, int]]:
    database = f"file:{state_dir / 'portsite.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(database, uri=True, timeout=20)) as connection:
        query = 'SELECT port_id, language, "count" FROM ports_pagereads ORDER BY 1, 2'
        return connection.execute(query).fetchall()


def test_what_several_processes_counted_adds_up_when_the_server_is_stopped(
    prepared_state_dir: Path,
) -> None:
    server = Server(prepared_state_dir)
    with server.program as program:
        server.read(40)
        server.read(2, "/en/ports/22/")
        assert written(prepared_state_dir) == []
        program.tell(signal.SIGTERM)
        program.wait(30)
        assert "Traceback" not in program.output
    assert written(prepared_state_dir) == [(22, "en", 2), (3440, "tr", 40)]
    server = Server(prepared_state_dir)
    with server.program as program:
        server.read(3)
        program.tell(signal.SIGTERM)
        program.wait(30)
    assert written(prepared_state_dir) == [(22, "en", 2), (3440, "tr", 43)]


def test_a_killed_server_loses_only_what_was_not_yet_written_down(
    prepared_state_dir: Path,
) -> None:
    server = Server(prepared_state_dir)
    with server.program as program:
        server.read(5)
        for pid in program.children():
            os.kill(pid, signal.SIGTERM)  # it starts another
        until(lambda: sum(row[2] for row in written(prepared_state_dir)) == 5, 30, "5 readings")
        server.read(2)
        program.kill_everything()
    assert written(prepared_state_dir) == [(3440, "tr", 5)]


def test_a_process_writes_down_by_itself_while_it_runs(prepared_state_dir: Path) -> None:
    with Program(
        [sys.executable, "-c", COUNTING],
        env=environment(prepared_state_dir),
        log=prepared_state_dir / "counting.log",
    ) as program:
        until(lambda: "counted" in program.output, 30, "five readings")
        until(lambda: written(prepared_state_dir), 10, "what was counted")
        program.tell(signal.SIGKILL)
        program.wait(5)
    assert written(prepared_state_dir) == [(3440, "tr", 5)]
