"""The matrix: how far every document has come in every language, on one screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ports import roles
from ports.admin.editing import editor
from ports.admin.matrix_states import OUTDATED, SIGNS, EditionRow, Sign, in_state, states_of
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Assignment, Document, Edition

PAGE_LENGTH: Final = 50
LONGEST_SEARCH: Final = 200


class Cell(NamedTuple):
    """A document in a language: its states, and where to work on it."""

    language: Language
    signs: list[Sign]
    address: str


class Row(NamedTuple):
    """A document by its kind and its name, with a cell for each language."""

    kind: str
    name: str
    address: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks the matrix for. `chosen` are the languages asked for; none means all."""

    search: str
    kind: str
    state: str
    chosen: list[Language]

    @property
    def languages(self) -> list[Language]:
        return self.chosen or list(LANGUAGES)

    def documents(self) -> QuerySet[Document]:
        """The documents asked for: ports by number, then usages, then glosses by name."""
        found = Document.objects.order_by(
            F("port_id").asc(nulls_last=True),
            F("usage__first_port").asc(nulls_last=True),
            "usage__name",
            "gloss__service_name",
            "pk",
        )
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.search:
            found = found.filter(_named(self.search))
        return in_state(found, self.state, self.languages) if self.state else found


def _named(search: str) -> Q:
    """Documents by the number of a port, or by a name."""
    if search.isascii() and search.isdigit():
        number = int(search[:6])
        return Q(port=number) | Q(usage__first_port__lte=number, usage__last_port__gte=number)
    of_service = Assignment.objects.of_service(search).filter(first_port=F("last_port"))
    return (
        Q(usage__name__icontains=search)
        | Q(gloss__service_name__icontains=search)
        | Q(port__in=of_service.values("first_port"))
    )


def wanted(asked: QueryDict) -> Wanted:
    """What an address asks for; what is not known counts as not asked."""
    kind, state = asked.get("kind", ""), asked.get("state", "")
    codes = set(asked.getlist("language"))
    return Wanted(
        search=asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        kind=kind if kind in Document.Kind.values else "",
        state=state if state == OUTDATED or state in SIGNS else "",
        chosen=[language for language in LANGUAGES if language.code in codes],
    )


def rows(documents: Iterable[Document], languages: list[Language]) -> list[Row]:
    """These documents with their cells. Two queries at most."""
    listed = list(documents)
    editions = (
        Edition.objects.filter(
            document__in=[document.pk for document in listed],
            language__in=[language.code for language in languages],
        )
        .annotate(is_planned=Q(live_from__isnull=False) | Q(live_until__isnull=False))
        .values_list(*EditionRow._fields, named=False)
    )
    found = map(EditionRow._make, editions)
    by_place = {(edition.document_id, edition.language): edition for edition in found}
    return [_row(document, languages, by_place) for document in listed]


def _row(
    document: Document,
    languages: list[Language],
    by_place: dict[tuple[int, str], EditionRow],
) -> Row:
    kind, pk = document.kind, document.owner[1]
    cells = [
        Cell(
            language,
            [SIGNS[state] for state in states_of(by_place.get((document.pk, language.code)))],
            reverse(f"admin:ports_{kind}_change", args=[pk])
            if language is SOURCE
            else reverse(f"admin:ports_{kind}_translate", args=[pk, language.code]),
        )
        for language in languages
    ]
    return Row(
        _kinds()[kind], _name(document), reverse(f"admin:ports_{kind}_publishing", args=[pk]), cells
    )


def _name(document: Document) -> str:
    if document.usage:
        return document.usage.name
    return document.gloss.service_name if document.gloss else str(document.port_id)


def _kinds() -> dict[str, str]:
    # Translators: what an article is about.
    return {
        Document.Kind.PORT.value: pgettext("kind of document", "Port"),
        Document.Kind.USAGE.value: pgettext("kind of document", "Usage"),
        Document.Kind.GLOSS.value: pgettext("kind of document", "Gloss"),
    }


@admin.register(Document)
class MatrixAdmin(admin.ModelAdmin):
    """The matrix, which is all that the admin shows of documents as such."""

    def get_model_perms(self, _request: HttpRequest) -> dict[str, bool]:
        """None of Django's: a list of documents is nothing to be found among the models."""
        return {}

    def get_urls(self) -> list[Any]:
        view = require_safe(self.matrix_view)
        return [
            path("matrix/", self.admin_site.admin_view(view), name="ports_document_matrix"),
        ]

    def matrix_view(self, request: HttpRequest) -> HttpResponse:
        """The documents that are asked for, 50 on a page."""
        if not roles.has_any(editor(request)):
            raise PermissionDenied
        asked = wanted(request.GET)
        documents = (
            asked.documents()
            .select_related("usage", "gloss")
            .only("kind", "port", "usage__name", "gloss__service_name")
        )
        page = Paginator(documents, PAGE_LENGTH).get_page(request.GET.get("page"))
        return TemplateResponse(
            request,
            "admin/ports/matrix.html",
            {
                **self.admin_site.each_context(request),
                # A wide table needs the room.
                "is_nav_sidebar_enabled": False,
                "title": _("All translations"),
                "asked": asked,
                "page": page,
                "rows": rows(page.object_list, asked.languages),
                "kinds": _kinds(),
                "signs": SIGNS.values(),
                "all_languages": LANGUAGES,
            },
        )
