"""What all addresses of the API share: parameters, language, validators, and who may read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ports import generation
from ports.api import limits, parameters
from ports.api.language import LANG
from ports.api.parameters import Parameter
from ports.api.problems import Problem
from ports.api.schemas import Schema
from ports.api.validators import etag, is_known, last_modified, marked, readable
from ports.generation import Generation
from ports.languages import SOURCE, Language
from ports.web.middleware import requested

_SENT: Final = "Accept-Language, Content-Type, If-Match, If-Modified-Since, If-None-Match"
_A_DAY: Final = 24 * 60 * 60


class Renderer(BaseRenderer):
    """JSON, the same bytes for the same data."""

    media_type = "application/json"
    format = "json"
    charset = None  # RFC 8259: always UTF-8

    def render(self, data: Any, *_args: Any, **_kwargs: Any) -> bytes:
        """The bytes of an answer."""
        return orjson.dumps(data)


class Open(APIView):
    """An address that scripts of any site may read."""

    _limit_headers: Mapping[str, str] = {}

    def options(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponseBase:  # noqa: ARG002 - its name for DRF
        methods = ", ".join(self.allowed_methods)
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT,
            headers={
                "Allow": methods,
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": _SENT,
                "Access-Control-Max-Age": str(_A_DAY),
            },
        )

    cost: ClassVar[int] = 1
    """For how many requests one of its own counts."""

    def admit(self, request: Request) -> None:
        """Count a request against its sender's limit; raises a Problem for one too many."""
        self._limit_headers = limits.use(request._request, self.cost)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let scripts of any site read the answer, problems too, and say how much is left."""
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self._limit_headers.items():
            final.headers.setdefault(name, value)
        return readable(final)


class Resource(Open):
    """Something to be read: the same bytes for everyone who asks in one language.

    Its validator is known before it is put together, so that a client that has it is answered
    without.
    """

    renderer_classes = (Renderer,)
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    """Those that it takes, beside those that every address takes."""
    schema: ClassVar[Schema]
    """What its body looks like."""
    problems: ClassVar[tuple[HTTPStatus, ...]] = ()
    """The problems that it may be answered with, beside those that every address may."""
    header_names: ClassVar[tuple[str, ...]] = ()
    """The headers that belong to its body."""

    asked: dict[str, Any]
    language: Language
    languages: set[Language]
    """The languages of the texts in the answer."""
    generation: Generation

    def body(self) -> Any:
        """What it is, made of lists, dictionaries, texts and numbers; raises Http404, Problem.

        `asked` has the parameters by name, `kwargs` what stands in the path.
        """
        raise NotImplementedError

    def headers_of_body(self) -> dict[str, str]:
        """Headers that belong to the body that was made last."""
        return {}

    def versions(self) -> tuple[object, ...]:
        """What says whether the body has changed."""
        return tuple(self.generation)

    def modified(self) -> int | None:
        """When the body last changed, in seconds; None where only `versions` tell."""
        return last_modified(self.generation)

    def get(self, request: Request, **_kwargs: Any) -> HttpResponseBase:
        django_request = request._request
        self.asked = parameters.read(request.query_params, (LANG, *self.parameters))
        self.language = requested(django_request)
        self.languages = set()
        self.generation = generation.current()
        validator = etag(django_request, self.language, self.versions())
        if is_known(django_request, validator):
            unchanged = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
            return marked(unchanged, validator, self.modified())
        self.admit(request)
        body = self.body()
        tags = sorted(language.tag for language in self.languages or {SOURCE})
        headers = {"Content-Language": ", ".join(tags), **self.headers_of_body()}
        modified = self.modified()
        response = marked(Response(body, headers=headers), validator, modified)
        found = get_conditional_response(django_request, validator, modified, response)
        if found is not None and found.status_code == HTTPStatus.PRECONDITION_FAILED:
            raise Problem(
                HTTPStatus.PRECONDITION_FAILED,
                _("What If-Match or If-Unmodified-Since says does not hold any more."),
            )
        return found or response
