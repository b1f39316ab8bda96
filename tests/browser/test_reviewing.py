"""Four people bring a text to its readers, each with their own part, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewReader
from tests.browser.test_accessibility import violations
from tests.browser.test_editing import unfold

pytestmark = pytest.mark.any_database

PORT = "/admin/ports/port/4445/change/"
PUBLISHING = "/admin/ports/port/4445/publishing/"
TITLE = "#id_articles-0-title_{}"
NOTICE = "İngilizce metin"


class Office:
    """The people at work, each with a browser of their own."""

    def __init__(self, new_reader: NewReader, password: str) -> None:
        self._new_reader = new_reader
        self._password = password
        self._pages: dict[str, Page] = {}

    def __getitem__(self, name: str) -> Page:
        if name not in self._pages:
            self._pages[name] = self._new_reader()
            sign_in(self._pages[name], name, self._password)
        return self._pages[name]


def sign_in(page: Page, name: str, password: str) -> None:
    """Sign in as somebody of the demo."""
    page.set_default_timeout(30_000)
    page.goto("/admin/")
    page.locator("#id_username").fill(f"demo-{name}")
    page.locator("#id_password").fill(password)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/admin/")


@pytest.fixture
def office(new_reader: NewReader, demo_password: str) -> Office:
    """The people of the demo."""
    return Office(new_reader, demo_password)


def write(page: Page, column: str, title: str, *, significance: str = "") -> None:
    """Write a title, and submit it."""
    page.goto(PORT)
    unfold(page)
    page.locator(TITLE.format(column)).fill(title)
    if significance:
        page.locator("#significance").select_option(significance)
    page.locator("input[name=_submit]").click()
    expect(page.locator(".messagelist .success").last).to_contain_text("Submitted for review")


def press(page: Page, action: str, language: str, note: str = "") -> None:
    """Press a button of an edition, and be told that it was done."""
    page.goto(PUBLISHING)
    section = page.locator(f"[aria-labelledby=edition-{language}]")
    if note:
        section.locator("textarea[name=note]").fill(note)
    section.locator(f"button[value={action}]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def sees(reader: Page, language: str, text: str) -> bool:
    reader.goto(f"/{language}/ports/4445/")
    return text in reader.locator("main").inner_text()


def test_a_text_and_its_translation_reach_readers_by_way_of_four_people(
    office: Office, new_reader: NewReader
) -> None:
    people, reader = office, new_reader()

    write(people["writer"], "en", "A first title")
    press(people["reviewer"], "request_changes", "en", "A better title, please")
    people["writer"].goto("/admin/")
    expect(people["writer"].locator(".desk")).to_contain_text("Change what the reviewer asks for")
    people["writer"].goto(PUBLISHING)
    expect(people["writer"].locator(".events")).to_contain_text("A better title, please")
    write(people["writer"], "en", "A better title")
    people["reviewer"].goto("/admin/")
    expect(people["reviewer"].locator(".desk").get_by_role("link", name="4445")).to_be_visible()
    press(people["reviewer"], "approve", "en")
    assert not sees(reader, "en", "A better title")
    press(people["publisher"], "publish", "en")
    assert sees(reader, "en", "A better title")
    assert sees(reader, "en", "Reviewed by an editor who did not write it")

    write(people["translator"], "tr", "Daha iyi bir başlık")
    press(people["reviewer"], "approve", "tr")
    assert not sees(reader, "tr", "Daha iyi bir başlık")
    press(people["publisher"], "publish", "tr")
    assert sees(reader, "tr", "Daha iyi bir başlık")
    assert not sees(reader, "tr", NOTICE)

    write(people["writer"], "en", "Quite another title", significance="major")
    press(people["reviewer"], "approve", "en")
    press(people["publisher"], "publish", "en")
    assert sees(reader, "tr", "Daha iyi bir başlık")
    assert sees(reader, "tr", NOTICE)
    people["translator"].goto(PUBLISHING)
    told = people["translator"].locator("[aria-labelledby=edition-tr]")
    expect(told).to_contain_text("What changed in English since this translation was made")
    expect(told).to_contain_text(re.compile("A better title.*Quite another title", re.DOTALL))
    press(people["translator"], "still_correct", "tr")
    assert not sees(reader, "tr", NOTICE)


def test_a_translator_cannot_type_into_english_fields(office: Office) -> None:
    page = office["translator"]
    page.goto("/admin/ports/port/40006/change/?language=tr")
    unfold(page)
    expect(page.locator(TITLE.format("en"))).to_be_disabled()
    expect(page.locator(TITLE.format("tr"))).to_be_enabled()


def test_two_people_talk_about_a_title(office: Office) -> None:
    page = "/admin/ports/port/40002/publishing/"
    writer, reviewer = office["writer"], office["reviewer"]
    reviewer.goto(page)
    said = reviewer.locator(".comments")
    said.get_by_text("Write a comment").click()
    said.get_by_label("About").select_option(label="Article – title")
    said.get_by_label("Comment").fill("Which program is it?")
    said.get_by_role("button", name="Add the comment").click()
    expect(said.locator("h4", has_text="Article – title")).to_be_visible()

    writer.goto("/admin/ports/port/40002/change/")
    writer.get_by_role("link", name="English: 1 open comment").click()
    thread = writer.locator(".thread")
    expect(thread).to_contain_text("Which program is it?")
    thread.get_by_label("Answer").fill("The one in the summary.")
    thread.get_by_role("button", name="Settle").click()
    expect(writer.locator(".comments")).to_contain_text("1 settled comment")
    expect(thread).to_be_hidden()
    writer.get_by_text("1 settled comment").click()
    expect(thread).to_contain_text("The one in the summary.")
    assert violations(writer) == []
    thread.get_by_role("button", name="Open again").click()
    expect(thread).to_be_visible()
    assert violations(writer) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("reviewer", "/admin/"),
        ("reviewer", "/admin/ports/port/40002/publishing/"),
        ("publisher", "/admin/ports/port/40005/publishing/"),
        ("translator", "/admin/ports/port/40012/publishing/"),
        ("translator", "/admin/ports/port/40012/change/"),
    ],
)
def test_axe_finds_nothing_on_the_desk(
    new_reader: NewReader, demo_password: str, name: str, address: str, language: str
) -> None:
    page = new_reader(locale=language)
    sign_in(page, name, demo_password)
    page.goto(address)
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ar", "de"])
@pytest.mark.parametrize("door", ["publishing", "change"])
def test_the_desk_fits_a_phone(
    new_reader: NewReader, demo_password: str, door: str, language: str
) -> None:
    page = new_reader(locale=language, viewport={"width": 390, "height": 800})
    sign_in(page, "translator", demo_password)
    page.goto(f"/admin/ports/port/40012/{door}/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
