"""The language of a request: the one in its address, or else the one its reader asks for."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from ports.languages import SOURCE, Language, by_code, from_tag
from ports.web.site_roots import is_own

# A language, its script and its region (BCP 47): `de-AT`, and not the service `de-server`.
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?", re.ASCII)


class LanguageMiddleware:
    """Answer each request in one language, and say in the headers which.

    A language written otherwise in an address (`/zh-CN/`, `/PT/`, `/iw/`) is redirected to the
    address it has here. No cookie is read: the same address gives everyone the same bytes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tag = _first_segment(request.path_info)
        in_address = language_in_address(request)
        if in_address is None and _TAG.fullmatch(tag) and (known := from_tag(tag)):
            path, question_mark, query = request.get_full_path().partition("?")
            rest = path.removeprefix("/").partition("/")[2]
            return HttpResponsePermanentRedirect(f"/{known.code}/{rest}{question_mark}{query}")
        language = in_address or accepted(request)
        with translation.override(language.code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language.tag)
        if in_address is None and isinstance(response, HttpResponse):
            patch_vary_headers(response, ["Accept-Language"])
        return response


def requested(request: HttpRequest) -> Language:
    """The language in the request's address, or else the one its reader asks for."""
    return language_in_address(request) or accepted(request)


def accepted(request: HttpRequest) -> Language:
    """The language that Accept-Language prefers among ours; English when it names none of them."""
    for tag, _quality in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        if tag == "*":
            break
        if language := from_tag(tag):
            return language
    return SOURCE


def language_in_address(request: HttpRequest) -> Language | None:
    """The language that the address says: in its path, or as `lang` where that has a meaning.

    It has one in the API and after the short address of a port or a service.
    """
    path = request.path_info.removeprefix("/")
    if language := by_code(path.partition("/")[0]):
        return language
    # Without a query there is nothing to take apart: this is asked before anything else is done.
    if not request.META.get("QUERY_STRING") or not (path.startswith("api/") or is_short(request)):
        return None
    return from_tag(request.GET.get("lang", ""))


def is_short(request: HttpRequest) -> bool:
    """Whether the address is a short one, of a port or a service."""
    path = request.path_info.removeprefix("/")
    return bool(path) and not is_own(path)


def _first_segment(path: str) -> str:
    return path.removeprefix("/").partition("/")[0]
