"""Search by number, service name or description."""

import unicodedata

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ports.languages import Language
from ports.models import Snapshot
from ports.search import LONGEST_QUERY, as_port, find_services, port_words
from ports.web.errors import problem
from ports.web.page import page

PAGE_SIZE = 50


@require_safe
def search(request: HttpRequest, language: Language) -> HttpResponse:
    """What a query finds; a query that names a port leads straight to its page."""
    query = request.GET.get("q", "").strip()
    if len(query) > LONGEST_QUERY:
        return problem(
            request,
            status=400,
            title=_("Search text too long"),
            message=_("Most characters a search text may have: %(number)s.")
            % {"number": LONGEST_QUERY},
        )
    if any(unicodedata.category(character) == "Cc" for character in query):
        return problem(
            request,
            status=400,
            title=_("Search text not readable"),
            message=_("The search text holds control characters. Type it anew."),
        )
    named_port = as_port(query, port_words=port_words())
    if named_port and named_port.exists:
        fragment = f"#{named_port.transport}" if named_port.transport else ""
        return redirect(reverse("port", args=[language, named_port.number]) + fragment)
    paginator = Paginator([] if named_port else find_services(query), PAGE_SIZE)
    hits = paginator.get_page(request.GET.get("page"))
    return page(
        request,
        language,
        "ports/search.html",
        {
            "query": query,
            "no_such_port": named_port,
            "hits": hits,
            "page_query": urlencode({"q": query}) + "&",
            "snapshot": Snapshot.objects.current(),
        },
        query=request.GET.urlencode(),
        indexable=False,
    )
