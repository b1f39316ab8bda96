"""Strong validators of answers, and what is said to whoever has one already."""

import hashlib
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags

from ports import generation
from ports.generation import Generation
from ports.languages import Language
from ports.web.middleware import is_short, language_in_address, requested

CACHE_CONTROL: Final = (
    "public, max-age=60, s-maxage=300, stale-while-revalidate=60, stale-if-error=3600"
)
"""So long what was taken from readers may still come from a cache in front: minutes."""

_ROOT: Final = "/api/"


def is_of_api(request: HttpRequest) -> bool:
    """Whether an address is one of the API: below `/api/`, or a short one that ends with .json."""
    path = request.path_info
    return path.startswith(_ROOT) or (path[-5:].lower() == ".json" and is_short(request))


def etag(request: HttpRequest, language: Language, versions: Iterable[object]) -> str:
    """The validator of what an address gives in a language, in these versions of its data.

    It is given for this address only, so that whoever has it knows that there is something.
    """
    said = (settings.SITE_URL, request.get_full_path(), language.code, *versions)
    return f'"{hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()}"'


def is_known(request: HttpRequest, validator: str) -> bool:
    """Whether a client says that it has what has this validator."""
    said = request.META.get("HTTP_IF_NONE_MATCH", "")
    return said == validator or validator in parse_etags(said)


def marked(response: Any, validator: str, now: Generation) -> Any:
    """A response with its validators, and for how long caches may keep it."""
    response.headers["ETag"] = validator
    response.headers["Cache-Control"] = CACHE_CONTROL
    if now.at:
        response.headers["Last-Modified"] = http_date(now.at.timestamp())
    return response


def readable(response: Any) -> Any:
    """A response that scripts of any site may read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "ETag, Link, Retry-After, RateLimit, RateLimit-Policy"
    )
    return response


class NotModifiedMiddleware:
    """Tell a client that has the answer so, before anything else is done.

    It stands before all other middleware. Answers that depend on more than the generation have
    another validator, which it does not know.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_IF_NONE_MATCH" in request.META and is_of_api(request):
            now = generation.current()
            validator = etag(request, requested(request), now)
            if request.method in {"GET", "HEAD"} and is_known(request, validator):
                response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
                if language_in_address(request) is None:
                    patch_vary_headers(response, ["Accept-Language"])
                return marked(readable(response), validator, now)
        return self._get_response(request)
