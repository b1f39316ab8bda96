"""Port numbers: all of them in a list, and everything that is known of one."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from ports import sentences
from ports.api import shapes
from ports.api.addresses import site_url
from ports.api.filters import (
    FROM,
    RANGE,
    SEARCHED,
    SERVICE,
    TO,
    UPDATED_SINCE,
    changed_since,
    holds_all,
    numbers_in,
)
from ports.api.listing import Filter, Listing, Row
from ports.api.parameters import flag, one_of
from ports.api.resource import Resource
from ports.api.schemas import (
    ADDRESS,
    COMPONENTS,
    PORT,
    STATUSES,
    TEXTS_OF_PORT,
    a_list,
    an_object,
    component,
    or_null,
)
from ports.api.schemas import one_of as schema_of
from ports.api.texts import DocumentTexts, sentence
from ports.change_facts import concerns
from ports.editorial import page_content
from ports.languages import SOURCE
from ports.models import Assignment, Document, Port
from ports.port_facts import port_facts, shown_beside
from ports.registry.records import PortRange, Status, Transport
from ports.registry_excerpt import registry_excerpt

_STATUS_FIELDS: Final = tuple(f"{transport.value}_status" for transport in Transport)


class Ports(Listing):
    """The 65,536 port numbers, each with its status on each transport protocol."""

    key = "number"
    result = COMPONENTS["Port"]
    more_parameters = (
        one_of("status", "With this status on `protocol`, or else on TCP or UDP.", [*Status]),
        one_of(
            "protocol",
            "The transport protocol that `status` is about; without that, assigned on it.",
            [*Transport],
        ),
    )
    filters = (
        Filter(FROM, lambda number: Q(number__gte=number)),
        Filter(TO, lambda number: Q(number__lte=number)),
        Filter(RANGE, lambda name: Q(number__range=(PortRange(name).first, PortRange(name).last))),
        Filter(SERVICE, lambda name: Q(_is_of_service(name))),
        Filter(
            flag("has_article", "Whether editors have told the port's story."),
            lambda has: Q(has_article=has),
        ),
        Filter(SEARCHED, lambda said: Q(number__in=_numbers_with(said))),
        Filter(
            UPDATED_SINCE,
            lambda number: Q(
                number__in=numbers_in(changed_since(number).values_list("first_port", "last_port"))
            ),
        ),
    )

    def queryset(self) -> QuerySet[Port]:
        told = Document.objects.filter(port=OuterRef("pk"), has_live_article=True)
        return self._with_status().annotate(has_article=Exists(told))

    def _with_status(self) -> QuerySet[Port]:
        status, protocol = self.asked.get("status"), self.asked.get("protocol")
        if status is None and protocol is None:
            return Port.objects.all()
        return Port.objects.with_status(
            Status(status or Status.ASSIGNED), Transport(protocol) if protocol else None
        )

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        found = list(rows.values_list("number", *_STATUS_FIELDS, "has_article"))
        names = _names([row[0] for row in found])
        return [
            Row(
                number,
                {
                    "number": number,
                    "range": PortRange.of(number).value,
                    "status": dict(zip([each.value for each in Transport], statuses, strict=True)),
                    "service_names": names.get(number, []),
                    "has_article": has_article,
                },
            )
            for number, *statuses, has_article in found
        ]


class PortDetail(Resource):
    """One port number: what the registry says of it, and what editors wrote."""

    problems = (HTTPStatus.NOT_FOUND,)
    schema = an_object(
        number=PORT,
        range=schema_of(PortRange),
        status=STATUSES,
        answer=component("Sentence"),
        assignments=a_list(component("Assignment")),
        **TEXTS_OF_PORT,
        changes=a_list(component("Change")),
        snapshot=or_null(component("Snapshot")),
        page=ADDRESS,
    )

    def body(self) -> Any:
        number = self.kwargs["number"]
        documents = page_content.on_port(number, self.language)
        excerpt = registry_excerpt(
            {*shown_beside(number), *page_content.cited_ports(documents)}, changes_of=number
        )
        facts = port_facts(number, excerpt)
        texts = DocumentTexts(documents, excerpt, self.language)
        body = {
            "number": number,
            "range": facts.range.value,
            "status": {
                transport.value: status.value
                for transport, status in zip(Transport, excerpt.statuses(number), strict=True)
            },
            "answer": sentence(sentences.answer(facts), self.language),
            "assignments": [shapes.assignment_of(each) for each in excerpt.records[number]],
            **texts.of_port(),
            "changes": [shapes.change(each) for each in excerpt.changes if concerns(each, number)],
            "snapshot": shapes.snapshot(excerpt.snapshot) if excerpt.snapshot else None,
            "page": site_url(reverse("port", args=[self.language, number])),
        }
        self.languages = {self.language, *texts.languages}
        if excerpt.records[number]:
            self.languages.add(SOURCE)
        return body


def _is_of_service(name: str) -> Exists:
    """Whether a port lies among those of a service."""
    return Exists(
        Assignment.objects.of_service(name).filter(
            first_port__lte=OuterRef("pk"), last_port__gte=OuterRef("pk")
        )
    )


def _numbers_with(said: str) -> set[int]:
    """The ports of the assigned records that have all of these words."""
    records = Assignment.objects.named().filter(holds_all(said), status=Status.ASSIGNED)
    return numbers_in(records.order_by().values_list("first_port", "last_port"))


def _names(numbers: Collection[int]) -> dict[int, list[str]]:
    """The names that are assigned on ports, each once, in the registry's order."""
    wanted = set(numbers)
    rows = (
        Assignment.objects.covering_any(wanted)
        .named()
        .filter(status=Status.ASSIGNED)
        .values_list("id", "service_name", "first_port", "last_port")
    )
    found: dict[int, list[str]] = {}
    for _id, name, first, last in sorted(rows):
        ports = range(first, last + 1) if first is not None and last is not None else ()
        for number in wanted.intersection(ports):
            names = found.setdefault(number, [])
            if name not in names:
                names.append(name)
    return found
