"""A vote with JavaScript switched off."""

import gettext

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewReader
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


def in_words(sentence: str, language: str) -> str:
    if language == "en":
        return sentence
    translation = gettext.translation("django", ROOT / "locale", [language]).gettext(sentence)
    assert translation != sentence
    return translation
