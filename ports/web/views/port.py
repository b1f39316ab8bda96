"""The page of a port."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ports import reads
from ports.editorial import page_content
from ports.languages import Language
from ports.web.port_page import port_page

_FETCHED_AHEAD: Final = "prefetch"


@require_safe
def port(request: HttpRequest, language: Language, number: int) -> HttpResponse:
    """One port, 0..65535."""
    response = port_page(request, language, number, page_content.on_port(number, language))
    if _is_read(request):
        reads.count(number, language)
    return response


def _is_read(request: HttpRequest) -> bool:
    """Whether somebody sees the page: a browser may only fetch it in case they will."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose"))
    return request.method == "GET" and not any(_FETCHED_AHEAD in each.lower() for each in purposes)
