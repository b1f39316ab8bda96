"""The admin: who gets in, what may be changed there, and in which language."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from feedback.models import Vote
from ports.models import Assignment, RefreshRun, RegistryChange, RegistryFile, Snapshot, User
from tests.ports import refresh_runs as made
from tests.ports.web.pages import attribute, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_superuser("editor", "editor@example.org", "a long password")
    client.force_login(user)
    return client


def admin_addresses() -> list[str]:
    """Every page of every model in the admin, those of our own included, about a row 1."""
    addresses = [reverse("admin:index")]
    for model_admin in admin.site._registry.values():
        addresses += [
            reverse(f"admin:{page.name}", args=["1"] * len(page.pattern.converters))
            for page in model_admin.get_urls()
            if page.name and "password" not in page.name
        ]
    return addresses


def test_the_addresses_hold_the_pages_that_are_not_djangos() -> None:
    assert "/admin/ports/port/1/publishing/" in admin_addresses()
    assert "/admin/ports/refreshrun/1/accept/" in admin_addresses()


@pytest.mark.parametrize("address", admin_addresses())
def test_a_stranger_is_sent_to_the_login(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("address", admin_addresses())
def test_a_user_who_is_no_staff_is_sent_to_the_login(client: Client, address: str) -> None:
    client.force_login(User.objects.create_user("reader"))
    assert client.get(address).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("model", [Assignment, RefreshRun, RegistryChange, Snapshot, Vote])
def test_facts_and_votes_can_be_read_and_not_changed(editor: Client, model: type) -> None:
    Vote.objects.create(port_id=1, language="en", face="sad", cast_on="2026-07-23")
    made.run("unchanged")
    made.change("added", service_name="ndn")
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"  # type: ignore[attr-defined]
    assert editor.get(reverse(f"{name}_changelist")).status_code == 200
    one = model._default_manager.first()  # type: ignore[attr-defined]
    change = reverse(f"{name}_change", args=[one.pk])
    assert editor.get(change).status_code == 200
    assert editor.post(change, {}).status_code == 403
    assert editor.get(reverse(f"{name}_add")).status_code == 403
    assert editor.post(reverse(f"{name}_delete", args=[one.pk])).status_code == 403


@pytest.mark.parametrize("code", ["tr", "ar", "pt-br", "zh-hans", "he"])
def test_the_admin_speaks_the_language_its_user_prefers(editor: Client, code: str) -> None:
    User.objects.update(preferred_language=code)
    response = get(editor, "/admin/", headers={"accept-language": "en"})
    assert attribute(response, "lang") == code
    assert attribute(response, "dir") == ("rtl" if code in {"ar", "he"} else "ltr")


def test_without_a_preference_the_admin_speaks_the_browsers_language(editor: Client) -> None:
    response = get(editor, "/admin/", headers={"accept-language": "nl"})
    assert attribute(response, "lang") == "nl"


def test_an_editor_reads_public_pages_as_everyone_does(editor: Client, reader: Client) -> None:
    User.objects.update(preferred_language="tr")
    as_editor = get(editor, "/nl/ports/3440/")
    assert as_editor.content == get(reader, "/nl/ports/3440/").content


def test_cookies_of_the_admin_stay_in_the_admin(client: Client) -> None:
    User.objects.create_superuser("editor", "editor@example.org", "a long password")
    client.get("/admin/login/")
    client.post("/admin/login/", {"username": "editor", "password": "a long password"})
    assert {cookie["path"] for cookie in client.cookies.values()} == {"/admin/"}


def test_the_admin_is_as_strict_as_the_pages(editor: Client) -> None:
    policy = editor.get("/admin/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_ports_are_searched_by_number(editor: Client) -> None:
    page = get(editor, "/admin/ports/port/?q=3440").content.decode()
    assert "/admin/ports/port/3440/change/" in page
    assert "/admin/ports/port/34400/change/" not in page


def test_lists_cost_few_queries(editor: Client, django_assert_max_num_queries: object) -> None:
    for model in ("port", "assignment", "snapshot", "refreshrun", "registrychange"):
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            get(editor, f"/admin/ports/{model}/")


def test_files_of_the_registry_are_not_listed() -> None:
    assert RegistryFile not in admin.site._registry
