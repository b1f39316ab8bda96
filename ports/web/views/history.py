"""The revision history of a port's article, and its versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ports.editorial.revision_history import histories
from ports.editorial.version_texts import texts_of
from ports.languages import SOURCE, Language
from ports.models import Snapshot
from ports.web.page import page
from ports.web.version_in_words import changes, parts


@require_safe
def history(request: HttpRequest, language: Language, number: int) -> HttpResponse:
    """What readers saw of a port's article and when, in a language and in English."""
    found = histories(number, language)
    if not found:
        raise Http404
    return page(
        request,
        language,
        "ports/history.html",
        {"number": number, "histories": found, "snapshot": Snapshot.objects.current()},
        indexable=any(each.versions for each in found),
    )


@require_safe
def version(request: HttpRequest, language: Language, number: int, version: int) -> HttpResponse:
    """A revision that was live: what it changed, and its texts as they were written."""
    by_language = {each.language: each for each in histories(number, language)}
    own, source = by_language.get(language), by_language.get(SOURCE)
    shown = own.version(version) if own else None
    if own is None or source is None or shown is None:
        raise Http404
    texts = texts_of(shown, own, source)
    return page(
        request,
        language,
        "ports/version.html",
        {
            "number": number,
            "version": shown,
            "parts": parts(texts.fields, language),
            "changes": changes(texts.differences, language),
            "snapshot": Snapshot.objects.current(),
        },
        elsewhere=reverse("port-history", args=[language, number]).removeprefix(
            f"/{language.code}/"
        ),
        indexable=False,
    )
