"""The front page, and the way to it."""

from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from ports import sentences
from ports.change_facts import MOST_TOGETHER, told
from ports.editorial.page_content import ports_with_article
from ports.languages import Language
from ports.models import RegistryChange, Snapshot
from ports.models.port import STATUS_CHOICES
from ports.registry.records import PortRange
from ports.web.middleware import accepted
from ports.web.page import page
from ports.web.port_map import port_map

if TYPE_CHECKING:
    from ports.registry.statistics import Statistics

MOST_ARTICLES = 60
MOST_CHANGES = 5
EXAMPLES = (22, 443, 3389, 3440, 6379, 8080, 11434, 49152)


class RangeSummary(NamedTuple):
    """A range of ports, and how many of them have a registered service."""

    range: PortRange
    name: str
    named_ports: int


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send a reader to the front page in the language their browser asks for."""
    return lead_to(reverse("home", args=[accepted(request)]))


def lead_to(address: str) -> HttpResponse:
    """A redirect that depends on nothing but the address and the language asked for."""
    response = HttpResponseRedirect(address)
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=3600"
    return response


@require_safe
def home(request: HttpRequest, language: Language) -> HttpResponse:
    """The front page: search, the ranges, a map of the port space, what changed last."""
    snapshot = Snapshot.objects.current()
    figures: Statistics = (
        snapshot.statistics
        if snapshot
        else {"named_ports": {}, "statuses": {}, "blocks": [], "services": 0}
    )
    newest = RegistryChange.objects.newest_first().with_snapshots()
    return page(
        request,
        language,
        "ports/home.html",
        {
            "snapshot": snapshot,
            "articles": ports_with_article(MOST_ARTICLES),
            "changes": told(newest[: MOST_CHANGES * MOST_TOGETHER])[:MOST_CHANGES],
            "services": figures["services"],
            "ranges": [
                RangeSummary(
                    port_range,
                    sentences.range_name(port_range),
                    figures["named_ports"].get(port_range.value, 0),
                )
                for port_range in PortRange
            ],
            "statuses": STATUS_CHOICES,
            "examples": EXAMPLES,
            "port_map": port_map(language, figures["blocks"]),
        },
    )
