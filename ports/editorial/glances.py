"""What editors say of many ports at once, in so far as it needs no words: usages, levels, articles.

Only live source revisions are read, and of those only their structure, which all languages share.
"""

from collections.abc import Iterable, Set
from typing import Any, NamedTuple

from django.db.models import F, Q

from ports.languages import SOURCE
from ports.models import Document, Edition


class Usage(NamedTuple):
    """What really uses a span of ports; `transport` is empty for any protocol."""

    name: str
    kind: str
    first_port: int
    last_port: int
    transport: str


class Glance(NamedTuple):
    """What is live on a port. `level` says whether to worry, and is None where nobody said."""

    usages: tuple[Usage, ...] = ()
    level: str | None = None
    has_article: bool = False


def glances(numbers: Set[int]) -> dict[int, Glance]:
    """What is live on these ports, by number; those without anything are left out. Two queries."""
    found: dict[int, Glance] = {}
    for kind, port, has_article, structure in _live(numbers):
        if kind == Document.Kind.PORT:
            level = next((each["level"] for each in structure.get("assessment", [])), None)
            glance = found.get(port, Glance())
            found[port] = glance._replace(level=level, has_article=has_article)
        for part in structure.get("usage", []):
            usage = Usage(*(part[name] for name in Usage._fields))
            for number in _within(numbers, usage.first_port, usage.last_port):
                glance = found.get(number, Glance())
                found[number] = glance._replace(usages=(*glance.usages, usage))
    return found


def _live(numbers: Set[int]) -> list[Any]:
    """Kind, port, whether there is an article, and structure of what is live on ports."""
    spans: Iterable[Any] = Document.objects.filter(
        live_first_port__lt=F("live_last_port")
    ).values_list("pk", "live_first_port", "live_last_port")
    covering = [pk for pk, first, last in spans if _within(numbers, first, last)]
    rows = Edition.objects.filter(
        # As databases take no condition for each of a thousand ports, spans are asked for by id.
        Q(document__live_first_port__in=numbers) | Q(document__in=covering),
        language=SOURCE.code,
        live_revision__structure__isnull=False,
    ).order_by("document")
    return list(
        rows.values_list(
            "document__kind",
            "document__port",
            "document__has_live_article",
            "live_revision__structure",
        )
    )


def _within(numbers: Set[int], first: int, last: int) -> list[int]:
    """Those of the numbers that lie in a span."""
    if last - first < len(numbers):
        return [number for number in range(first, last + 1) if number in numbers]
    return [number for number in numbers if first <= number <= last]
