"""The registry's records."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from ports.api import shapes
from ports.api.filters import (
    OF_PROTOCOL,
    SEARCHED,
    SERVICE,
    SPANS,
    STATUSES,
    UPDATED_SINCE,
    holds_all,
    records_changed_since,
)
from ports.api.listing import Filter, Listing, Row
from ports.api.parameters import one_of
from ports.api.schemas import COMPONENTS
from ports.models import Assignment

SEARCH = Filter(SEARCHED, holds_all)


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
        Filter(UPDATED_SINCE, records_changed_since),
    )

    def queryset(self) -> QuerySet[Any, Any]:
        rows = Assignment.objects.values_list(*shapes.COLUMNS)
        return rows.alias(name_lower=Lower("service_name")) if "service" in self.asked else rows

    def first_after(self, key: int, most: int) -> list[Row]:
        if self.is_filtered():
            return super().first_after(key, most)
        with connection.cursor() as cursor:
            cursor.execute(_page_of_all(most), [key])
            return _shown(cursor.fetchall())

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        return _shown(rows)


def _shown(rows: Iterable[Sequence[Any]]) -> list[Row]:
    return [Row(row[0], shapes.assignment(row)) for row in rows]


@cache
def _page_of_all(most: int) -> str:
    """The statement for so many records after a number, when nothing is left out.

    That is how the whole registry is read, page by page. Putting the statement together is a
    quarter of the time that such an answer takes.
    """
    rows = Assignment.objects.values_list(*shapes.COLUMNS).filter(id__gt=0).order_by("id")[:most]
    statement, _parameters = rows.query.sql_with_params()
    return statement
