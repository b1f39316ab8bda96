"""How much there is."""

from typing import Any, Final

from django.db.models import Count

from ports.api.resource import Resource
from ports.api.schemas import NUMBER, an_object, or_null
from ports.languages import LANGUAGES
from ports.models import Document, Edition, Snapshot
from ports.registry.records import PortRange, Status

_PORTS: Final = an_object(**{each.value: NUMBER for each in PortRange})
_STATUSES: Final = an_object(**{each.value: NUMBER for each in Status})


class Stats(Resource):
    """How many ports have which status on TCP or UDP, and how many texts are live."""

    schema = an_object(
        records=NUMBER,
        services=NUMBER,
        named_ports=_PORTS,
        statuses=an_object(**{each.value: _STATUSES for each in PortRange}),
        articles=NUMBER,
        last_publication=or_null(NUMBER),
        live_texts={
            **an_object(**{each.tag: NUMBER for each in LANGUAGES}),
            "description": "How many articles, usages and explanations are live, by language.",
        },
    )

    def body(self) -> Any:
        current = Snapshot.objects.current()
        figures = current.statistics if current else {}
        live = dict(
            Edition.objects.filter(live_revision__isnull=False)
            .values_list("language")
            .annotate(Count("id"))
        )
        named, statuses = figures.get("named_ports", {}), figures.get("statuses", {})
        return {
            "records": current.record_count if current else 0,
            "services": figures.get("services", 0),
            "named_ports": {each.value: named.get(each, 0) for each in PortRange},
            "statuses": {
                each.value: {
                    status.value: statuses.get(each, {}).get(status, 0) for status in Status
                }
                for each in PortRange
            },
            "last_publication": self.generation.publication or None,
            "articles": Document.objects.filter(has_live_article=True).count(),
            "live_texts": {each.tag: live.get(each.code, 0) for each in LANGUAGES},
        }
