"""Every screen of the desk beside the publishing page: axe, a phone, and the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewReader
from tests.browser.keyboard import tab_to
from tests.browser.site import Site
from tests.browser.test_accessibility import violations
from tests.browser.test_reviewing import sign_in

pytestmark = pytest.mark.any_database

ITEMS = "/admin/ports/workitem/"
SCREENS = {
    "first page": "/admin/",
    "work items": ITEMS,
    "closed work items": f"{ITEMS}?state=all",
    "glossary": "/admin/ports/glossaryterm/?language=ar&language=tr",
    "translation file": "/admin/ports/port/40012/translate/tr/import/",
    "own settings": "/admin/me/",
    "readers' comments": "/admin/feedback/followup/?language=all&state=all",
    "usefulness": "/admin/feedback/tally/",
    "what readers of a page say": "/admin/feedback/tally/40006/en/",
}
LISTS = {"work item": ITEMS, "term": "/admin/ports/glossaryterm/?language=ar&language=tr"}
STRANGERS = {
    "sign-in": "/admin/login/",
    "password reset": "/admin/password_reset/",
    "password reset, sent": "/admin/password_reset/done/",
}
STOP = """
from ports.models import User
from ports.notices.stopping import link
print(link(User.objects.get(username="demo-writer")))
"""

# Readers of a page of the demo, for as long as two months, and what one of them wrote.
ANSWERS = """
from datetime import UTC, datetime, timedelta
from feedback import tallying
from feedback.models import FollowUp, Vote, VoteDelta
today = datetime.now(UTC).date()
about = {"port_id": 40006, "language": "en", "text_language": "en", "revision_number": 1}
for back in range(60):
    day = today - timedelta(days=back)
    for face in ("happy", "happy", "doubtful", "sad"):
        VoteDelta.objects.create(**about, day=day, face=face, difference=1)
tallying.count_all()
vote = Vote.objects.create(**about, face="sad", cast_on=today, voter="v" * 32)
FollowUp.objects.create(vote=vote, reason="wrong", comment="Is it?", written_on=today)
"""

every_direction = pytest.mark.parametrize("language", ["en", "ar"])


@pytest.fixture
def translator(new_reader: NewReader, demo_password: str, language: str) -> Page:
    """A translator into Turkish, whose browser wants a language."""
    page = new_reader(locale=language)
    sign_in(page, "translator", demo_password)
    return page


def check(page: Page) -> None:
    """Nothing that WCAG forbids, and on a phone nothing wider than it (see `violations`)."""
    assert violations(page) == []
    assert page.viewport_size == {"width": 390, "height": 900}
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture(scope="module")
def answers(site: Site, demo_password: str) -> None:
    """Readers have answered."""
    site.manage("shell", "--verbosity", "0", "--command", ANSWERS)


@every_direction
@pytest.mark.parametrize("address", SCREENS.values(), ids=SCREENS)
def test_a_screen(answers: None, translator: Page, address: str, language: str) -> None:
    translator.goto(address)
    expect(translator.locator("html")).to_have_attribute("lang", language)
    check(translator)


@every_direction
@pytest.mark.parametrize("address", LISTS.values(), ids=LISTS)
def test_the_first_of_a_list(translator: Page, address: str) -> None:
    translator.goto(address)
    translator.locator("#result_list tbody th a").first.click()
    translator.wait_for_url(f"**{address.partition('?')[0]}*/change/**")
    check(translator)


@every_direction
@pytest.mark.parametrize("address", STRANGERS.values(), ids=STRANGERS)
def test_a_screen_for_those_who_have_not_signed_in(
    new_reader: NewReader, address: str, language: str
) -> None:
    page = new_reader(locale=language)
    page.goto(address)
    check(page)


@every_direction
def test_the_page_that_stops_notices(
    site: Site, new_reader: NewReader, demo_password: str, language: str
) -> None:
    address = site.manage("shell", "--verbosity", "0", "--command", STOP).strip()
    page = new_reader(locale=language)
    page.goto(address)
    check(page)
    page.locator("main button, #content button").first.click()
    check(page)


def test_a_file_that_is_refused(new_reader: NewReader, demo_password: str) -> None:
    page = new_reader()
    sign_in(page, "translator", demo_password)
    page.goto(SCREENS["translation file"])
    page.locator("input[type=file]").set_input_files(
        {"name": "not.po", "mimeType": "text/plain", "buffer": b"Hello."}
    )
    page.locator("#content-main button, #content-main input[type=submit]").first.click()
    expect(page.locator(".errorlist")).to_be_visible()
    check(page)


def test_an_item_is_closed_with_the_keyboard_alone(
    new_reader: NewReader, demo_password: str
) -> None:
    page = new_reader()
    sign_in(page, "writer", demo_password)
    page.goto(ITEMS)
    item = page.locator("#result_list tbody tr", has_text="40013").locator("th a")
    tab_to(page, item, at_most=200)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ITEMS}*/change/**")
    note = page.locator("textarea[name=note]")
    tab_to(page, note, at_most=200)
    page.keyboard.type("All of it is still so.")
    tab_to(page, page.locator("button[value=nothing_to_do]"))
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("40013")
    expect(page.locator("#result_list tbody tr", has_text="40013")).to_have_count(0)
