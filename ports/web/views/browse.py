"""Browsing the ports by range, status and transport protocol."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ports import sentences
from ports.languages import Language
from ports.models import Assignment, Port, Snapshot
from ports.models.port import STATUS_CHOICES
from ports.registry.records import PortRange, Status, Transport
from ports.registry.statistics import BLOCK_SIZE
from ports.registry_excerpt import covers
from ports.web.errors import problem
from ports.web.filters import InvalidFilterError, choice, page_number
from ports.web.page import page


class Filters(NamedTuple):
    """What the reader chose; None: everything."""

    range: PortRange | None
    status: Status | None
    transport: Transport | None

    @property
    def query(self) -> str:
        """The filters as they stand in the address."""
        return urlencode({name: value for name, value in self._asdict().items() if value})


class Row(NamedTuple):
    """A line of the list."""

    port: Port
    names: list[str]


@require_safe
def browse(request: HttpRequest, language: Language) -> HttpResponse:
    """A page of the list of ports."""
    try:
        filters = Filters(
            range=choice(request, "range", PortRange),
            status=choice(request, "status", Status),
            transport=choice(request, "transport", Transport),
        )
        number = page_number(request)
    except InvalidFilterError as error:
        return problem(request, status=400, title=_("Address not understood"), message=str(error))
    ports = Port.objects.all()
    if filters.range:
        ports = ports.in_range(filters.range)
    if filters.status:
        ports = ports.with_status(filters.status, filters.transport)
    listed = Paginator(ports, BLOCK_SIZE).get_page(number)
    query = filters.query
    return page(
        request,
        language,
        "ports/browse.html",
        {
            "filters": filters,
            "ranges": [(value, sentences.range_name(value)) for value in PortRange],
            "statuses": STATUS_CHOICES,
            "transports": list(Transport),
            "listed": listed,
            "rows": _rows(list(listed)),
            "page_query": f"{query}&" if query else "",
            "snapshot": Snapshot.objects.current(),
        },
        query="&".join(filter(None, [query, f"page={listed.number}" if listed.number > 1 else ""])),
    )


def _rows(ports: list[Port]) -> list[Row]:
    numbers = [port.number for port in ports]
    records = list(
        Assignment.objects.named()
        .filter(status=Status.ASSIGNED)
        .filter(Q(first_port__in=numbers) | Q(first_port__lt=F("last_port")))
        .only("service_name", "first_port", "last_port", "id")
    )
    singles: dict[int | None, list[Assignment]] = {}
    spans = []
    for record in records:
        if record.is_span:
            spans.append(record)
        else:
            singles.setdefault(record.first_port, []).append(record)
    return [
        Row(
            port,
            list(
                dict.fromkeys(
                    record.service_name
                    for record in [
                        *singles.get(port.number, []),
                        *(span for span in spans if covers(span, port.number)),
                    ]
                )
            ),
        )
        for port in ports
    ]
