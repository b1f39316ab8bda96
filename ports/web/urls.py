"""The addresses of the public pages."""

from django.urls import path
from django.views.generic import RedirectView

import ports.web.converters  # noqa: F401 - makes the converters known
from ports.web.views import browse, changes, feeds, history, home, port, search, service, short

urlpatterns = [
    path("", home.choose_language, name="choose-language"),
    path("<language:language>/", home.home, name="home"),
    path("<language:language>/ports/", browse.browse, name="browse"),
    path("<language:language>/ports/<port:number>/", port.port, name="port"),
    path(
        "<language:language>/ports/<padded_port:number>/",
        RedirectView.as_view(pattern_name="port", permanent=True),
    ),
    path(
        "<language:language>/ports/<port:number>/feed.<feed_form:form>",
        feeds.port_feed,
        name="port-feed",
    ),
    path(
        "<language:language>/ports/<port:number>/history/",
        history.history,
        name="port-history",
    ),
    path(
        "<language:language>/ports/<port:number>/history/<version:version>/",
        history.version,
        name="port-version",
    ),
    path("<language:language>/services/<path:name>/", service.service, name="service"),
    path("<language:language>/changes/", changes.changes, name="changes"),
    path(
        "<language:language>/changes/feed.<feed_form:form>",
        feeds.changes_feed,
        name="changes-feed",
    ),
    path("<language:language>/search/", search.search, name="search"),
    path("<port:number>", short.port),
    path("<padded_port:number>", short.padded_port),
    path("<port:number><text_ending:ending>", short.port_as_text),
    path("<padded_port:number><text_ending:ending>", short.port_without_zeros),
    path("<short_name:name><text_ending:ending>", short.service_as_text),
    path("<short_name:name>", short.service),
]
