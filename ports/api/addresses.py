"""Addresses as answers name them: whole, so that they can be followed from anywhere."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


def site_url(path: str) -> str:
    """The whole address of a path on this site."""
    return f"{settings.SITE_URL}{path}"


def own_path(request: HttpRequest | Request) -> str:
    """The path of a request, as it was sent."""
    return request.get_full_path().partition("?")[0]
