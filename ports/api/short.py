"""Short addresses of JSON, /3440.json and /ssh.json: the same as below `/api/v1/`."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.negotiation import BaseContentNegotiation

from ports.api.resource import Resource
from ports.api.validators import readable
from ports.api.views.ports import PortDetail
from ports.api.views.services import ServiceDetail
from ports.web.views import short


class _AsAddressed(BaseContentNegotiation):
    """The address says JSON, whatever else a client would rather have."""

    def select_parser(self, _request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, _request: Any, renderers: Any, _format: Any = None, **_: Any) -> Any:
        return renderers[0], renderers[0].media_type


class _Short(Resource):
    content_negotiation_class = _AsAddressed


class ShortPort(_Short, PortDetail):
    """One port number, at its short address."""


class _ShortService(_Short, ServiceDetail):
    """One service name, at its short address."""


_short_service = _ShortService.as_view()


@csrf_exempt
def short_service(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """One service name as JSON, unless the whole address is the name of a service."""
    if short.published(f"{name}{ending}"):
        return short.service(request, f"{name}{ending}")
    return _short_service(request, name=name)


def without_zeros(request: HttpRequest, number: int, ending: str) -> HttpResponse:
    """Lead to the short address of a port that was written with zeros before it."""
    response: HttpResponsePermanentRedirect = readable(
        short.port_without_zeros(request, number, ending)
    )
    return response
