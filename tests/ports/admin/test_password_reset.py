"""A forgotten password: a link by e-mail, and nothing that tells strangers who has an account."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ports.admin import password_reset
from ports.models import Notice, User
from tests.ports.mailbox import IN_MEMORY, sent, waiting
from tests.ports.web.pages import get

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ports.admin.urls_with_mail")]

ASK = "/admin/password_reset/"
OLD, NEW = "an old password", "a quite new one"


@pytest.fixture(autouse=True)
def mail_is_set_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAILERS = IN_MEMORY
    settings.SITE_URL = "https://ports.example"
    settings.DEFAULT_FROM_EMAIL = "portsite@ports.example"
    monkeypatch.setattr(password_reset, "ANSWER_SECONDS", 0)


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann", "ann@example.org", OLD, is_staff=True)


def ask(client: Client, address: str = "ann@example.org") -> str:
    response = client.post(ASK, {"email": address}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def link() -> str:
    (mail,) = sent()
    assert mail.to == ["ann@example.org"]
    found = re.search(r"https://ports\.example(/admin/password_reset/\S+)", mail.body)
    assert found
    return found[1]


def choose(client: Client, path: str, password: str = NEW) -> Any:
    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else path
    return client.post(where, {"new_password1": password, "new_password2": password}, follow=True)


def test_the_login_leads_to_a_new_password(client: Client, ann: User) -> None:
    assert f'href="{ASK}"' in get(client, "/admin/login/").content.decode()
    assert "<h1>Password reset</h1>" in get(client, ASK).content.decode()
    ask(client)
    done = choose(client, link()).content.decode()
    assert "Your password has been set" in done
    assert 'href="/admin/login/"' in done
    assert client.login(username="ann", password=NEW)


def test_a_link_works_once(client: Client, ann: User) -> None:
    ask(client)
    path = link()
    choose(client, path)
    assert "reset link was invalid" in choose(Client(), path, "another new one").content.decode()
    assert client.login(username="ann", password=NEW)


def test_no_table_holds_the_link(client: Client, ann: User) -> None:
    ask(client)
    assert waiting() == [("ann", "password_reset")]
    assert Notice.objects.get().text == ""


def test_the_answer_is_the_same_for_an_address_that_nobody_has(client: Client, ann: User) -> None:
    assert ask(client) == ask(client, "nobody@example.org")
    assert len(waiting()) == 1


def test_the_answer_takes_the_same_time(
    client: Client, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, "first@example.org")  # which loads what is needed
    monkeypatch.setattr(password_reset, "ANSWER_SECONDS", 0.3)
    seconds = []
    for address in ("ann@example.org", "nobody@example.org"):
        started = time.monotonic()
        client.post(ASK, {"email": address})
        seconds.append(time.monotonic() - started)
    assert min(seconds) >= 0.3
    assert abs(seconds[0] - seconds[1]) < 0.1


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}, {"password": "!"}])
def test_who_cannot_sign_in_gets_no_link(client: Client, ann: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=ann.pk).update(**change)
    ask(client)
    assert waiting() == []


def test_an_address_gets_three_an_hour(client: Client, ann: User) -> None:
    for _ in range(5):
        ask(client)
    assert len(waiting()) == 3
    sent()
    ask(client)
    assert waiting() == []
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    ask(client)
    assert len(waiting()) == 1


@pytest.mark.parametrize("address", ["ann", "ann@example.org\0", ""])
def test_what_is_no_address_is_refused(client: Client, address: str) -> None:
    assert "errorlist" in ask(client, address)


def test_such_a_mail_has_no_link_that_stops_it(client: Client, ann: User) -> None:
    ask(client)
    (mail,) = sent()
    assert "List-Unsubscribe" not in mail.extra_headers
    assert "/stop/" not in mail.body


@pytest.mark.urls("portsite.urls")
def test_a_site_without_a_mail_server_offers_none(client: Client) -> None:
    assert "password_reset" not in get(client, "/admin/login/").content.decode()
    assert client.get(ASK).headers["Location"].startswith("/admin/login/")
