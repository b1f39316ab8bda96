"""Pages that say what went wrong, in the reader's language."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ports.languages import LANGUAGES, SOURCE
from ports.web.middleware import requested
from ports.web.page import page


def problem(request: HttpRequest, *, status: int, title: str, message: str) -> HttpResponse:
    """A page that names one problem and says what to do."""
    return page(
        request,
        requested(request),
        "ports/problem.html",
        {"title": title, "message": message},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - its name for Django
    return problem(
        request,
        status=400,
        title=_("Request not understood"),
        message=_("Something in this request is malformed. Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - its name for Django
    return problem(
        request,
        status=403,
        title=_("Not allowed"),
        message=_("This page may not be opened this way."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - its name for Django
    return problem(
        request,
        status=404,
        title=_("Page not found"),
        message=_("There is no page at this address. Port numbers run from 0 to 65535."),
    )


def server_error(_request: HttpRequest) -> HttpResponse:
    """A page that needs neither database nor language, for when either has failed."""
    return HttpResponseServerError(
        render_to_string("500.html", {"language": SOURCE, "languages": LANGUAGES})
    )
