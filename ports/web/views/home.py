"""The front page, and the way to it."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from ports import sentences
from ports.languages import Language
from ports.models import Snapshot
from ports.models.port import STATUS_CHOICES
from ports.registry.records import PortRange
from ports.registry.store import BLOCK_SIZE, Statistics
from ports.web.middleware import accepted
from ports.web.page import page

EXAMPLES = (22, 443, 3389, 3440, 6379, 8080, 11434, 49152)


class RangeSummary(NamedTuple):
    """A range of ports, and how many of them have a registered service."""

    range: PortRange
    name: str
    named_ports: int


class Block(NamedTuple):
    """A cell of the map: BLOCK_SIZE ports, and how full they are (0..5)."""

    first: int
    last: int
    named_ports: int
    level: int


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send a reader to the front page in the language their browser asks for."""
    response = HttpResponseRedirect(f"/{accepted(request).code}/")
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=3600"
    return response


@require_safe
def home(request: HttpRequest, language: Language) -> HttpResponse:
    """The front page: search, the ranges, a map of the port space."""
    snapshot = Snapshot.objects.current()
    figures: Statistics = (
        snapshot.statistics if snapshot else {"named_ports": {}, "blocks": [], "services": 0}
    )
    return page(
        request,
        language,
        "ports/home.html",
        {
            "snapshot": snapshot,
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
            "blocks": _blocks(figures["blocks"]),
        },
    )


def _blocks(named_ports: list[int]) -> list[Block]:
    return [
        Block(index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE - 1, named, _level(named))
        for index, named in enumerate(named_ports)
    ]


def _level(named: int) -> int:
    return sum(named > threshold for threshold in (0, 15, 63, 127, 191))
