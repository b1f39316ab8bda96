"""What all addresses of the API share: parameters, language, validators, and who may keep what."""

import hashlib
from http import HTTPStatus
from typing import Any, ClassVar, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ports import generation
from ports.api import parameters
from ports.api.language import LANG
from ports.api.parameters import Parameter
from ports.generation import Generation
from ports.languages import SOURCE, Language
from ports.web.middleware import requested

CACHE_CONTROL: Final = (
    "public, max-age=60, s-maxage=300, stale-while-revalidate=60, stale-if-error=3600"
)
"""So long what was taken from readers may still come from a cache in front: minutes."""

_METHODS: Final = "GET, HEAD, OPTIONS"


class Resource(APIView):
    """Something to be read: the same bytes for everyone who asks in one language.

    Its validator is known before it is put together, so that a client that has it is answered
    without.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    """Those that it takes, beside those that every address takes."""

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

    def get(self, request: Request, **_kwargs: Any) -> HttpResponseBase:
        self.asked = parameters.read(request.query_params, (LANG, *self.parameters))
        self.language = requested(request._request)
        self.languages = set()
        self.generation = generation.current()
        etag = self._etag(request)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            # It was given for this address: nobody else knows it.
            return self._validated(HttpResponse(status=HTTPStatus.NOT_MODIFIED), etag)
        body = self.body()
        tags = sorted(language.tag for language in self.languages or {SOURCE})
        headers = {"Content-Language": ", ".join(tags), **self.headers_of_body()}
        response = self._validated(Response(body, headers=headers), etag)
        at = self.generation.at
        return get_conditional_response(  # type: ignore[return-value]
            request._request,
            etag=etag,
            last_modified=int(at.timestamp()) if at else None,
            response=response,
        )

    def options(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponseBase:  # noqa: ARG002 - its name for DRF
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT,
            headers={"Allow": _METHODS, "Access-Control-Allow-Methods": _METHODS},
        )

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let scripts of any site read the answer, problems too."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers["Access-Control-Allow-Origin"] = "*"
        final.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        return final

    def _etag(self, request: Request) -> str:
        said = (
            settings.SITE_URL,
            request.get_full_path(),
            self.language.code,
            request.accepted_media_type,
            *self.versions(),
        )
        return f'"{hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()}"'

    def _validated(self, response: Any, etag: str) -> Any:
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = CACHE_CONTROL
        if at := self.generation.at:
            response.headers["Last-Modified"] = http_date(at.timestamp())
        return response


def site_url(path: str) -> str:
    """The whole address of a path on this site."""
    return f"{settings.SITE_URL}{path}"


def own_path(request: HttpRequest | Request) -> str:
    """The path of a request, as it was sent."""
    return request.get_full_path().partition("?")[0]
