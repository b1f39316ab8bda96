"""The editors' door opens without a complaint of the browser, and its cookies stay behind it."""

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.any_database

NAME = "editor"


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """The password of a superuser, made as an administrator makes one."""
    chosen = secrets.token_urlsafe(16)
    site.manage(
        "createsuperuser",
        "--noinput",
        DJANGO_SUPERUSER_USERNAME=NAME,
        DJANGO_SUPERUSER_EMAIL="editor@example.org",
        DJANGO_SUPERUSER_PASSWORD=chosen,
    )
    return chosen


@pytest.fixture
def editor(reader: Page, password: str) -> Page:
    """A reader who has signed in."""
    reader.goto("/admin/")
    expect(reader).to_have_url("/admin/login/?next=/admin/")
    reader.locator("#id_username").fill(NAME)
    reader.locator("#id_password").fill(password)
    reader.keyboard.press("Enter")
    expect(reader).to_have_url("/admin/")
    return reader


def open_first(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url(f"**{address.partition('?')[0]}*/change/**")


def open_front_page(page: Page) -> None:
    page.goto("/admin/")
    expect(page.locator("#content-main")).to_contain_text("Votes")


def open_ports(page: Page) -> None:
    page.goto("/admin/ports/port/")
    expect(page.locator("#result_list tbody tr")).to_have_count(100)


def open_assignment(page: Page) -> None:
    open_first(page, "/admin/ports/assignment/?q=ssh")
    expect(page.locator("#content")).to_contain_text("ssh")


def open_votes(page: Page) -> None:
    page.goto("/en/ports/22/")
    page.locator(".vote button").last.click()
    page.wait_for_url("**/en/feedback/*/")
    page.goto("/admin/feedback/vote/")
    expect(page.locator("#result_list tbody tr").first).to_contain_text("22")


def open_user(page: Page) -> None:
    open_first(page, "/admin/ports/user/")
    # The two lists of permissions are made by a script.
    expect(page.locator("#id_user_permissions_to")).to_be_visible()
    assert page.locator("#id_user_permissions_from option").count() > 10


@pytest.mark.parametrize(
    "open_page", [open_front_page, open_ports, open_assignment, open_votes, open_user]
)
def test_a_page_of_the_admin_opens_cleanly(
    editor: Page, open_page: Callable[[Page], None]
) -> None:
    open_page(editor)
    expect(editor.locator("h1").first).to_be_visible()


def test_cookies_stay_in_the_admin(editor: Page) -> None:
    cookies = {cookie["name"]: cookie["path"] for cookie in editor.context.cookies()}
    assert cookies == {"csrftoken": "/admin/", "sessionid": "/admin/"}
    for address in ("/en/", "/tr/ports/3440/", "/en/search/?q=mail"):
        response = editor.goto(address)
        assert response is not None
        assert "set-cookie" not in response.all_headers()
        assert "cookie" not in response.request.all_headers()
    kept = {cookie["name"]: cookie["path"] for cookie in editor.context.cookies()}
    assert kept == cookies
