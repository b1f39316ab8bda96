"""The page of a port."""

from html import unescape

from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from ports import sentences
from ports.check_commands import EXAMPLE_HOST, commands_for
from ports.languages import Language
from ports.port_facts import port_facts
from ports.web.page import page


@require_safe
def port(request: HttpRequest, language: Language, number: int) -> HttpResponse:
    """One port, 0..65535."""
    facts = port_facts(number)
    answer = sentences.answer(facts)
    return page(
        request,
        language,
        "ports/port.html",
        {
            "facts": facts,
            "answer": answer,
            "description": unescape(strip_tags(answer)),
            "range_name": sentences.range_name(facts.range),
            "commands": commands_for(number, speaks_tls=facts.speaks_tls),
            "example_host": EXAMPLE_HOST,
            "snapshot": facts.snapshot,
        },
        indexable=not facts.says_nothing,
    )
