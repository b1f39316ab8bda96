"""A vote with JavaScript switched off, with it, and from a page that is none of the site's."""

import gettext
import http.server
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewReader
from tests.browser.keyboard import has_focus, tab_to
from tests.browser.site import ROOT, Site, Vote

pytestmark = pytest.mark.any_database

FACES = ["sad", "doubtful", "happy"]


@pytest.mark.parametrize(("language", "port"), [("en", 80), ("tr", 3440), ("ar", 65535)])
def test_each_face_stores_one_vote_and_thanks_in_the_language_of_the_page(
    new_reader: NewReader, site: Site, language: str, port: int
) -> None:
    # The browser prefers another language: the page's own decides.
    page = new_reader(java_script_enabled=False, locale="de")
    page.goto(f"/{language}/ports/{port}/")
    for face in FACES:
        before = site.votes()
        expect(page.locator(".vote button")).to_have_count(len(FACES))
        with page.expect_navigation() as navigation:
            page.locator(".vote button").nth(FACES.index(face)).click()

        assert site.votes() == [*before, Vote(port, language, face)]
        response = navigation.value
        assert response.status == 200
        assert response.url.startswith(f"{site.url}/{language}/feedback/")
        assert response.headers["cache-control"] == "no-store"
        expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_have_text(in_words("Thank you", language))
        expect(page.locator("main")).to_contain_text(str(port))

        page.reload()
        assert len(site.votes()) == len(before) + 1

        page.locator("main a").click()
        expect(page).to_have_url(f"/{language}/ports/{port}/")


def test_with_javascript_the_reader_stays_and_is_told(reader: Page, site: Site) -> None:
    before = site.votes()
    written_before = site.comments()
    reader.goto("/en/ports/443/")
    tab_to(reader, reader.locator(".vote button").first, at_most=200)
    reader.keyboard.press("Enter")
    told = reader.get_by_role("status")
    expect(told).to_have_text("Your answer about the page of port 443 is stored.")
    assert has_focus(told), "nobody is lost on the page"
    expect(reader).to_have_url("/en/ports/443/")
    assert site.votes() == [*before, Vote(443, "en", "sad")]

    reader.get_by_label("Something is out of date").check()
    reader.get_by_label("Tell the editors more").fill("TLS 1.0 is named.")
    reader.wait_for_timeout(2_000)  # as long as anybody needs to write that
    reader.get_by_role("button", name="Tell the editors").click()
    expect(told).to_contain_text("what you wrote about it are stored")
    expect(reader.get_by_label("Tell the editors more")).to_have_value("TLS 1.0 is named.")

    reader.get_by_role("button", name="Yes").click()
    expect(reader.locator(".follow-up")).to_have_count(0)
    assert site.votes() == [*before, Vote(443, "en", "happy")]
    assert site.comments() == [*written_before, ("outdated", "TLS 1.0 is named.", "new")]


def test_what_could_not_be_sent_is_told_and_not_lost(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/en/ports/444/")
    context.set_offline(True)
    page.locator(".vote button").last.click()
    expect(page.get_by_role("status")).to_have_text(
        "Your answer could not be sent. Please try again."
    )
    context.set_offline(False)
    page.locator(".vote button").last.click()
    expect(page.get_by_role("status")).to_contain_text("is stored")
    assert site.votes()[-1] == Vote(444, "en", "happy")
    context.close()


@pytest.fixture
def other_site(site: Site) -> Iterator[str]:
    """The address of a page of another site, which votes by itself for whoever opens it."""
    form = f"""<!doctype html><form method="post" action="{site.url}/feedback/">
        <input name="page" value="REFERENCE"><input name="face" value="sad"></form>
        <script>document.forms[0].submit()</script>"""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reference = self.path.partition("?")[2]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(form.replace("REFERENCE", reference).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_another_site_cannot_vote_for_its_visitors(
    browser: Browser, site: Site, other_site: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/en/ports/445/")
    reference = page.locator("input[name=page]").get_attribute("value")
    before = site.votes()
    with page.expect_response(lambda answer: answer.url == f"{site.url}/feedback/") as answer:
        page.goto(f"{other_site}/?{reference}", wait_until="commit")
    assert answer.value.status == 403
    expect(page.locator("h1")).to_have_text("Answer not taken")
    assert site.votes() == before
    context.close()


def in_words(sentence: str, language: str) -> str:
    if language == "en":
        return sentence
    translation = gettext.translation("django", ROOT / "locale", [language]).gettext(sentence)
    assert translation != sentence
    return translation
