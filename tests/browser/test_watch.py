"""The watch over the browser sees each thing it is there to see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Route

from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = pytest.mark.any_database

PAGE = "<!doctype html><html lang=en><head><title>Doctored</title><link rel=icon href=data:,>"
POLICY = {"content-security-policy": "default-src 'self'"}

Answers = dict[str, dict[str, object]]


@pytest.fixture
def watched(browser: Browser, site: Site) -> Callable[[Answers], list[str]]:
    """Open a page that a browser gets instead of the site's, and say what the watch saw."""

    def watch_over(answers: Answers) -> list[str]:
        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(site.url)
            if path in answers:
                route.fulfill(**{"content_type": "text/html", **answers[path]})  # type: ignore[arg-type]
            else:
                route.abort()

        context: BrowserContext = browser.new_context(base_url=site.url)
        watch = Watch(context, site.url)
        context.route("**/*", answer)
        page = context.new_page()
        page.goto("/doctored/")
        findings = watch.findings()
        context.close()
        return findings

    return watch_over
