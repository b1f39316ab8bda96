"""Comments that want to be scripts are shown to editors as text, on every screen they stand on."""

import json
from itertools import islice, product

import pytest

from tests.browser.conftest import NewReader
from tests.browser.site import Site
from tests.browser.test_reviewing import sign_in

pytestmark = pytest.mark.any_database

COUNT = 200
DEED = "document.documentElement.dataset.hacked=1"
VESSELS = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<img src=x onerror={}>",
    "<img src=x onerror='{}'>",
    "<svg onload={}>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<body onload={}>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe src='javascript:parent.{}'></iframe>",
    "<a href='javascript:{}' id=x>x</a>",
    "<math><mtext><style><img src=x onerror={}></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<form action='javascript:{}'><button>x</button></form>",
    "<link rel=stylesheet href='data:text/css,*{{}}' onload={}>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<base href='javascript:/{}//'>",
    "{{{{ {} }}}}{{% load i18n %}}",
    "<template><script>{}</script></template>",
)
WRAPPINGS = (
    "{}",
    '">{}',
    "'>{}",
    "</div>{}",
    "</textarea>{}",
    "</title></style></script>{}",
    "-->{}<!--",
    "]]>{}",
    "\u202e{}",
    "\u2028{}\u0000".replace("\u0000", ""),
)
PAYLOADS = [
    wrapping.format(vessel.format(DEED))
    for vessel, wrapping in islice(product(VESSELS, WRAPPINGS), COUNT)
]
STORE = """
import json
from datetime import UTC, datetime
from feedback.models import FollowUp, Vote, VoteDelta
today = datetime.now(UTC).date()
about = {"port_id": 40007, "language": "en", "text_language": "", "revision_number": 0}
for number, comment in enumerate(json.loads(%r)):
    vote = Vote.objects.create(**about, face="sad", cast_on=today, voter=f"hostile {number}")
    FollowUp.objects.create(vote=vote, reason="wrong", comment=comment, written_on=today)
"""
QUEUE = "/admin/feedback/followup/?language=en&reason=wrong&p={}"
PAGE = "/admin/feedback/tally/40007/en/"


def test_two_hundred_scripts_are_shown_and_none_runs(
    site: Site, new_reader: NewReader, demo_password: str
) -> None:
    assert len(set(PAYLOADS)) == COUNT
    site.manage("shell", "--verbosity", "0", "--command", STORE % json.dumps(PAYLOADS))
    page = new_reader()
    page.on("dialog", lambda _dialog: pytest.fail("a script ran"))
    sign_in(page, "writer", demo_password)
    seen: set[str] = set()
    for address in (*(QUEUE.format(number) for number in range(1, 6)), PAGE):
        page.goto(address)
        seen |= set(page.locator(".readers-comment").all_text_contents())
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.dataset.hacked") is None
    assert set(PAYLOADS) <= seen, "each of them was shown, letter by letter"
