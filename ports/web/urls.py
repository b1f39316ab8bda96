"""The addresses of the public pages."""

from django.urls import path
from django.views.generic import RedirectView

import ports.web.converters  # noqa: F401 - makes the converters known
from ports.web.views import browse, home, port, search, service

urlpatterns = [
    path("", home.choose_language, name="choose-language"),
    path("<language:language>/", home.home, name="home"),
    path("<language:language>/ports/", browse.browse, name="browse"),
    path("<language:language>/ports/<port:number>/", port.port, name="port"),
    path(
        "<language:language>/ports/<padded_port:number>/",
        RedirectView.as_view(pattern_name="port", permanent=True),
    ),
    path("<language:language>/services/<path:name>/", service.service, name="service"),
    path("<language:language>/search/", search.search, name="search"),
]
