"""Fixtures for tests in Chromium: the running site, the browser, and readers who are watched.

They live as long as this package's tests and no longer: while Playwright runs its event loop,
Django refuses to query, and the tests of the other packages share the process.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import Site, running_site
from tests.browser.watch import Watch

# The headless mode that is the browser itself, and nothing of its own on the network.
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NewReader = Callable[..., Page]


@pytest.fixture(scope="package")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole site, running; not started where there is no Chromium to open it."""
    # A mail server that does not answer: nobody of these tests has asked for e-mail.
    mail = {"EMAIL_URL": "smtp://127.0.0.1:9", "EMAIL_FROM": "portsite@example.org"}
    with running_site(tmp_path_factory.mktemp("site"), **mail) as running:
        yield running


@pytest.fixture(scope="package")
def demo_password(site: Site) -> str:
    """The password of the people of the demo, whose texts are in every state."""
    return site.manage("load_demo").rpartition(" ")[2].strip()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, with a new profile folder of its own."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def new_reader(browser: Browser, site: Site) -> Iterator[NewReader]:
    """Make readers: each a page in a browser that knows nothing of the others.

    `missing` names paths that may answer 404 or 410; the other arguments are the browser context's.
    The test fails at its end if any of their pages did what no page may do: see `watch`.
    """
    with ExitStack() as readers:

        def make(*, missing: tuple[str, ...] = (), **options: Any) -> Page:
            options.setdefault("viewport", {"width": 1280, "height": 900})
            context = browser.new_context(base_url=site.url, **options)
            readers.callback(_part, context, Watch(context, site.url, missing))
            page = context.new_page()
            page.set_default_timeout(10_000)
            return page

        yield make


@pytest.fixture
def reader(new_reader: NewReader) -> Page:
    """A reader with a wide window and JavaScript."""
    return new_reader()


def _part(context: BrowserContext, watch: Watch) -> None:
    findings = watch.findings()
    context.close()
    assert findings == [], "\n".join(findings)
