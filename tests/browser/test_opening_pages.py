"""Every kind of page opens cleanly, in both directions of writing, both colours, any width."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewReader
from tests.browser.keyboard import has_focus

pytestmark = pytest.mark.any_database

DIRECTIONS = {"en": "ltr", "ar": "rtl", "tr": "ltr"}
PLACES = ["", "ports/3440/", "ports/80/", "services/ssh/", "search/?q=mail", "ports/"]
# A small phone at twice its size (WCAG 2.2, 1.4.10), a phone, a desk.
WIDTHS = [320, 390, 1280]

every_page = pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "home")
every_language = pytest.mark.parametrize("language", DIRECTIONS)


@every_page
@every_language
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_page_opens_cleanly_and_fits_its_window(
    new_reader: NewReader, language: str, place: str, colours: str
) -> None:
    page = new_reader(color_scheme=colours)
    page.goto(f"/{language}/{place}")

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", DIRECTIONS[language])
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("h1")).not_to_be_empty()
    is_dark = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(v => v < 128)"
    assert page.evaluate(is_dark) == (colours == "dark")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert hanging_out(page) == [], f"{width} pixels are not enough"


def hanging_out(page: Page) -> list[str]:
    """What makes the window scroll sideways: nothing, or the elements that reach out of it."""
    return page.evaluate("""() => {
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return [];
        const outside = [...document.body.querySelectorAll("*")].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.left < 0 || box.right > root.clientWidth;
        });
        return [`${root.scrollWidth} > ${root.clientWidth}`,
            ...outside.map((e) => e.outerHTML.slice(0, 80))];
    }""")


@every_page
def test_a_page_forbids_the_browser_what_it_does_not_need(reader: Page, place: str) -> None:
    response = reader.goto(f"/en/{place}")
    assert response is not None
    header = response.headers["content-security-policy"]
    policy = {name: sources for name, *sources in map(str.split, header.split(";"))}
    assert policy["default-src"] == ["'self'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    allowed = {source for sources in policy.values() for source in sources}
    assert allowed <= {"'self'", "'none'"}


@every_page
@every_language
def test_the_keyboard_skips_to_the_content(reader: Page, language: str, place: str) -> None:
    reader.goto(f"/{language}/{place}")
    skip = reader.locator("a.skip")
    expect(skip).not_to_be_in_viewport()

    reader.keyboard.press("Tab")
    assert has_focus(skip)
    expect(skip).to_be_in_viewport(ratio=1)

    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.querySelector('main').contains(document.activeElement)")
    expect(skip).not_to_be_in_viewport()
