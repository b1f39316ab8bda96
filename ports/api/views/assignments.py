"""The registry's records."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from ports.api import shapes
from ports.api.filters import OF_PROTOCOL, SERVICE, SPANS, STATUSES
from ports.api.listing import Filter, Listing, Row
from ports.api.parameters import one_of, words
from ports.api.schemas import COMPONENTS
from ports.models import Assignment

SEARCH = Filter(
    words("q", "With all of these words in the service name or the description."),
    lambda said: _holds_all(said.split()),
)


class Assignments(Listing):
    """IANA's records, as published: a name, a span of ports and a protocol, or some of them."""

    result = COMPONENTS["Assignment"]
    filters = (
        *SPANS,
        OF_PROTOCOL,
        Filter(
            one_of("status", "What the record says of its ports.", STATUSES),
            lambda status: Q(status=status),
        ),
        Filter(SERVICE, lambda name: Q(name_lower=name.lower())),
        SEARCH,
    )

    def queryset(self) -> QuerySet[Assignment]:
        if "service" in self.asked:
            return Assignment.objects.alias(name_lower=Lower("service_name"))
        return Assignment.objects.all()

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        return [Row(row[0], shapes.assignment(row)) for row in rows.values_list(*shapes.COLUMNS)]


def _holds_all(words: list[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(service_name__icontains=word) | Q(description__icontains=word)
    return condition
