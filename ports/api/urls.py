"""The addresses of the API."""

from django.urls import path

import ports.web.converters  # noqa: F401 - makes the converters known
from ports.api.openapi import Description
from ports.api.short import ShortPort, short_service, without_zeros
from ports.api.views.assignments import Assignments
from ports.api.views.index import Index
from ports.api.views.languages import Languages
from ports.api.views.lookup import Lookup
from ports.api.views.pages import ProblemPage, Reference
from ports.api.views.ports import PortDetail, Ports
from ports.api.views.publications import Publications
from ports.api.views.registry import Changes, Ranges, Registry
from ports.api.views.search import Search
from ports.api.views.services import ServiceDetail, Services
from ports.api.views.stats import Stats
from ports.api.views.suggest import Suggest
from ports.api.views.written import Faqs, Histories, Usages

urlpatterns = [
    path("api/v1/", Index.as_view(), name="api"),
    path("api/v1/openapi.json", Description.as_view(), name="api-description"),
    path("api/v1/docs/", Reference.as_view(), name="api-reference"),
    path("api/v1/problems/<slug:slug>/", ProblemPage.as_view(), name="api-problem"),
    path("api/v1/ports/", Ports.as_view(), name="api-ports"),
    path("api/v1/ports/<port:number>/", PortDetail.as_view(), name="api-port"),
    path("api/v1/services/", Services.as_view(), name="api-services"),
    path("api/v1/services/<path:name>/", ServiceDetail.as_view(), name="api-service"),
    path("api/v1/assignments/", Assignments.as_view(), name="api-assignments"),
    path("api/v1/usages/", Usages.as_view(), name="api-usages"),
    path("api/v1/histories/", Histories.as_view(), name="api-histories"),
    path("api/v1/faqs/", Faqs.as_view(), name="api-faqs"),
    path("api/v1/publications/", Publications.as_view(), name="api-publications"),
    path("api/v1/ranges/", Ranges.as_view(), name="api-ranges"),
    path("api/v1/changes/", Changes.as_view(), name="api-changes"),
    path("api/v1/registry/", Registry.as_view(), name="api-registry"),
    path("api/v1/stats/", Stats.as_view(), name="api-stats"),
    path("api/v1/lookup/", Lookup.as_view(), name="api-lookup"),
    path("api/v1/search/", Search.as_view(), name="api-search"),
    path("api/v1/suggest/", Suggest.as_view(), name="api-suggest"),
    path("api/v1/languages/", Languages.as_view(), name="api-languages"),
    path("<port:number><json_ending:ending>", ShortPort.as_view()),
    path("<padded_port:number><json_ending:ending>", without_zeros),
    path("<short_name:name><json_ending:ending>", short_service),
]
