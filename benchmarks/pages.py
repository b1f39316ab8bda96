"""Rendering pages, against a bare Django view, through the whole WSGI stack of this process."""

import random

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path

from benchmarks.requests import get
from benchmarks.timing import Measured, in_turns

ROUNDS = 15
PAGES = 40


def bare(_request: HttpRequest) -> HttpResponse:
    """The least a Django view can do."""
    return HttpResponse(b"ok")


urlpatterns = [path("bare/", bare)]


def run() -> list[tuple[str, Measured]]:
    """Pages without any cache, per request."""
    with override_settings(ROOT_URLCONF="benchmarks.pages", MIDDLEWARE=[]):
        bare_handler = WSGIHandler()
    handler = WSGIHandler()
    chosen = random.Random(6335)  # noqa: S311 - the same pages at every run
    numbers = [chosen.randrange(1024) for _ in range(PAGES)]

    def bare_views() -> None:
        with override_settings(ROOT_URLCONF="benchmarks.pages"):
            for _ in range(PAGES):
                get(bare_handler, "/bare/")

    def pages(template: str) -> Measured:
        return in_turns(
            bare_views,
            lambda: [get(handler, template.format(number)) for number in numbers],
            rounds=ROUNDS,
        )

    return [
        (title, pages(template))
        for title, template in (
            ("port page, uncached", "/tr/ports/{}/"),
            ("port page with an article, uncached", "/tr/ports/3440/"),
            ("front page, uncached", "/tr/"),
            ("search for a word", "/tr/search/?q=mail"),
        )
    ]
