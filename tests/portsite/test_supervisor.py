"""`manage.py serve` on real processes: it starts, keeps running and ends everything together."""

import fcntl
import os
import pty
import signal
import sqlite3
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest

from tests.feedback.forms import reference_on
from tests.portsite.conftest import FirstStart, copy_of
from tests.portsite.processes import ROOT, Answer, Program, ask, environment, free_port, until

pytestmark = pytest.mark.any_database

START_SECONDS = 60
END_SECONDS = 15
PAGE = "/tr/ports/3440/"
# A word of the command line of each service.
SERVICES = {"web": "gunicorn", "worker": " worker ", "beat": " beat "}


class Site(Program):
    """The whole site, started as `make run` starts it."""

    def __init__(self, state_dir: Path, **variables: str) -> None:
        self.state_dir = state_dir
        self.port = free_port()
        self.answer_when_announced: Answer | None = None
        super().__init__(
            [sys.executable, "manage.py", "serve"],
            env=environment(state_dir, PORT=str(self.port), **variables),
            log=state_dir / "serve.log",
        )

    @property
    def is_announced(self) -> bool:
        return f"Portsite is running at http://localhost:{self.port}/" in self.output

    def wait_until_announced(self) -> None:
        until(lambda: self.is_announced or self.has_ended, START_SECONDS, "the site's address")
        self.answer_when_announced = ask(self.port, "/healthz")
        assert not self.has_ended, self.output

    def service(self, name: str) -> int | None:
        """The process id of a running service; None when there is none."""
        found = [pid for pid, command in self.children().items() if SERVICES[name] in command]
        return found[0] if found else None

    def ask(self, path: str, *, method: str = "GET", body: str = "", **headers: str) -> Answer:
        answer = ask(self.port, path, method=method, body=body, **headers)
        assert answer is not None, self.output
        return answer

    def vote(self, **headers: str) -> int:
        """Cast a vote as the form of a page does; returns the status of the answer."""
        page = self.ask("/tr/ports/3440/").body
        form = urlencode({"page": reference_on(page), "face": "happy"})
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("/feedback/", method="POST", body=form, **kind, **headers).status


def everything_ended(site: Program, seconds: float) -> bool:
    """Wait for the last process to end; whether it did so in time."""
    deadline = time.monotonic() + seconds
    while site.alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not site.alive()


def votes_in(state_dir: Path) -> int:
    with closing(sqlite3.connect(state_dir / "portsite.sqlite3")) as database:
        (count,) = database.execute("SELECT count(*) FROM feedback_vote").fetchone()
        return int(count)


@pytest.fixture(scope="module")
def site(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site that tests share: each leaves it running."""
    folder = tmp_path_factory.mktemp("site") / "state"
    copy_of(first_start.state_dir, folder)
    with Site(folder, TRUSTED_PROXIES="192.0.2.1") as running:
        running.wait_until_announced()
        yield running


def test_a_first_start_that_was_killed_half_way_is_completed_by_the_next(
    first_start: FirstStart, tmp_path: Path
) -> None:
    assert "Loading the bundled registry: Comparing and writing" in first_start.interrupted
    assert "Collecting the static files" not in first_start.interrupted
    assert "Loading the bundled registry: Comparing and writing" in first_start.completed
    assert "Collecting the static files" in first_start.completed
    # Whoever opens a database writes into its folder, which other tests may be copying.
    folder = copy_of(first_start.state_dir, tmp_path / "state")
    with closing(sqlite3.connect(folder / "portsite.sqlite3")) as database:
        ((ports,),) = database.execute("SELECT count(*) FROM ports_port")
        ((assigned,),) = database.execute(
            "SELECT count(*) FROM ports_port WHERE tcp_status = 'assigned'"
        )
        ((snapshots, records),) = database.execute(
            "SELECT count(*), max(record_count) FROM ports_snapshot"
        )
        ((stored,),) = database.execute("SELECT count(*) FROM ports_assignment")
    assert ports == 65_536
    assert snapshots == 1
    assert stored == records > 14_000
    assert assigned > 5_000


def test_a_later_start_prepares_nothing_again(site: Site) -> None:
    assert "Loading the bundled registry" not in site.output
    assert "Collecting the static files" not in site.output


def test_the_address_is_printed_once_the_site_answers(site: Site) -> None:
    assert site.answer_when_announced == Answer(200, "ok\n")
    assert site.output.count("Portsite is running at") == 1


def test_pages_are_served(site: Site) -> None:
    page = site.ask(PAGE)
    assert page.status == 200
    assert '<html lang="tr"' in page.body
    assert "3440" in page.body


def test_static_files_are_served_under_hashed_names(site: Site) -> None:
    _, _, rest = site.ask(PAGE).body.partition('href="/static/')
    assert site.ask("/static/" + rest.partition('"')[0]).status == 200


def test_only_this_machine_is_served(site: Site) -> None:
    listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    local = [line.split()[1] for line in listening.splitlines() if " 0A " in line]
    assert [each for each in local if each.endswith(f":{site.port:04X}")] == [
        f"0100007F:{site.port:04X}"
    ]


def test_the_web_server_believes_the_trusted_proxies_alone(site: Site) -> None:
    origin = f"https://localhost:{site.port}"
    assert site.vote(Origin=origin, X_Forwarded_Proto="https") == 403


@pytest.mark.parametrize("name", SERVICES)
def test_a_killed_service_is_started_again_without_what_the_old_one_left(
    name: str, site: Site
) -> None:
    old = site.service(name)
    assert old is not None
    family = {pid for pid, command in site.alive().items() if SERVICES[name] in command}
    os.kill(old, signal.SIGKILL)
    until(lambda: site.service(name) not in {None, old}, 20, f"another {name}")
    assert not family & site.alive().keys()
    assert f"{name} ended with code -9; starting it again in 1 s." in site.output
    until(lambda: ask(site.port, PAGE) is not None, 20, "an answer")
    assert site.ask(PAGE).status == 200
    assert {site.service(each) is not None for each in SERVICES} == {True}


def test_a_taken_port_is_an_error_with_the_way_out(site: Site, tmp_path: Path) -> None:
    env = environment(tmp_path / "state", PORT=str(site.port))
    with Program(
        [sys.executable, "manage.py", "serve"], env=env, log=tmp_path / "serve.log"
    ) as second:
        assert second.wait(30) == 1
    (line,) = second.output.splitlines()
    assert line == (
        f"CommandError: Port {site.port} cannot be used: Address already in use. Stop the program "
        f"that listens there, or choose another port: make run PORT={site.port + 1}"
    )
    assert not (tmp_path / "state" / "portsite.sqlite3").exists()


def test_a_second_site_in_the_same_folder_is_an_error_that_names_it(
    site: Site, tmp_path: Path
) -> None:
    env = environment(site.state_dir, PORT=str(free_port()))
    with Program(
        [sys.executable, "manage.py", "serve"], env=env, log=tmp_path / "serve.log"
    ) as second:
        assert second.wait(30) == 1
    (line,) = second.output.splitlines()
    assert line == (
        f"CommandError: Portsite already runs with the folder {site.state_dir} (process "
        f"{site.process.pid}). Stop it first, or set STATE_DIR to another folder."
    )
    assert site.ask(PAGE).status == 200


def end(site: Site, number: signal.Signals) -> None:
    """Tell a site to stop, and insist that it does, with everything that it started."""
    assert len(site.alive()) > len(SERVICES)
    site.tell(number)
    time.sleep(0.2)
    site.tell(number)  # as the impatient do
    assert site.wait(END_SECONDS) == 0, site.output
    assert site.alive() == {}
    assert "Stopping ..." in site.output
    assert "Traceback" not in site.output


def test_ctrl_c_ends_the_site_with_everything_it_started(prepared_state_dir: Path) -> None:
    with Site(prepared_state_dir) as running:
        running.wait_until_announced()
        end(running, signal.SIGINT)


def test_after_a_kill_nothing_is_left_and_the_next_start_has_the_votes_but_no_old_messages(
    prepared_state_dir: Path,
) -> None:
    with Site(prepared_state_dir) as killed:
        killed.wait_until_announced()
        assert killed.vote() == 303
        killed.tell(signal.SIGKILL)
        killed.wait(5)
        assert everything_ended(killed, END_SECONDS), killed.alive()
    assert (prepared_state_dir / "supervisor.lock").exists()
    # As a process leaves it that was killed while it wrote.
    message = prepared_state_dir / "queue" / "messages" / "1_half-written.celery.msg"
    message.write_text('{"body": "W1')
    with Site(prepared_state_dir) as again:
        again.wait_until_announced()
        assert again.ask(PAGE).status == 200
        assert again.vote() == 303
        end(again, signal.SIGTERM)
    assert not message.exists()
    assert votes_in(prepared_state_dir) == 2


# Ignores SIGTERM, as does what it starts.
STUBBORN = ["sh", "-c", "trap '' TERM; sleep 600 & while :; do sleep 600; done"]


@contextmanager
def supervised(
    folder: Path,
    *commands: Sequence[str],
    address: str = "http://127.0.0.1:9/",
    before: Callable[[], object] | None = None,
    **variables: str,
) -> Iterator[Program]:
    """The supervisor with services of the test's own, started in a folder that is not ours."""
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from portsite import supervisor
supervisor.STOP_SECONDS = 1  # patience costs time
services = [supervisor.Service("stand-in", command) for command in {commands!r}]
supervisor.run(services, address={address!r}, ready_message="It answers.")
"""
    with Program(
        [sys.executable, "-c", script],
        env=environment(folder / "state", **variables),
        log=folder / "supervisor.log",
        cwd=folder,
        before=before,
    ) as running:
        yield running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_of_the_usual_signals_ends_everything(number: signal.Signals, tmp_path: Path) -> None:
    with supervised(tmp_path, ["sleep", "600"], ["sleep", "600"]) as running:
        until(lambda: len(running.children()) == 2, 10, "the services")
        running.tell(number)
        assert running.wait(10) == 0
        assert running.alive() == {}


def test_a_service_that_does_not_end_when_told_to_is_killed_with_everything_it_started(
    tmp_path: Path,
) -> None:
    with supervised(tmp_path, STUBBORN) as running:
        until(lambda: len(running.alive()) == 4, 10, "the service and what it starts")
        running.tell(signal.SIGTERM)
        assert running.wait(10) == 0
        assert running.alive() == {}


def test_a_frozen_service_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with supervised(tmp_path, ["sleep", "600"]) as running:

        def asleep() -> list[int]:
            # Frozen any earlier, between fork and exec, it would be waited for.
            children = running.children().items()
            return [pid for pid, command in children if command.startswith("sleep")]

        (frozen,) = until(asleep, 10, "the service")
        os.kill(frozen, signal.SIGSTOP)
        running.tell(signal.SIGINT)
        assert running.wait(10) == 0
        assert running.alive() == {}


def test_a_closed_terminal_ends_everything(tmp_path: Path) -> None:
    terminal, end_of_the_program = pty.openpty()

    def in_the_terminal() -> None:
        os.setsid()
        fcntl.ioctl(end_of_the_program, termios.TIOCSCTTY, 0)
        os.dup2(end_of_the_program, 1)  # nothing can be printed any more once it is closed
        os.dup2(end_of_the_program, 2)

    with supervised(tmp_path, STUBBORN, before=in_the_terminal) as running:
        os.close(end_of_the_program)
        until(lambda: len(running.alive()) == 4, 10, "the service and what it starts")
        os.close(terminal)
        running.wait(10)
        assert running.alive() == {}


def test_a_service_that_keeps_ending_is_started_again_after_longer_and_longer_pauses(
    tmp_path: Path,
) -> None:
    with supervised(tmp_path, ["sh", "-c", "date +%s.%N >>starts; exit 3"]) as running:
        until(lambda: "starting it again in 4 s." in running.output, 20, "the third end")
    times = [float(line) for line in (tmp_path / "starts").read_text().split()]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert pauses == pytest.approx([1, 2], abs=0.9)
    assert "stand-in ended with code 3; starting it again in 1 s." in running.output


def test_what_an_ended_service_leaves_behind_is_killed_before_it_is_started_again(
    tmp_path: Path,
) -> None:
    with supervised(tmp_path, ["sh", "-c", "sleep 600 & exit 3"]) as running:
        until(lambda: "starting it again in 2 s" in running.output, 20, "the second end")
        assert len(running.alive()) <= 1 + 1


def test_services_find_the_sites_packages_wherever_it_was_started(tmp_path: Path) -> None:
    look = [sys.executable, "-c", "import portsite; print('found', flush=True)"]
    with supervised(tmp_path, look) as running:
        until(lambda: "found" in running.output or "Error" in running.output, 20, "a look")
        assert "found" in running.output


@contextmanager
def server(status: int) -> Iterator[str]:
    """A web server that gives one answer; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as answering:
        thread = Thread(target=answering.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{answering.server_port}/"
        answering.shutdown()
        thread.join()


def test_the_sites_own_answer_is_not_looked_for_behind_a_proxy(tmp_path: Path) -> None:
    proxies = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    with (
        server(200) as address,
        supervised(tmp_path, ["sleep", "600"], address=address, **proxies) as running,
    ):
        until(lambda: "It answers." in running.output, 10, "the announcement")


@pytest.mark.parametrize(("status", "announced"), [(200, True), (400, True), (500, False)])
def test_a_site_that_allows_no_local_host_name_answers_and_a_broken_one_does_not(
    status: int, announced: bool, tmp_path: Path
) -> None:
    # 400 is what ALLOWED_HOSTS=ports.example makes of a request to 127.0.0.1.
    with (
        server(status) as address,
        supervised(tmp_path, ["sleep", "600"], address=address) as running,
    ):
        until(running.children, 10, "the service")
        time.sleep(0.5)
        assert ("It answers." in running.output) == announced
