"""The list of languages, used with the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewReader
from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_same_page_opens_in_the_chosen_language(
    new_reader: NewReader, javascript: bool
) -> None:
    page = new_reader(java_script_enabled=javascript)
    page.goto("/en/ports/3440/")
    turkish = page.locator(".languages").get_by_role("link", name="Türkçe")
    expect(turkish).to_be_hidden()

    tab_to(page, page.locator(".languages summary"))
    page.keyboard.press("Enter")
    expect(turkish).to_be_visible()
    expect(turkish).to_have_attribute("lang", "tr")

    tab_to(page, turkish)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/tr/ports/3440/")
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    expect(page.locator(".languages summary")).to_contain_text("Türkçe")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_open_list_lies_inside_the_window(reader: Page, language: str) -> None:
    reader.goto(f"/{language}/ports/3440/")
    reader.locator(".languages summary").click()
    links = reader.locator(".languages li a")
    expect(links).to_have_count(25)
    for width in (320, 390, 1280):
        reader.set_viewport_size({"width": width, "height": 900})
        boxes = links.evaluate_all("(links) => links.map((link) => link.getBoundingClientRect())")
        for box in boxes:
            assert box["left"] >= 0
            assert box["right"] <= width
            assert box["height"] >= 24
