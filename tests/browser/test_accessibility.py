"""axe finds nothing on any kind of page that WCAG 2.2 forbids at level AA."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NewReader

pytestmark = pytest.mark.any_database

OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
PLACES = {
    "home": "",
    "port": "ports/3440/",
    "port with many registrations": "ports/80/",
    "service": "services/ssh/",
    "search": "search/?q=mail",
    "list of ports": "ports/",
    "not found": "nothing-here/",
}

every_reader = pytest.mark.parametrize(
    ("colours", "width"), [("light", 1280), ("dark", 390)], ids=["light and wide", "dark, a phone"]
)
every_direction = pytest.mark.parametrize("language", ["en", "ar"])


@every_reader
@every_direction
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_page(new_reader: NewReader, place: str, language: str, colours: str, width: int) -> None:
    page = open_page(new_reader, colours, width)
    page.goto(f"/{language}/{place}")
    assert violations(page) == []


@every_reader
@every_direction
def test_thank_you_page(new_reader: NewReader, language: str, colours: str, width: int) -> None:
    page = open_page(new_reader, colours, width)
    page.goto(f"/{language}/ports/3440/")
    page.locator(".vote button").last.click()
    page.wait_for_url(f"**/{language}/feedback/*/")
    assert violations(page) == []


@every_reader
@every_direction
def test_open_details(new_reader: NewReader, language: str, colours: str, width: int) -> None:
    page = open_page(new_reader, colours, width)
    page.goto(f"/{language}/ports/80/")
    details = page.locator("main details summary")
    assert details.count() > 1
    for summary in details.all():
        summary.click()
    page.locator(".languages summary").click()
    assert violations(page) == []


def open_page(new_reader: NewReader, colours: str, width: int) -> Page:
    return new_reader(
        missing=("/en/nothing-here/", "/ar/nothing-here/"),
        color_scheme=colours,
        viewport={"width": width, "height": 900},
    )


def violations(page: Page) -> list[str]:
    """What axe finds. It is evaluated, not inserted, so that the site's CSP stays in force."""
    found = Axe().run(page, options=OPTIONS).response
    assert found["testEngine"]["name"] == "axe-core"
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
