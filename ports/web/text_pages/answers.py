"""Answers in plain text: what may be asked of them, and their headers."""

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ports.languages import LANGUAGES, SOURCE, Language, from_tag
from ports.web.middleware import requested
from ports.web.page import CACHE_CONTROL
from ports.web.text_pages.sheet import Sheet

_PARAMETERS: Final = ("color", "lang")
_COLOURS: Final = {"": True, "1": True, "0": False}
_EXAMPLES: Final = ("/3440", "/ssh", "/3440.txt", "/3440.json", "/ssh?lang=tr", "/ssh?color")
_LONGEST_SHOWN: Final = 100


class InvalidQueryError(ValueError):
    """A parameter that a text page does not take, or not with this value; its text names it."""

    def __init__(self, parameter: str, sentence: str) -> None:
        is_long = len(parameter) > _LONGEST_SHOWN
        shown = f"{parameter[:_LONGEST_SHOWN]}…" if is_long else parameter
        super().__init__(f"{shown}: {sentence}")


def prefers_html(request: HttpRequest) -> bool:
    """Whether a client says that it takes HTML, as browsers do; `*/*` says nothing of the kind."""
    taken = {(media.main_type, media.sub_type) for media in request.accepted_types}
    return ("text", "html") in taken


def is_coloured(request: HttpRequest) -> bool:
    """Whether colours are asked for; raises InvalidQueryError for all that is not understood."""
    for name, values in request.GET.lists():
        if name not in _PARAMETERS:
            known = _("This parameter is not known here. These are: %(names)s.")
            raise InvalidQueryError(name, known % {"names": ", ".join(_PARAMETERS)})
        if len(values) > 1:
            raise InvalidQueryError(name, _("This parameter may be given once only."))
    if "lang" in request.GET and from_tag(request.GET["lang"]) is None:
        languages = _("This site has no such language. These are: %(languages)s.")
        tags = ", ".join(language.tag for language in LANGUAGES)
        raise InvalidQueryError("lang", languages % {"languages": tags})
    said = request.GET.get("color", "0")
    if said not in _COLOURS:
        raise InvalidQueryError("color", _("This must be one of: %(values)s.") % {"values": "0, 1"})
    return _COLOURS[said]


def text_page(
    text: str,
    language: Language,
    *,
    canonical: str,
    is_translated: bool = True,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """A text, of which the page at the path `canonical` is the form for browsers."""
    tags = language.tag if is_translated else f"{language.tag}, {SOURCE.tag}"
    return _plain(
        text,
        status,
        {
            "Content-Language": tags,
            "Cache-Control": CACHE_CONTROL,
            "Link": f'<{settings.SITE_URL}{canonical}>; rel="canonical"',
        },
    )


def bad_request(request: HttpRequest, error: InvalidQueryError) -> HttpResponse:
    """What was not understood in an address."""
    return _problem(request, HTTPStatus.BAD_REQUEST, _("Request not understood"), str(error))


def not_found(request: HttpRequest) -> HttpResponse:
    """That there is neither a port nor a service at an address, and what there is."""
    return _problem(
        request,
        HTTPStatus.NOT_FOUND,
        _("Page not found"),
        _("There is no page at this address. Port numbers run from 0 to 65535."),
    )


def _problem(request: HttpRequest, status: HTTPStatus, title: str, message: str) -> HttpResponse:
    sheet = Sheet()
    sheet.title(title)
    sheet.gap()
    sheet.paragraph(message)
    sheet.gap()
    for example in _EXAMPLES:
        sheet.address(f"{settings.SITE_URL}{example}")
    return _plain(
        sheet.text(is_coloured=False),
        status,
        {"Content-Language": requested(request).tag, "Cache-Control": "no-store"},
    )


def _plain(text: str, status: HTTPStatus, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="text/plain; charset=utf-8", headers=headers
    )
