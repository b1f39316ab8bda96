"""Ports in the admin: the registry's rows to be read, what editors write to be edited."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ports.admin.claims import registry_row
from ports.admin.documents import DocumentAdmin, page_language
from ports.admin.parts import part_inlines
from ports.editorial import page_content
from ports.languages import Language
from ports.models import Assignment, Document, Edition, Port, Usage
from ports.web.port_page import port_page


def _editions() -> QuerySet[Edition]:
    return Edition.objects.filter(document__port=OuterRef("pk"))


def _is_live() -> Exists:
    return Exists(_editions().filter(live_revision__isnull=False))


def _has_draft() -> Exists:
    """Whether publishing would change something, in some language."""
    return Exists(
        _editions().filter(
            Q(live_revision__isnull=True) | ~Q(live_revision__digest=F("latest_revision__digest"))
        )
    )


class EditionFilter(admin.SimpleListFilter):
    """Ports with an article that is live, or with drafts that are not."""

    title = _("article")
    parameter_name = "article"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("live", _("published")), ("draft", _("with unpublished changes"))]

    def queryset(self, _request: HttpRequest, ports: QuerySet[Port]) -> QuerySet[Port]:
        if self.value() == "live":
            return ports.filter(_is_live())
        if self.value() == "draft":
            return ports.filter(_has_draft())
        return ports


@admin.register(Port)
class PortAdmin(DocumentAdmin):
    """The ports: their statuses come from the registry, their articles from editors."""

    document_kind = Document.Kind.PORT
    inlines = part_inlines(Document.Kind.PORT)
    fields = (("tcp_status", "udp_status", "sctp_status", "dccp_status"),)
    readonly_fields = ("tcp_status", "udp_status", "sctp_status", "dccp_status")
    list_display = ("number", "tcp_status", "udp_status", "article")
    list_filter = (EditionFilter, "tcp_status", "udp_status")
    search_fields = ("=number",)
    search_help_text = _("A port number, or the name of a service")
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Port]:
        return super().get_queryset(request).annotate(is_live=_is_live(), has_draft=_has_draft())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Port], search_term: str
    ) -> tuple[QuerySet[Port], bool]:
        if search_term and not search_term.isdigit():
            named = Assignment.objects.of_service(search_term).filter(first_port=F("last_port"))
            return queryset.filter(number__in=named.values("first_port")), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("article"), empty_value="–")
    def article(self, port: Port) -> str | None:
        if port.is_live:  # type: ignore[attr-defined]
            if port.has_draft:  # type: ignore[attr-defined]
                return gettext("published, with unpublished changes")
            return gettext("published")
        return gettext("draft") if port.has_draft else None  # type: ignore[attr-defined]

    def view_on_site(self, port: Port) -> str:
        return reverse("port", args=[page_language(), port.number])

    def save_model(self, _request: HttpRequest, _obj: Any, _form: Any, _change: Any) -> None:
        """Keep out of the registry's facts: only a refresh writes them."""

    def form_context(self, obj: Any) -> dict[str, Any]:
        if obj is None:
            return {}
        return {
            "registry_rows": [
                registry_row(record)
                for record in Assignment.objects.covering(obj.number).order_by("id")
            ],
            "usages": Usage.objects.filter(
                first_port__lte=obj.number, last_port__gte=obj.number
            ).only("name", "kind", "first_port", "last_port"),
        }

    def preview(self, request: HttpRequest, language: Language, document: Document) -> HttpResponse:
        number = document.port_id or 0
        documents = page_content.on_port(number, language, preview=document)
        return port_page(request, language, number, documents, is_preview=True)
