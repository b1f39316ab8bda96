"""A person's own settings: languages and e-mails, without any permission."""

from typing import Any

import pytest
from django.test import Client

from ports.models import User
from tests.ports.admin.forms import Form
from tests.ports.admin.staff import with_roles
from tests.ports.mailbox import IN_MEMORY, with_address
from tests.ports.web.pages import get

pytestmark = pytest.mark.django_db

PAGE = "/admin/me/"


@pytest.fixture
def mail_is_set_up(settings: Any) -> None:
    settings.MAILERS = IN_MEMORY


@pytest.fixture
def member(client: Client) -> Client:
    """A member of staff without any role or permission."""
    client.force_login(with_address("member"))
    return client


def saved() -> User:
    return User.objects.get(username="member")


def test_every_page_of_the_admin_leads_there(member: Client) -> None:
    for address in ("/admin/", PAGE, "/admin/password_change/"):
        assert get(member, address).status_code == 200
    assert f'<a href="{PAGE}">Your settings</a>' in get(member, "/admin/").content.decode()


def test_strangers_and_readers_are_sent_to_the_login(client: Client) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/admin/login/")
    client.force_login(User.objects.create_user("reader"))
    assert client.get(PAGE).headers["Location"].startswith("/admin/login/")
    assert client.post(PAGE, {"notices": "each"}).status_code == 302
    assert User.objects.get(username="reader").notices == ""


def test_a_person_sets_languages_and_emails(member: Client, mail_is_set_up: None) -> None:
    form = Form(member, PAGE)
    form.fill(preferred_language="de", notices="daily", working_languages="tr")
    page = form.save().content.decode()
    assert 'lang="de"' in page
    user = saved()
    assert (user.preferred_language, user.working_languages) == ("de", ["tr"])
    assert user.notices == "daily"


def test_nothing_else_can_be_set_there(member: Client, mail_is_set_up: None) -> None:
    form = Form(member, PAGE)
    form.fill(notices="each", is_superuser="on", email="else@example.org", username="else").save()
    user = saved()
    assert not user.is_superuser
    assert user.email == "member@example.org"
    assert user.notices == "each"


@pytest.mark.parametrize(
    "wrong",
    [
        {"notices": "hourly"},
        {"preferred_language": "tlh"},
        {"working_languages": "en"},
        {"notices": "each\0"},
    ],
)
def test_what_there_is_not_is_refused(
    member: Client, mail_is_set_up: None, wrong: dict[str, str]
) -> None:
    answer = Form(member, PAGE).fill(**wrong).save()
    assert "errorlist" in answer.content.decode()
    assert (saved().notices, saved().preferred_language, saved().working_languages) == ("", "", [])


def test_without_a_mail_server_the_page_says_so_and_keeps_what_was_chosen(member: Client) -> None:
    User.objects.update(notices="each")
    form = Form(member, PAGE)
    page = get(member, PAGE).content.decode()
    assert "This site sends no e-mails: no mail server is set up." in page
    form.fill(notices="", preferred_language="nl").save()
    assert (saved().notices, saved().preferred_language) == ("each", "nl")


def test_without_an_address_the_page_says_so(member: Client, mail_is_set_up: None) -> None:
    User.objects.update(email="")
    assert "No e-mail address of yours is known here." in get(member, PAGE).content.decode()


def test_only_superusers_see_what_was_sent_and_nobody_changes_it(member: Client) -> None:
    address = "/admin/ports/notice/"
    assert member.get(address).status_code == 403
    assert with_roles("publisher", "publisher").get(address).status_code == 403
    User.objects.update(is_superuser=True)
    assert get(member, address).status_code == 200
    assert member.get(f"{address}add/").status_code == 403
