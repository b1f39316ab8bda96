"""Editors ask for a refresh of the registry, follow it, and read what changed."""

import re
import threading
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import NewReader
from tests.browser.site import Site
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.any_database

NAME = "refresher"
LIST = "/admin/ports/refreshrun/"
# A worker leaves a run alone that another holds, so that nothing but the test moves it.
FOLLOWED = "made.run('running', step='getting', bytes_received=100, bytes_expected=400)"
ENDED = "state='unchanged', ended_at=timezone.now(), lease_until=None"


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """The password of a superuser, made as an administrator makes one."""
    return site.add_superuser(NAME)


@pytest.fixture
def editor(reader: Page, password: str) -> Page:
    """A reader who has signed in."""
    sign_in(reader, password)
    return reader


@pytest.fixture
def make(site: Site) -> Callable[[str], str]:
    """Make a row as an expression says, once every run has ended; return its number."""

    def made(expression: str) -> str:
        change_runs(site, "ended_at=None", f"{ENDED}, reason=''")
        return told_by(site, f"print({expression}.pk)")

    return made


def told_by(site: Site, code: str) -> str:
    """Run code beside the site; return the last line it prints."""
    imports = (
        "from django.utils import timezone; from ports.models import RefreshRun, User; "
        "from tests.ports import refresh_runs as made; "
    )
    return site.manage("shell", "-v0", "-c", imports + code).strip().rpartition("\n")[2]


def change_runs(site: Site, which: str, to: str) -> None:
    told_by(site, f"print(RefreshRun.objects.filter({which}).update({to}))")


def sign_in(page: Page, password: str) -> None:
    page.goto("/admin/")
    page.locator("#id_username").fill(NAME)
    page.locator("#id_password").fill(password)
    page.locator("#login-form [type=submit]").click()
    expect(page).to_have_url("/admin/")
    page.wait_for_load_state("load")


@pytest.mark.parametrize("address", ["/admin/", LIST])
def test_refresh_now_leads_to_the_run(
    editor: Page, make: Callable[[str], str], address: str
) -> None:
    make("made.run('unchanged')")
    editor.goto(address)
    editor.locator(".refresh-now button").click()
    editor.wait_for_url(re.compile(rf"{LIST}\d+/change/"))
    expect(editor.locator(".messagelist")).to_contain_text("You asked for a refresh")
    expect(editor.locator(".facts").first).to_contain_text(NAME)


def test_a_run_is_followed_to_its_end_without_reloading(
    editor: Page, site: Site, make: Callable[[str], str]
) -> None:
    run = make(FOLLOWED)
    editor.goto(f"{LIST}{run}/change/")
    editor.evaluate("window.isSamePage = true")
    bar = editor.locator("progress")
    expect(editor.get_by_role("status")).to_have_text("Getting the file")
    expect(bar).to_have_js_property("value", 0.25)

    change_runs(site, f"pk={run}", "bytes_received=300")
    expect(bar).to_have_js_property("value", 0.75)
    expect(editor.locator("[data-text=received]")).to_have_text(re.compile(r"300\sbytes of 400"))

    change_runs(site, f"pk={run}", "step='writing'")
    expect(editor.get_by_role("status")).to_have_text("Comparing and writing")
    expect(bar).not_to_have_attribute("value", re.compile(""))
    assert editor.evaluate("window.isSamePage")

    change_runs(site, f"pk={run}", ENDED)
    expect(editor.locator("h2").first).to_have_text(f"{run}: Unchanged")
    expect(bar).to_have_count(0)
    assert not editor.evaluate("window.isSamePage || false")


def test_a_run_is_followed_through_requests_that_fail(
    browser: Browser, site: Site, password: str, make: Callable[[str], str]
) -> None:
    run = make(FOLLOWED)
    # Not a watched reader: failed requests are what this is about.
    with browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        sign_in(page, password)
        failures: list[Callable[[Route], None]] = [
            lambda route: route.abort(),
            lambda route: route.fulfill(status=500, body="{}"),
            lambda route: route.fulfill(status=200, body="<html>"),
        ]

        def answer(route: Route) -> None:
            (failures.pop(0) if failures else Route.continue_)(route)

        page.route("**/progress/", answer)
        page.goto(f"{LIST}{run}/change/")
        expect(page.locator("progress")).to_have_js_property("value", 0.25)
        change_runs(site, f"pk={run}", ENDED)
        expect(page.locator("h2").first).to_have_text(f"{run}: Unchanged", timeout=10_000)
        assert failures == []


def test_whoever_is_signed_out_meanwhile_is_led_to_the_login(
    editor: Page, make: Callable[[str], str]
) -> None:
    run = make(FOLLOWED)
    editor.goto(f"{LIST}{run}/change/")
    editor.context.clear_cookies(name="sessionid")
    editor.wait_for_url(f"**/admin/login/?next={LIST}{run}/change/")


def test_without_scripts_a_run_is_followed_too(
    new_reader: NewReader, site: Site, password: str, make: Callable[[str], str]
) -> None:
    run = make(FOLLOWED)
    page = new_reader(java_script_enabled=False)
    sign_in(page, password)
    page.goto(f"{LIST}{run}/change/")
    expect(page.locator("progress")).to_have_count(1)
    change_runs(site, f"pk={run}", ENDED)
    expect(page.locator("h2").first).to_have_text(f"{run}: Unchanged", timeout=10_000)


def test_a_refused_file_is_downloaded_and_accepted(
    editor: Page, make: Callable[[str], str]
) -> None:
    run = make("made.refused_with_file('<script>alert(1)</script>')")
    editor.goto(f"{LIST}{run}/change/")
    with editor.expect_download() as download:
        editor.get_by_role("link", name="Download the refused file").click()
    assert download.value.path().read_text() == "<script>alert(1)</script>"
    editor.get_by_label("Why do you accept it?").fill("Its authors say that this is right.")
    editor.get_by_role("button", name="Accept this file").click()
    editor.wait_for_url(lambda address: not address.endswith(f"/{run}/change/"))
    expect(editor.locator(".messagelist")).to_contain_text("You accepted the file")
    editor.locator(f".facts a[href='{LIST}{run}/change/']").click()
    expect(editor.locator("#content")).to_contain_text("Its authors say that this is right.")


def test_two_people_who_press_at_once_get_one_run(
    site: Site, password: str, make: Callable[[str], str]
) -> None:
    make("made.run('unchanged')")
    other = site.add_superuser("second-refresher")
    start = threading.Barrier(2)
    led_to: list[str] = []

    def press(name: str, password: str) -> None:
        with httpx.Client(base_url=site.url, timeout=60) as client:
            page = client.get("/admin/login/")
            signing_in = {"username": name, "password": password, **token(page)}
            client.post("/admin/login/", data=signing_in, headers={"Referer": site.url})
            pressing = token(client.get("/admin/"))
            start.wait(60)
            led_to.append(client.post(f"{LIST}refresh/", data=pressing).headers["Location"])

    threads = [
        threading.Thread(target=press, args=person)
        for person in ((NAME, password), ("second-refresher", other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(led_to) == 2
    assert len(set(led_to)) == 1


def token(page: httpx.Response) -> dict[str, str]:
    """The token that shows a form to be the site's own."""
    name = "csrfmiddlewaretoken"
    return {name: re.findall(rf'name="{name}" value="(\w+)"', page.text)[0]}


CHANGE = (
    "made.change('modified', service_name='ssh',"
    " before=[made.record('ssh', '22', 'tcp', description='Shell')] * 2,"
    " after=[made.record('ssh', '22', 'tcp', description='Secure shell')] * 2)"
)
PAGES = {
    "first page": ("made.run('refused', asked_by=User.objects.first())", "/admin/"),
    "list": ("made.run('refused', asked_by=User.objects.first())", LIST),
    "running": (FOLLOWED, LIST + "{}/change/"),
    "refused": ("made.refused_with_file('x')", LIST + "{}/change/"),
    "changes": (CHANGE, "/admin/ports/registrychange/"),
    "change": (CHANGE, "/admin/ports/registrychange/{}/change/"),
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    new_reader: NewReader, password: str, make: Callable[[str], str], name: str, language: str
) -> None:
    expression, address = PAGES[name]
    number = make(expression.replace("'x'", f"'{language}'"))
    page = new_reader(locale=language)
    sign_in(page, password)
    page.goto(address.format(number))
    assert violations(page) == []
