"""A mail server that is gone or frozen holds up no editor, and loses no notice."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from portsite import supervisor
from tests.mail_server import MailServer, frozen_server
from tests.portsite.processes import ROOT, Program, ask, environment, free_port, until
from tests.refresh_kills import installation_on, shell

pytestmark = pytest.mark.any_database

PASSWORD = "a-long-enough-one"  # noqa: S105 - of a site that lives as long as the test
ANSWER_SECONDS = 2

PEOPLE = f"""
from ports import publishing
from ports.editorial import working
from ports.editorial.parts import kind_of_part
from ports.models import Document, Role, User
writer = User.objects.create_user("writer", password="{PASSWORD}", is_staff=True)
Role.objects.create(user=writer, kind="writer")
for name in ("a", "b", "c"):
    user = User.objects.create_user(
        name, f"{{name}}@example.org", is_staff=True, notices="each", preferred_language="tr"
    )
    Role.objects.create(user=user, kind="reviewer")
document, _new = Document.objects.get_or_create(kind="port", port_id=22)
working.insert(kind_of_part("port", "article"), document, {{"title_en": "A title"}})
publishing.save_revision(document=document, by=writer)
"""
WRITTEN = """
from django.utils import timezone
from ports.models import Notice, User
to, now = User.objects.create_user("a", "a@example.org", notices="daily"), timezone.now()
Notice.objects.bulk_create(
    Notice(to=to, kind="digest", text=f"number {number}", created_at=now, due_at=now)
    for number in range(60)
)
"""
DUE_NOW = """
from django.utils import timezone
from ports.models import Notice
print("due", Notice.objects.filter(sent_at=None).update(due_at=timezone.now()))
"""
STATE = """
from ports.models import Notice
notices = Notice.objects.filter(kind="submitted")
failed, unsent = notices.exclude(failure=""), notices.filter(sent_at=None)
print("state", failed.count(), unsent.count())
"""
SEND = """
import django
django.setup()
from ports import notices
print(notices.send_due())
"""


@contextmanager
def nobody() -> Iterator[int]:
    """A port that nothing listens on."""
    yield free_port()


def submit(url: str) -> float:
    """Submit the text for review as a browser does; how many seconds the answer took."""
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:

        def token(page: str) -> str:
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(page).text)
            assert found
            return found[1]

        form = {"username": "writer", "password": PASSWORD}
        login = "/admin/login/"
        form["csrfmiddlewaretoken"] = token(login)
        assert client.post(f"{login}?next=/admin/", data=form).status_code == 302
        page = "/admin/ports/port/22/publishing/"
        form = {"action": "submit", "language": "en", "number": "1"}
        form["csrfmiddlewaretoken"] = token(page)
        started = time.monotonic()
        assert client.post(page, data=form).status_code == 302
        return time.monotonic() - started


@pytest.mark.parametrize("server", [nobody, frozen_server], ids=["gone", "frozen"])
def test_an_editor_is_answered_at_once_and_every_notice_arrives_later(
    server: object, prepared_state_dir: Path
) -> None:
    port = free_port()
    with server() as mail_port:  # type: ignore[operator]
        env = environment(
            prepared_state_dir,
            PORT=str(port),
            EMAIL_URL=f"smtp://127.0.0.1:{mail_port}",
            EMAIL_FROM="Portsite <portsite@ports.example>",
            REGISTRY_LOOK="1",
        )
        shell(env, f"{PEOPLE}\nprint('made')")
        web, worker = (
            Program(service.command, env=env, log=prepared_state_dir / f"{service.name}.log")
            for service in supervisor.commands(port, prepared_state_dir)[:2]
        )
        with web, worker:
            until(lambda: ask(port, "/healthz"), 60, "the site")
            assert submit(f"http://localhost:{port}") < ANSWER_SECONDS
            until(lambda: "No e-mail can be sent" in worker.output, 60, "a failure")
            assert shell(env, STATE) == "3 3"
    with MailServer(mail_port) as running:
        shell(env, DUE_NOW)
        with worker_of(env, prepared_state_dir):
            until(lambda: len(running.mails) == 3, 60, "three e-mails")
            time.sleep(3)
    assert Counter(str(mail["To"]) for mail in running.mails) == {
        "a@example.org": 1,
        "b@example.org": 1,
        "c@example.org": 1,
    }
    assert shell(env, STATE) == "0 0"


def worker_of(env: dict[str, str], state_dir: Path) -> Program:
    command = supervisor.commands(8000, state_dir)[1].command
    return Program(command, env=env, log=state_dir / "second-worker.log")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_processes_that_send_at_once_send_everything_once(database: str, tmp_path: Path) -> None:
    with MailServer() as server, installation_on(database, tmp_path / "state") as site:
        site["EMAIL_URL"], site["EMAIL_FROM"] = server.url, "portsite@ports.example"
        site["DJANGO_SETTINGS_MODULE"] = "portsite.settings"
        shell(site, f"{WRITTEN}\nprint('written')")
        senders = [
            subprocess.Popen(
                [sys.executable, "-c", SEND], cwd=ROOT, env=site, stdout=subprocess.PIPE, text=True
            )
            for _ in range(4)
        ]
        took = [int(sender.communicate(timeout=120)[0]) for sender in senders]
    assert sum(took) == 60
    found = [re.search(r"number (\d+)", mail.get_content()) for mail in server.mails]
    assert sorted(int(each[1]) for each in found if each) == list(range(60))
