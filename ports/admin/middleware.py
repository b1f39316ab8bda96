"""The language of the admin: the one its user prefers."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from ports.languages import by_code


class PreferredLanguageMiddleware:
    """Answer in the signed-in user's preferred language, on the admin's addresses only.

    Public pages never look at the session, so that they are the same for everyone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        language = by_code(getattr(request.user, "preferred_language", ""))
        if language is None:
            return self.get_response(request)
        with translation.override(language.code):
            response = self.get_response(request)
        response.headers["Content-Language"] = language.tag
        return response
