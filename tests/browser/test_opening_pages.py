"""Every kind of page opens cleanly, in both directions of writing, both colours, any width."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import has_focus

pytestmark = pytest.mark.any_database

DIRECTIONS = {"en": "ltr", "ar": "rtl", "tr": "ltr"}
PLACES = ["", "ports/3440/", "ports/80/", "services/ssh/", "search/?q=mail", "ports/"]
PHONE = 390
# A small phone, or a large one at a bigger size (WCAG 2.2, 1.4.10); a phone; a desk.
WIDTHS = [320, PHONE, 1280]

every_page = pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "home")
every_language = pytest.mark.parametrize("language", DIRECTIONS)


@every_page
@every_language
def test_a_page_opens_cleanly_and_fits_its_window(reader: Page, language: str, place: str) -> None:
    for colours in ("light", "dark"):
        reader.emulate_media(color_scheme=colours)
        reader.goto(f"/{language}/{place}")
        assert is_dark(reader) == (colours == "dark")
        expect(reader.locator("html")).to_have_attribute("lang", language)
        expect(reader.locator("html")).to_have_attribute("dir", DIRECTIONS[language])
        expect(reader.locator("h1")).to_have_count(1)
        expect(reader.locator("h1")).to_be_visible()
        expect(reader.locator("h1")).not_to_be_empty()
        for width in WIDTHS:
            reader.set_viewport_size({"width": width, "height": 900})
            assert hanging_out(reader, "html") == [], f"{width} pixels are not enough"


@pytest.mark.parametrize("place", ["ports/", "ports/80/"])
def test_a_phone_shows_every_column_of_a_table(reader: Page, place: str) -> None:
    reader.set_viewport_size({"width": PHONE, "height": 900})
    for language in DIRECTIONS:
        reader.goto(f"/{language}/{place}")
        expect(reader.locator(".scroll table")).to_be_visible()
        assert hanging_out(reader, ".scroll") == []


@pytest.mark.parametrize("place", ["", "ports/3440/"], ids=["home", "port"])
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


def test_a_page_forbids_the_browser_what_it_does_not_need(reader: Page) -> None:
    for place in PLACES:
        response = reader.goto(f"/en/{place}")
        assert response is not None
        header = response.headers["content-security-policy"]
        policy = {name: sources for name, *sources in map(str.split, header.split(";"))}
        assert policy["default-src"] == ["'self'"]
        assert policy["form-action"] == ["'self'"]
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        allowed = {source for sources in policy.values() for source in sources}
        assert allowed <= {"'self'", "'none'"}


def is_dark(page: Page) -> bool:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g)")
    return all(int(component) < 128 for component in colour[:3])


def hanging_out(page: Page, selector: str) -> list[str]:
    """What makes an element scroll sideways: nothing, or its widths and what reaches out of it."""
    return page.locator(selector).first.evaluate("""(box) => {
        if (box.scrollWidth <= box.clientWidth) return [];
        const frame = box.getBoundingClientRect();
        const outside = [...box.querySelectorAll("*")].filter((element) => {
            const { left, right } = element.getBoundingClientRect();
            return left < frame.left - 0.5 || right > frame.left + box.clientWidth + 0.5;
        });
        return [`${box.scrollWidth} > ${box.clientWidth}`,
            ...outside.slice(0, 5).map((element) => element.outerHTML.slice(0, 80))];
    }""")
