"""Service names: all of them in a list, and everything that is registered under one."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from ports.api import shapes
from ports.api.addresses import site_url
from ports.api.filters import OF_PROTOCOL, SPANS, UPDATED_SINCE, changed_since
from ports.api.listing import Filter, Listing, Row
from ports.api.parameters import flag
from ports.api.problems import Problem
from ports.api.resource import Resource
from ports.api.schemas import ADDRESS, COMPONENTS, a_list, an_object, component, or_null, text
from ports.api.texts import DocumentTexts
from ports.api.views.assignments import SEARCH
from ports.change_facts import last_known, name_before
from ports.editorial import page_content
from ports.languages import SOURCE
from ports.models import Assignment, RegistryChange
from ports.registry.records import Status
from ports.registry_excerpt import registry_excerpt


class Services(Listing):
    """The service names, with or without a port, each with where it is registered."""

    key = "first_id"
    result = COMPONENTS["Service"]
    filters = (
        *SPANS,
        OF_PROTOCOL,
        Filter(
            flag("has_port", "Whether the service has a port of its own."),
            lambda has: Q(first_port__isnull=not has),
        ),
        SEARCH,
        Filter(
            UPDATED_SINCE,
            lambda number: Q(service_name__in=changed_since(number).values("service_name")),
        ),
    )

    def queryset(self) -> QuerySet[Any, Any]:
        return Assignment.objects.named().filter(status=Status.ASSIGNED).order_by()

    def _filtered(self) -> QuerySet[Any, Any]:
        rows = self.queryset()
        if self.is_filtered():
            # In a subquery, so that a filter leaves out services and not some of their records.
            rows = rows.filter(service_name__in=super()._filtered().values("service_name"))
        return rows.values("service_name").annotate(first_id=Min("id"))

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        keys = dict(rows.values_list("service_name", "first_id"))
        return sorted(Row(keys[name], service) for name, service in by_name(keys).items())


def by_name(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Services as they are shown in lists, by their names as published. One query."""
    records = (
        Assignment.objects.named()
        .filter(status=Status.ASSIGNED, service_name__in=list(names))
        .order_by("id")
    )
    found: dict[str, dict[str, Any]] = {}
    columns = ("service_name", "description", "first_port", "last_port", "transport", "alias_of")
    for name, description, first, last, transport, alias_of in records.values_list(*columns):
        service = found.setdefault(
            name,
            {
                "name": name,
                "description": description or None,
                "registrations": [],
                "alias_of": alias_of or None,
            },
        )
        service["registrations"].append(
            {"first_port": first, "last_port": last, "protocol": transport or None}
        )
    return found


class ServiceDetail(Resource):
    """One service name, in any letter case: its records, other names, and what it is for."""

    problems = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
    schema = an_object(
        name=text(),
        alias_of=or_null(text()),
        other_names=a_list(text()),
        assignments=a_list(component("Assignment")),
        gloss=or_null(component("Text")),
        sources=a_list(component("Source")),
        changes=a_list(component("Change")),
        snapshot=or_null(component("Snapshot")),
        page=ADDRESS,
    )

    def body(self) -> Any:
        name = self.kwargs["name"]
        if "\x00" in name:
            raise Http404
        records = list(Assignment.objects.of_service(name))
        if not records:
            raise self._gone(name)
        published = next(
            (each.service_name for each in records if each.service_name == name),
            records[0].service_name,
        )
        documents = page_content.on_service(name, self.language)
        excerpt = registry_excerpt(page_content.cited_ports(documents), changes_of=name)
        texts = DocumentTexts(documents, excerpt, self.language)
        glosses, sources = texts.glosses(), texts.sources()
        self.languages = {SOURCE, *texts.languages}
        return {
            "name": published,
            "alias_of": next((each.alias_of for each in records if each.alias_of), None),
            "other_names": Assignment.objects.other_names_of(name),
            "assignments": [shapes.assignment_of(each) for each in records],
            "gloss": glosses[0]["text"] if glosses else None,
            "sources": sources,
            "changes": [shapes.change(each) for each in excerpt.changes],
            "snapshot": shapes.snapshot(excerpt.snapshot) if excerpt.snapshot else None,
            "page": site_url(reverse("service", args=[self.language, published])),
        }

    def _gone(self, name: str) -> Exception:
        """What to raise for a name without a record: it was withdrawn, or never registered."""
        changes = list(RegistryChange.objects.of_service(name).newest_first().with_snapshots())
        leaving = [each for each in changes if name_before(each).lower() == name.lower()]
        if not leaving:
            return Http404()
        last = [each for each in leaving if each.snapshot_id == leaving[0].snapshot_id]
        return Problem(
            HTTPStatus.GONE,
            _("The registry holds this service no more."),
            last_known=[shapes.assignment_of(each) for each in last_known(last)],
            changes=[shapes.change(each) for each in changes],
        )
