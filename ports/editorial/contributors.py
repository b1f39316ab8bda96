"""Who wrote what readers see on a page, as the licence of the texts (CC BY) wants it said."""

from typing import Final, NamedTuple

from django.db.models import F, Min, Q

from ports.editorial.page_content import LiveDocument
from ports.languages import SOURCE, Language
from ports.models import Document, Revision

OF_THE_PROGRAM: Final = "Portsite"
"""Who wrote the texts that come with the program."""


class Contributors(NamedTuple):
    """The names of those who wrote the texts of a page and who translated them, the first first.

    `has_history` says that there is an article on it, whose versions can be looked at.
    """

    writers: list[str]
    translators: list[str]
    has_history: bool


def contributors(documents: list[LiveDocument], language: Language) -> Contributors | None:
    """Who contributed to what is live of these documents; None where there is nothing.

    One query, where there is something.
    """
    if not documents:
        return None
    translated = [document.id for document in documents if _is_in(document, language)]
    shown = Q(
        edition__document__in=[document.id for document in documents],
        edition__language=SOURCE.code,
    ) | Q(edition__document__in=translated, edition__language=language.code)
    rows = (
        Revision.objects.filter(shown, number__lte=F("edition__live_revision__number"))
        .values_list(
            "edition__language",
            "created_by__first_name",
            "created_by__last_name",
            "created_by__username",
        )
        .annotate(first=Min("id"))
        .order_by("first")
    )
    names: dict[bool, list[str]] = {True: [], False: []}
    for code, first_name, last_name, username, _first in rows:
        names[code == SOURCE.code].append(name_of(first_name, last_name, username))
    return Contributors(
        writers=list(dict.fromkeys(names[True])),
        translators=list(dict.fromkeys(names[False])),
        has_history=any(document.kind == Document.Kind.PORT for document in documents),
    )


def name_of(first_name: str | None, last_name: str | None, username: str | None) -> str:
    """The full name of somebody, or else the one they sign in with; None: nobody of the site."""
    full_name = f"{first_name or ''} {last_name or ''}".strip()
    return full_name or username or OF_THE_PROGRAM


def _is_in(document: LiveDocument, language: Language) -> bool:
    """Whether some of a document is shown in a language that it was translated into."""
    return language is not SOURCE and any(
        text.language is language for part in document.parts for text in part.texts.values()
    )
