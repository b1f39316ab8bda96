"""The pages that people who write programs read, in English as programs are."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from rest_framework.renderers import BaseRenderer, StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ports.api.addresses import own_path, site_url
from ports.api.manual import manual
from ports.api.problem_types import TYPES
from ports.api.reference import reference
from ports.api.resource import Open
from ports.api.validators import CACHE_CONTROL
from ports.languages import SOURCE
from ports.web.language_links import switcher


class Page(Open):
    """A page in English, whatever form or language is asked for: it has no other."""

    renderer_classes = (StaticHTMLRenderer,)
    template: ClassVar[str]

    def context(self) -> dict[str, Any]:
        """What the template shows; raises Http404."""
        raise NotImplementedError

    def get(self, request: Request, **_kwargs: Any) -> HttpResponseBase:
        with translation.override(SOURCE.code):
            shown = {
                **self.context(),
                "language": SOURCE,
                "switcher": switcher(SOURCE, ""),
                "canonical": site_url(own_path(request)),
                "indexable": True,
            }
            html = render_to_string(self.template, shown, request._request)
        headers = {"Content-Language": SOURCE.tag, "Cache-Control": CACHE_CONTROL}
        return Response(html, headers=headers)

    def perform_content_negotiation(
        self,
        request: Request,  # noqa: ARG002 - DRF's name
        force: bool = False,  # noqa: ARG002 - DRF's name
    ) -> tuple[BaseRenderer, str]:
        renderer = StaticHTMLRenderer()
        return renderer, renderer.media_type


class Reference(Page):
    """What there is at each address, what it takes and how it answers."""

    template = "api/reference.html"

    def context(self) -> dict[str, Any]:
        return {
            "manual": manual(),
            "reference": reference(settings.SITE_URL),
            "root": site_url("/api/v1/"),
            "problem_types": TYPES.values(),
        }


class ProblemPage(Page):
    """What a kind of problem means, and what to do about it."""

    template = "api/problem.html"

    def context(self) -> dict[str, Any]:
        kind = TYPES.get(self.kwargs["slug"])
        if kind is None:
            raise Http404
        return {"kind": kind}
