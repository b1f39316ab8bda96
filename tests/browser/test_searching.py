"""Searching as a person does, with the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.any_database


def search(page: Page, address: str, field: str, typed: str) -> None:
    page.goto(address)
    tab_to(page, page.locator(field))
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("field", ["#site-search", "#home-search"])
def test_a_number_with_its_protocol_leads_to_the_port(reader: Page, field: str) -> None:
    search(reader, "/en/", field, "22/tcp")
    expect(reader).to_have_url("/en/ports/22/#tcp")
    expect(reader.locator("h1")).to_have_text("Port 22")


def test_arabic_digits_lead_to_the_port(reader: Page) -> None:
    search(reader, "/ar/ports/3440/", "#site-search", "٢٢")
    expect(reader).to_have_url("/ar/ports/22/")
    expect(reader.locator("h1")).to_contain_text("22")


def test_a_name_lists_the_service_first_and_leads_to_it(reader: Page) -> None:
    search(reader, "/en/services/http/", "#site-search", "ssh")
    expect(reader).to_have_url("/en/search/?q=ssh")
    expect(reader.locator("#site-search")).to_have_value("ssh")

    hit = reader.locator(".hits > li").first
    expect(hit).to_contain_text("22/tcp")
    link = hit.get_by_role("link", name="ssh", exact=True)
    tab_to(reader, link)
    reader.keyboard.press("Enter")
    expect(reader).to_have_url("/en/services/ssh/")
    expect(reader.locator("h1")).to_have_text("ssh")


def test_what_nobody_registered_is_said_to_be_unknown(reader: Page) -> None:
    search(reader, "/en/", "#home-search", "<b>zyzzyva</b>")
    expect(reader.locator("main")).to_contain_text("“<b>zyzzyva</b>”")
    expect(reader.locator(".hits")).to_have_count(0)
