"""What stands around the admin alone: who is signed in, and the language that they prefer.

Elsewhere nobody is signed in: no session is looked at, so that pages are the same for everyone.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from ports.languages import by_code


def _is_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")


class _AroundAdmin(MiddlewareMixin):
    """Middleware of Django's that other addresses than the admin's do not pass."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if _is_admin(request) else self.get_response(request)


class SessionMiddleware(_AroundAdmin, sessions.SessionMiddleware):
    """The session of whoever is signed in."""


class AuthenticationMiddleware(_AroundAdmin, auth.AuthenticationMiddleware):
    """Who is signed in."""


class MessageMiddleware(_AroundAdmin, messages.MessageMiddleware):
    """What they are to be told on the next page."""


class PreferredLanguageMiddleware:
    """Answer in the signed-in user's preferred language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_admin(request):
            return self.get_response(request)
        language = by_code(getattr(request.user, "preferred_language", ""))
        if language is None:
            return self.get_response(request)
        with translation.override(language.code):
            response = self.get_response(request)
        response.headers["Content-Language"] = language.tag
        return response
