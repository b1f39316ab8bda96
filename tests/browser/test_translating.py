"""A translator at the desk and before the matrix, in a real browser: with the keyboard, from right
to left, on a phone.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewReader
from tests.browser.keyboard import has_focus, tab_to
from tests.browser.site import Site
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.any_database

NAME = "polyglot"
DESK = "/admin/ports/port/3440/translate/{}/"
MATRIX = "/admin/ports/document/matrix/"
# Of an article that comes with the program, what a translator finds: one text changed since.
CHANGE = """
from ports import publishing
from ports.editorial import working
from ports.models import Article, Document, User
article = Article.objects.rewrite(False).values("pk", "title_en").get(port=3440)
working.update(Article, article["pk"], {"title_en": article["title_en"] + " changed"})
publishing.save_revision(
    document=Document.objects.get(port=3440), by=User.objects.get(username="%s")
)
"""


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """The password of a superuser; the English text of an article was changed since."""
    password = site.add_superuser(NAME)
    site.manage("shell", "--verbosity", "0", "--command", CHANGE % NAME)
    return password


def translator(new_reader: NewReader, password: str, **options: object) -> Page:
    """A translator who has signed in, in a browser of these options."""
    page = new_reader(**options)
    page.set_default_timeout(30_000)
    page.goto("/admin/")
    page.locator("#id_username").fill(NAME)
    page.locator("#id_password").fill(password)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/admin/")
    return page


@pytest.fixture
def page(new_reader: NewReader, password: str) -> Page:
    """A translator before a wide window."""
    return translator(new_reader, password)


def test_a_text_is_translated_from_right_to_left_with_the_keyboard_alone(page: Page) -> None:
    page.goto(DESK.format("he"))
    field = page.locator("[name$=-summary]")
    expect(field).to_have_attribute("dir", "rtl")
    label = page.locator(f"label[for='{field.get_attribute('id')}']")
    expect(label).to_contain_text("עברית")
    tab_to(page, field, at_most=200)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("פורט שקט")
    assert field.evaluate("element => getComputedStyle(element).direction") == "rtl"
    in_step = page.locator("[name=in_step]")
    tab_to(page, in_step, at_most=200)
    if in_step.is_checked():
        page.keyboard.press("Space")
    tab_to(page, page.locator("button[value=save]"))
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("עברית")
    expect(page.locator("[name$=-summary]")).to_have_value("פורט שקט")
    expect(page).to_have_url(DESK.format("he"))


def test_the_list_of_what_needs_work_leads_into_the_field(page: Page) -> None:
    page.goto(DESK.format("tr"))
    entry = page.locator(".translating-todo li", has_text="changed in English").first
    link = entry.get_by_role("link")
    target = (link.get_attribute("href") or "").removeprefix("#")
    link.focus()
    page.keyboard.press("Enter")
    assert has_focus(page.locator(f"[id='{target}']"))
    expect(page.locator("ins").first).to_contain_text("changed")


@pytest.mark.parametrize(
    ("address", "locale"),
    [
        (DESK.format("tr"), "en"),
        (DESK.format("tr"), "ar"),
        (f"{DESK.format('ar')}?show=todo", "en"),
        (MATRIX, "en"),
        (MATRIX, "ar"),
        (f"{MATRIX}?language=tr&q=no-such-name", "en"),
    ],
)
def test_axe_finds_nothing(new_reader: NewReader, password: str, address: str, locale: str) -> None:
    page = translator(new_reader, password, locale=locale)
    page.goto(address)
    assert violations(page) == []


def test_axe_finds_nothing_on_a_refusal(page: Page) -> None:
    page.goto(DESK.format("tr"))
    page.locator("[name$=-title]").first.fill("{nothing}")
    page.locator("button[value=save]").click()
    expect(page.locator(".errornote")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("locale", ["ar", "de"])
@pytest.mark.parametrize("address", [DESK.format("ar"), MATRIX])
def test_it_fits_a_phone(new_reader: NewReader, password: str, address: str, locale: str) -> None:
    page = translator(new_reader, password, locale=locale, viewport={"width": 390, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_headings_of_the_matrix_stay_in_sight(
    new_reader: NewReader, password: str, locale: str
) -> None:
    page = translator(new_reader, password, locale=locale)
    page.goto(MATRIX)
    frame = page.locator(".matrix-frame")
    first = frame.locator("tbody th").last
    heading = frame.locator("thead th").last
    before = first.bounding_box(), heading.bounding_box()
    step = 400 if locale == "en" else -400
    frame.evaluate(f"element => element.scrollBy({step}, 150)")
    after = first.bounding_box(), heading.bounding_box()
    assert all(before)
    assert all(after)
    assert abs(after[0]["x"] - before[0]["x"]) < 2, "the names stay where they are"  # type: ignore[index]
    assert abs(after[1]["x"] - before[1]["x"]) > 300, "the languages go by"  # type: ignore[index]
