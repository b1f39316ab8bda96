"""Short addresses, as Chromium opens them and as curl is answered."""

import json
import subprocess

import pytest
from playwright.sync_api import expect

from tests import machine
from tests.browser.conftest import NewReader
from tests.browser.site import Site

pytestmark = pytest.mark.any_database


def curl(site: Site, path: str, *options: str) -> str:
    """What curl prints for a path of the site."""
    return subprocess.run(
        [machine.require("curl"), "--silent", "--show-error", *options, f"{site.url}{path}"],
        check=True,
        capture_output=True,
        timeout=30,
    ).stdout.decode()


def test_curl_is_given_text_in_its_language(site: Site) -> None:
    shown = curl(site, "/3440")
    assert shown.startswith("Port 3440 – ans-console\n")
    assert f"\n{site.url}/en/ports/3440/\n" in shown
    turkish = curl(site, "/3440", "--header", "Accept-Language: tr")
    assert "Mart 2002" in turkish
    assert turkish == curl(site, "/3440?lang=tr") == curl(site, "/3440.txt?lang=tr")
    assert curl(site, "/SSH").startswith("ssh\n")
    assert "\x1b[" in curl(site, "/3440?color")
    assert "\x1b" not in shown
    assert json.loads(curl(site, "/3440.json"))["number"] == 3440
    assert curl(site, "/0443", "--location").startswith("Port 443 – https\n")
    assert "0 to 65535" in curl(site, "/65536")


def test_a_browser_is_led_to_the_page_in_its_language(new_reader: NewReader) -> None:
    # Text names no icon, and so Chromium asks for the one that sites have had for ever.
    page = new_reader(locale="tr-TR", missing=("/favicon.ico",))
    for path, target in (("/3440", "/tr/ports/3440/"), ("/SSH", "/tr/services/ssh/")):
        page.goto(path)
        expect(page).to_have_url(target)
        expect(page.locator("html")).to_have_attribute("lang", "tr")
    page.goto("/3440.txt")
    expect(page).to_have_url("/3440.txt")
    expect(page.locator("body")).to_contain_text("Kayıt sahibi: John Richmond")
    page.goto("/3440.json")
    expect(page.locator("body")).to_contain_text('"number":3440')
