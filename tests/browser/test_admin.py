"""The editors' door opens without a complaint of the browser, and its cookies stay behind it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.any_database

NAME = "editor"


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """The password of a superuser, made as an administrator makes one."""
    return site.add_superuser(NAME)


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


def test_the_pages_of_the_admin_open_cleanly(editor: Page) -> None:
    expect(editor.locator("#content-main")).to_contain_text("Votes")

    editor.goto("/admin/ports/port/")
    expect(editor.locator("#result_list tbody tr")).to_have_count(100)

    open_first(editor, "/admin/ports/assignment/?q=ssh")
    expect(editor.locator("#content")).to_contain_text("ssh")

    open_first(editor, "/admin/ports/user/")
    # The two lists of permissions are made by a script.
    expect(editor.locator("#id_user_permissions_to")).to_be_visible()
    assert editor.locator("#id_user_permissions_from option").count() > 10


def open_first(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url(f"**{address.partition('?')[0]}*/change/**")


def test_a_vote_stands_in_the_list_of_votes(editor: Page) -> None:
    editor.goto("/en/ports/22/")
    editor.locator(".vote button").last.click()
    expect(editor.get_by_role("status")).to_contain_text("is stored")
    editor.goto("/admin/feedback/vote/")
    expect(editor.locator("#result_list tbody tr").first).to_contain_text("22")


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
