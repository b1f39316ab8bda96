"""axe finds nothing on any kind of page that WCAG 2.2 forbids at level AA."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NewReader
from tests.browser.site import Site

pytestmark = pytest.mark.any_database

OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
# Of the long lists the beginning: the rest is made alike, and axe is slow.
CONTEXT = {"exclude": [["table.ports tbody tr:nth-child(n+20)"], [".map li:nth-child(n+67)"]]}
PLACES = {
    "home": "",
    "port": "ports/3440/",
    "port with many registrations": "ports/80/",
    "ephemeral port": "ports/49152/",
    "service": "services/ssh/",
    "search": "search/?q=mail",
    "list of ports": "ports/",
    "changes before there are any": "changes/",
    "not found": "nothing-here/",
}
NOT_FOUND = ("/en/nothing-here/", "/ar/nothing-here/")

# Nothing has changed in the registry of a site that has just been made.
CHANGE = """
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record, unassigned
state = made.snapshot()
for transport in ("tcp", "udp"):
    made.removed(
        state,
        record("gone-1", "3440", transport, description="A service", assignee="[Jane_Doe]"),
        after=(unassigned("3440"),),
    )
made.modified(state, record("x11", "6000-6063"), record("x11", "6000-6063", contact="[Jane_Doe]"))
made.renamed(state, record("old-1", "9"), record("discard", "9", reference="[RFC863]"))
"""
TAKE_BACK = """
from ports.models import RegistryChange, Snapshot
RegistryChange.objects.all().delete()
Snapshot.objects.current().delete()
"""
# What comes with the program is the first version; a second one has something to tell.
VERSION = """
from ports import publishing
from ports.editorial import working
from ports.languages import SOURCE
from ports.models import Article, Document, User
owner = Document.objects.get(port=3440)
by = User.objects.create_superuser("versions", first_name="Jane", last_name="Doe")
what = {"document": owner, "language": SOURCE, "by": by}
working.update(Article, Article.objects.values("pk").get(port=3440)["pk"],
               {"summary_en": "A ghost in the registry, told in another way."})
number = publishing.save_revision(document=owner, by=by)[SOURCE].number
publishing.approve_without_review(number=number, note="Alone here", **what)
publishing.publish(**what)
print(number)
"""
HISTORY_PLACES = {
    "revision history": "ports/3440/history/",
    "port with contributors": "ports/3440/",
}
CHANGED_PLACES = {
    "changes": "changes/",
    "home with changes": "",
    "port with changes": "ports/3440/",
    "service with changes": "services/discard/",
    "removed service": "services/gone-1/",
    "renamed service": "services/old-1/",
}
GONE = tuple(
    f"/{language}/services/{name}/" for language in ("en", "ar") for name in ("gone-1", "old-1")
)

every_direction = pytest.mark.parametrize("language", ["en", "ar"])


@every_direction
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_page(new_reader: NewReader, place: str, language: str) -> None:
    page = new_reader(missing=NOT_FOUND)
    page.goto(f"/{language}/{place}")
    assert violations(page) == []


@pytest.mark.parametrize("place", ["docs/", "problems/too-many-requests/"])
def test_page_about_the_api(new_reader: NewReader, place: str) -> None:
    page = new_reader(viewport={"width": 390, "height": 800})
    page.goto(f"/api/v1/{place}")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []


@pytest.fixture(scope="module")
def registry_changed(site: Site) -> Iterator[None]:
    """The registry of the running site, changed, and put back after the last test."""
    site.manage("shell", "--verbosity", "0", "--command", CHANGE)
    yield
    site.manage("shell", "--verbosity", "0", "--command", TAKE_BACK)


@every_direction
@pytest.mark.parametrize("place", CHANGED_PLACES.values(), ids=CHANGED_PLACES)
def test_page_that_tells_changes(
    registry_changed: None, new_reader: NewReader, place: str, language: str
) -> None:
    page = new_reader(missing=GONE)
    page.goto(f"/{language}/{place}")
    assert page.get_by_text(re.compile("3440/tcp|9/tcp")).count(), "what changed stands on it"
    assert violations(page) == []


@pytest.fixture(scope="module")
def versions(site: Site) -> str:
    """The number of a second version of an article on the running site."""
    return site.manage("shell", "--verbosity", "0", "--command", VERSION).strip()


@every_direction
@pytest.mark.parametrize("place", HISTORY_PLACES.values(), ids=HISTORY_PLACES)
def test_page_of_the_history(
    versions: str, new_reader: NewReader, place: str, language: str
) -> None:
    page = new_reader(viewport={"width": 390, "height": 800})
    page.goto(f"/{language}/{place}")
    assert page.get_by_text("Jane Doe").count(), "who wrote it is named"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []


def test_page_of_a_version(versions: str, reader: Page) -> None:
    reader.goto(f"/en/ports/3440/history/{versions}/")
    assert reader.locator("ins").count(), "what changed stands on it"
    assert violations(reader) == []


@every_direction
def test_thank_you_page(new_reader: NewReader, language: str) -> None:
    voter = new_reader(java_script_enabled=False)
    voter.goto(f"/{language}/ports/3440/")
    voter.locator(".vote button").first.click()
    page = new_reader()
    page.goto(voter.url)
    assert page.locator(".follow-up").count() == 1
    assert violations(page) == []


@every_direction
def test_follow_up_in_place(reader: Page, language: str) -> None:
    reader.goto(f"/{language}/ports/3441/")
    reader.locator(".vote button").first.click()
    reader.locator(".follow-up").wait_for()
    assert violations(reader) == []


@every_direction
def test_open_details(reader: Page, language: str) -> None:
    reader.goto(f"/{language}/ports/80/")
    details = reader.locator("main details summary")
    assert details.count() > 1
    for summary in details.all():
        summary.click()
    reader.locator(".languages summary").click()
    assert violations(reader) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_placeholders_can_be_read(reader: Page, colours: str) -> None:
    reader.emulate_media(color_scheme=colours)
    reader.goto("/en/")
    for field in reader.locator("input[placeholder]").all():
        text, back = field.evaluate(
            """(input) => [
                getComputedStyle(input, "::placeholder").color,
                getComputedStyle(input).backgroundColor,
            ].map((colour) => colour.match(/[0-9.]+/g).map(Number))"""
        )
        assert len(text) == len(back) == 3, "opaque colours"
        assert contrast(text, back) >= 4.5


def violations(page: Page) -> list[str]:
    """What axe finds in light colours on a desk, then in dark ones on a phone.

    It is evaluated, not inserted, so that the site's CSP stays in force.
    """
    found = []
    for colours, width in (("light", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=colours)
        page.set_viewport_size({"width": width, "height": 900})
        # What fades from one colour to the other is looked at when it has arrived.
        page.evaluate(
            """document.getAnimations().filter((one) => one instanceof CSSTransition)
                .forEach((one) => one.finish())"""
        )
        results = Axe().run(page, context=CONTEXT, options=OPTIONS).response
        assert len(results["passes"]) > 10, "axe has looked"
        found += [
            f"{violation['id']} ({colours}, {width}): {node['target']}: {node['failureSummary']}"
            for violation in results["violations"]
            for node in violation["nodes"]
        ]
    return found


def contrast(one: list[float], other: list[float]) -> float:
    """WCAG 2.2's contrast ratio of two sRGB colours with components 0..255."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: list[float]) -> float:
    red, green, blue = (
        component / 12.92 if component <= 0.04045 else ((component + 0.055) / 1.055) ** 2.4
        for component in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
