"""Many readers who vote at the same time, over HTTP, and what they were told."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, local
from typing import NamedTuple
from urllib.parse import unquote, urlencode

from tests.feedback.forms import reference_on
from tests.portsite.processes import ROOT, Program, ask, environment, free_port, until

FACES = ("sad", "doubtful", "happy")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TRIES = 200
_REPORT = """
import json
from feedback import tallying
from feedback.models import Tally, Vote, VoteDelta
tallying.count_all()
votes = list(Vote.objects.values_list("pk", "port_id", "face", "voter"))
tallies = {each.port_id: [each.sad, each.doubtful, each.happy] for each in Tally.objects.all()}
print(json.dumps({"votes": votes, "tallies": tallies, "left": VoteDelta.objects.count()}))
"""


class Told(NamedTuple):
    """What a voter was told: the status, and the number of the vote (0 for none)."""

    status: int
    vote: int


@dataclass
class Ledger:
    """What voters know: the votes that were acknowledged, by number, and the other answers."""

    acknowledged: dict[int, tuple[int, str]] = field(default_factory=dict)
    twice: list[int] = field(default_factory=list)
    others: Counter[int] = field(default_factory=Counter)
    held: Lock = field(default_factory=Lock)

    def note(self, told: Told, port: int, face: str) -> None:
        with self.held:
            if told.status != 303:
                self.others[told.status] += 1
            elif told.vote in self.acknowledged:
                self.twice.append(told.vote)
            else:
                self.acknowledged[told.vote] = (port, face)


class Stored(NamedTuple):
    """What the database holds: votes by number, the words of their voters, and the tallies."""

    votes: dict[int, tuple[int, str]]
    voters: list[str]
    tallies: dict[int, list[int]]
    uncounted: int


@contextmanager
def web_server(
    state_dir: Path, *, workers: int = 4, threads: int = 4, **variables: str
) -> Iterator[tuple[Program, int]]:
    """gunicorn with these processes, and its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "portsite.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread"),
        *("--config", "python:portsite.gunicorn", "--no-control-socket", "--log-level", "info"),
    ]
    log = state_dir / "gunicorn.log"
    with Program(command, env=environment(state_dir, **variables), log=log) as server:
        until(lambda: ask(port, "/healthz"), 60, "an answer")
        yield server, port


def prepare(state_dir: Path, **variables: str) -> None:
    """Make the tables with every port, and what pages need beside them."""
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            cwd=ROOT,
            env=environment(state_dir, **variables),
            check=True,
        )


def references(port: int, pages: Sequence[int]) -> dict[int, str]:
    """What the forms of these pages send, by port number."""
    found = {}
    for number in pages:
        page = ask(port, f"/en/ports/{number}/")
        assert page is not None
        found[number] = reference_on(page.body)
    return found


class Voter:
    """Connections of one thread each, kept open."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port = port
        self._source = source
        self._own = local()
        self._opened: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def vote(self, reference: str, face: str, **headers: str) -> Told:
        """Vote; status 0 when nothing came back."""
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=60, source_address=(self._source, 0)
            )
            self._own.connection = connection
            self._opened.append(connection)
        body = urlencode({"page": reference, "face": face})
        try:
            connection.request("POST", "/feedback/", body, {**_FORM, **headers})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()  # its answer, if any, is lost with it
            self._own.connection = None
            return Told(0, 0)
        location = unquote(answer.headers.get("Location", ""))
        number = location.split("/")[3].partition(".")[0] if location else "0"
        return Told(answer.status, int(number))


def vote_at_once(
    port: int,
    *,
    voters: int,
    each: int,
    connections: int,
    pages: dict[int, str],
    meanwhile: Callable[[Ledger], None] = lambda _ledger: None,
) -> Ledger:
    """Let so many voters vote on so many pages each, and once more until it is acknowledged.

    `meanwhile` runs beside it.
    """
    ledger, jobs, voter = Ledger(), SimpleQueue[tuple[int, int]](), Voter(port)
    numbers = list(pages)
    for nth in range(each):
        for who in range(voters):
            jobs.put((who, numbers[(who + nth * 7) % len(numbers)]))

    def work() -> None:
        while True:
            try:
                who, number = jobs.get_nowait()
            except Empty:
                return
            face = FACES[(who + number) % 3]
            address = f"198.18.{who // 250}.{who % 250 + 1}"
            for _ in range(_TRIES):
                told = voter.vote(pages[number], face, **{"X-Forwarded-For": address})
                ledger.note(told, number, face)
                if told.status in (303, 429):
                    break
                time.sleep(0.1)

    with ThreadPoolExecutor(connections + 1) as pool:
        beside = pool.submit(meanwhile, ledger)
        for done in [pool.submit(work) for _ in range(connections)]:
            done.result()
        beside.result()
    voter.close()
    return ledger


def stored(state_dir: Path, **variables: str) -> Stored:
    """What the database holds, after everything was counted."""
    printed = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", _REPORT],
        cwd=ROOT,
        env=environment(state_dir, **variables),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    said = json.loads(printed.splitlines()[-1])
    return Stored(
        {pk: (port, face) for pk, port, face, _voter in said["votes"]},
        [voter for *_vote, voter in said["votes"]],
        {int(port): counts for port, counts in said["tallies"].items()},
        said["left"],
    )


def check(ledger: Ledger, found: Stored, *, wanted: int) -> None:
    """Every acknowledged vote is there exactly once and counted; nothing else is, but what got no
    answer.
    """
    assert ledger.twice == [], "one number for two votes"
    assert len(ledger.acknowledged) + ledger.others[429] == wanted
    lost = {pk for pk, vote in ledger.acknowledged.items() if found.votes.get(pk) != vote}
    assert lost == set(), f"{len(lost)} votes were lost or are others"
    unanswered = ledger.others[0] + ledger.others[500] + ledger.others[503]
    assert len(found.votes) - len(ledger.acknowledged) <= unanswered
    assert len(set(found.voters)) == len(found.voters), "a voter has two votes"
    assert found.uncounted == 0
    counted = Counter(found.votes.values())
    ports = {port for port, _face in counted}
    assert found.tallies == {port: [counted[port, face] for face in FACES] for port in ports}


def kill_a_worker(server: Program) -> None:
    """Kill one of the web server's processes as the kernel does."""
    os.kill(min(server.children()), signal.SIGKILL)
