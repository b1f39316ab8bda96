"""The feeds of what changed in the registry, of all ports and of one."""

from datetime import datetime
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ports.change_facts import MOST_TOGETHER, concerns, told
from ports.languages import Language
from ports.models import RegistryChange, Snapshot
from ports.web import feeds
from ports.web.feeds import FeedForm

_MOST_ROWS = feeds.MOST_ENTRIES * MOST_TOGETHER


@require_safe
def changes_feed(_request: HttpRequest, language: Language, form: FeedForm) -> HttpResponse:
    """The newest changes of the whole registry."""
    rows = RegistryChange.objects.newest_first().with_snapshots()[:_MOST_ROWS]
    feed = feeds.feed_of(
        told(rows),
        language,
        links=feeds.of_all_ports(language),
        page=reverse("changes", args=[language]),
        known_since=_known_since(),
    )
    return feeds.answer(feed, form)


@require_safe
def port_feed(
    _request: HttpRequest, language: Language, number: int, form: FeedForm
) -> HttpResponse:
    """The newest changes that say something of one port."""
    covering = RegistryChange.objects.covering(number).newest_first().with_snapshots()
    rows = islice((row for row in covering if concerns(row, number)), _MOST_ROWS)
    feed = feeds.feed_of(
        told(rows),
        language,
        links=feeds.of_port(language, number),
        page=reverse("port", args=[language, number]),
        known_since=_known_since(),
    )
    return feeds.answer(feed, form)


def _known_since() -> datetime | None:
    """When the registry was loaded of which a feed without entries tells nothing."""
    return Snapshot.objects.order_by("id").values_list("accepted_at", flat=True).first()
