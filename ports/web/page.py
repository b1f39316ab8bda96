"""What every public page shares: its language, its address in the other languages, its headers."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ports.languages import SOURCE, Language
from ports.web.language_links import alternates, switcher

# Fresh at the reader's every visit (with an ETag), a minute old at most in a cache in front; an
# hour old only while the site does not answer.
CACHE_CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600"

# Answers that tell something of the address asked for, and may be kept as long as any page.
_LASTING = {HTTPStatus.OK, HTTPStatus.GONE}


def page(
    request: HttpRequest,
    language: Language,
    template: str,
    context: dict[str, Any],
    *,
    path: str = "",
    query: str = "",
    elsewhere: str = "",
    indexable: bool = True,
    is_translated: bool = True,
    status: int = 200,
) -> HttpResponse:
    """A public page in `language`, the same bytes for everyone.

    `path` is the page's own where the request has another (a preview's); `query` is the part of the
    address after "?" that belongs to it. `elsewhere` is what the switcher leads to, after the
    language, where a page has no counterpart in the other languages.

    `indexable` says whether search engines should list it; a page that shows an error is not listed
    anyway. `is_translated` is false where some of its texts are in the source language.
    """
    prefix = f"/{language.code}/"
    path = path or request.get_full_path().partition("?")[0]
    rest = path.removeprefix(prefix) if path.startswith(prefix) else ""
    if query:
        rest = f"{rest}?{query}"
    shown = status == 200
    response = render(
        request,
        template,
        {
            **context,
            "language": language,
            "switcher": switcher(language, elsewhere or rest),
            "alternates": alternates(settings.SITE_URL, rest) if shown and not elsewhere else "",
            "canonical": f"{settings.SITE_URL}/{language.code}/{rest}",
            "indexable": indexable and shown,
        },
        status=status,
    )
    if not is_translated:
        response.headers["Content-Language"] = f"{language.tag}, {SOURCE.tag}"
    response.headers["Cache-Control"] = CACHE_CONTROL if status in _LASTING else "no-store"
    return response
