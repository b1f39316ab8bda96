"""The page of a port."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ports.editorial import page_content
from ports.languages import Language
from ports.web.port_page import port_page


@require_safe
def port(request: HttpRequest, language: Language, number: int) -> HttpResponse:
    """One port, 0..65535."""
    return port_page(request, language, number, page_content.on_port(number, language))
