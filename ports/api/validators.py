"""Strong validators of answers, and what is said to whoever has one already."""

import hashlib
import time
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
_BEGAN: Final = time.time()
_A_WHILE: Final = 2 + generation.LOOK_SECONDS


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
    if said == validator:
        return True
    # Proxies that compress an answer make its validator a weak one; either is meant here (RFC 9110,
    # section 13.1.2).
    return validator in {each.removeprefix("W/") for each in parse_etags(said)}


def last_modified(now: Generation) -> int | None:
    """When readers last saw something new, in seconds; None where that cannot be said.

    Not before this process began, as another program may have been there before. A moment that has
    just been says nothing yet: more may come within the same second.
    """
    if now.at is None:
        return None
    at = max(now.at.timestamp(), _BEGAN)
    return int(at) if time.time() - at > _A_WHILE else None


def marked(response: Any, validator: str, modified: int | None) -> Any:
    """A response with its validators, and for how long caches may keep it."""
    response.headers["ETag"] = validator
    response.headers["Cache-Control"] = CACHE_CONTROL
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified)
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
                return marked(readable(response), validator, last_modified(now))
        given = self._get_response(request)
        if given.status_code == HTTPStatus.MOVED_PERMANENTLY and is_of_api(request):
            return _with_method(request, readable(given))
        return given


def _with_method(request: HttpRequest, response: Any) -> Any:
    """A redirection that what was sent follows: after 301, clients forget the body."""
    if request.method not in {"GET", "HEAD"}:
        response.status_code = HTTPStatus.PERMANENT_REDIRECT
    return response
