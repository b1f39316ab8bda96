"""Watches a browser: everything its pages do that no page of the site may do."""

from collections.abc import Collection
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

ADMIN = "/admin/"
MISSING = (404, 410)

_REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
    `CSP violation: ${event.effectiveDirective} blocked ${event.blockedURI || "something inline"}`
    + ` in ${event.sourceFile || document.URL}:${event.lineNumber}`
));
"""


class Watch:
    """Listens to one browser context from its beginning on.

    `missing` are the paths that are asked for because nothing is there: they may answer 404, or 410
    where something was there once.
    """

    def __init__(
        self, context: BrowserContext, site_url: str, missing: Collection[str] = ()
    ) -> None:
        self._context = context
        self._site = urlsplit(site_url)
        self._missing = missing
        self._seen: list[str] = []
        self._requests: list[Request] = []
        self._responses: list[Response] = []
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_page_error)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def findings(self) -> list[str]:
        """What the pages did that they may not; asks the browser, which must still be open."""
        for page in self._context.pages:
            page.wait_for_load_state("load")
            # A round trip, behind everything that the page has reported until now.
            page.evaluate("0")
        return [*self._seen, *self._cookies()]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        address = message.location.get("url", "")
        meant = message.text.startswith("Failed to load resource") and any(
            f"status of {status}" in message.text for status in MISSING
        )
        if not (meant and urlsplit(address).path in self._missing):
            self._seen.append(f"console {message.type}: {message.text} ({address})")

    def _on_page_error(self, error: WebError) -> None:
        self._seen.append(f"uncaught error: {error.error}")

    def _on_request(self, request: Request) -> None:
        self._requests.append(request)
        if urlsplit(request.url)[:2] != self._site[:2]:
            self._seen.append(f"request to another site: {request.url}")

    def _on_failure(self, request: Request) -> None:
        # The browser itself gives up what a page has not finished loading when it leaves the page;
        # a server that fails, and a policy that blocks, are told in other words.
        if request.failure == "net::ERR_ABORTED":
            return
        self._seen.append(f"request failed: {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        self._responses.append(response)
        path = urlsplit(response.url).path
        if response.status >= 400 and not (response.status in MISSING and path in self._missing):
            self._seen.append(f"answered with {response.status}: {response.url}")

    def _cookies(self) -> list[str]:
        """Cookies anywhere outside the admin, and any other thing kept in the browser."""
        found = []
        for response in self._responses:
            for line in response.header_values("set-cookie"):
                attributes = {part.strip().lower() for part in line.split(";")[1:]}
                if not (_in_admin(response.url) and f"path={ADMIN}" in attributes):
                    found.append(f"{response.url} set a cookie: {line}")
        found += [
            f"a cookie was sent to {request.url}"
            for request in self._requests
            if not _in_admin(request.url) and request.header_value("cookie")
        ]
        state = self._context.storage_state()
        found += [
            f"the browser keeps the cookie {cookie.get('name')} for {cookie.get('path')}"
            for cookie in state.get("cookies", [])
            if cookie.get("path") != ADMIN
        ]
        # The admin remembers its reader's theme and open filters there.
        if state.get("origins") and not any(_in_admin(request.url) for request in self._requests):
            found.append(f"the browser keeps {state.get('origins')}")
        return found


def _in_admin(address: str) -> bool:
    return urlsplit(address).path.startswith(ADMIN)
