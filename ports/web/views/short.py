"""Short addresses of ports and services, as people type them: /3440, /ssh, /3440.txt.

Who takes HTML is led to the page; all others are given it as plain text. An address that ends with
`.txt` is plain text for everyone, unless it is the whole name of a service.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from ports.change_facts import name_before
from ports.editorial import page_content
from ports.models import Assignment, RegistryChange
from ports.web import errors
from ports.web.middleware import requested
from ports.web.site_roots import is_own
from ports.web.text_pages import answers
from ports.web.text_pages.port import port_text
from ports.web.text_pages.service import gone_service_text, service_text
from ports.web.views.home import lead_to

type View = Callable[..., HttpResponse]


def _in_text(view: View) -> View:
    """A view whose problems are told in plain text."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except answers.InvalidQueryError as error:
            return answers.bad_request(request, error)
        except Http404:
            return answers.not_found(request)

    return answer


def _for_browsers(text: View) -> Callable[[View], View]:
    """A view of those who take HTML; all others get `text`."""

    def chosen(page: View) -> View:
        @wraps(page)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                view = page if answers.prefers_html(request) else text
                response = view(request, *args, **kwargs)
            except Http404 as missing:
                response = errors.not_found(request, missing)
            patch_vary_headers(response, ["Accept"])
            return response

        return answer

    return chosen


@require_safe
@_in_text
def port_as_text(request: HttpRequest, number: int, ending: str = "") -> HttpResponse:  # noqa: ARG001 - its name in the address
    """A port, for a terminal."""
    is_coloured, language = answers.is_coloured(request), requested(request)
    documents = page_content.on_port(number, language)
    text, is_translated = port_text(language, number, documents, is_coloured=is_coloured)
    return answers.text_page(
        text,
        language,
        canonical=reverse("port", args=[language, number]),
        is_translated=is_translated,
    )


@require_safe
@_for_browsers(port_as_text)
def port(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to the page of a port in the reader's language."""
    return lead_to(reverse("port", args=[requested(request), number]))


@require_safe
def port_without_zeros(request: HttpRequest, number: int, ending: str = "") -> HttpResponse:
    """Lead to the short address of a port that was written with zeros before it."""
    query = request.META.get("QUERY_STRING", "")
    address = f"/{number}{ending}?{query}" if query else f"/{number}{ending}"
    return HttpResponsePermanentRedirect(address)


@require_safe
@_for_browsers(port_without_zeros)
def padded_port(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to the page of a port that was written with zeros before it."""
    return port(request, number)


@require_safe
@_in_text
def _service_as_text(request: HttpRequest, name: str) -> HttpResponse:
    is_coloured, language = answers.is_coloured(request), requested(request)
    name = name.removesuffix("/")
    if "\x00" in name:
        raise Http404
    records = list(Assignment.objects.of_service(name))
    if not records:
        return _gone_service_as_text(request, name)
    spelt = _spelt(name, [record.service_name for record in records])
    text, is_translated = service_text(
        language,
        spelt,
        records,
        page_content.on_service(spelt, language),
        is_coloured=is_coloured,
    )
    return answers.text_page(
        text,
        language,
        canonical=reverse("service", args=[language, spelt]),
        is_translated=is_translated,
    )


@require_safe
def service_as_text(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """A service, withdrawn ones too, for a terminal."""
    if is_own(f"{name}{ending}"):
        raise Http404
    if published(f"{name}{ending}"):
        return service(request, f"{name}{ending}")
    return _service_as_text(request, name)


@require_safe
@_for_browsers(_service_as_text)
def service(request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the page of a service, withdrawn ones too, in the reader's language."""
    found = published(name.removesuffix("/"))
    if not found:
        raise Http404
    return lead_to(reverse("service", args=[requested(request), found]))


def published(name: str) -> str:
    """The name as the registry spells it, or spelled it last; "" for one that it never had."""
    if "\x00" in name:
        return ""
    names = list(Assignment.objects.of_service(name).values_list("service_name", flat=True))
    for change in RegistryChange.objects.of_service(name)[:1] if not names else ():
        names = [change.service_name, change.former_name]
    return _spelt(name, names)


def _gone_service_as_text(request: HttpRequest, name: str) -> HttpResponse:
    changes = list(RegistryChange.objects.of_service(name).newest_first().with_snapshots())
    spelt = _spelt(name, [name_before(change) for change in changes])
    if not spelt:
        raise Http404
    language = requested(request)
    return answers.text_page(
        gone_service_text(language, spelt, changes, is_coloured=answers.is_coloured(request)),
        language,
        canonical=reverse("service", args=[language, spelt]),
        status=HTTPStatus.GONE,
    )


def _spelt(name: str, names: list[str]) -> str:
    """Which of these names is meant: the one that is spelt the same, or else the first alike."""
    alike = [found for found in names if found.lower() == name.lower()]
    return name if name in alike else next(iter(alike), "")
