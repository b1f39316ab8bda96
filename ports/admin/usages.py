"""Usages and glosses in the admin: documents of their own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from ports.admin.claims import registry_row
from ports.admin.documents import DocumentAdmin, page_language
from ports.admin.part_forms import PartForm
from ports.admin.parts import language_fieldsets, part_inlines
from ports.editorial import page_content
from ports.editorial.parts import kind_of_part
from ports.languages import Language
from ports.models import Assignment, Document, Gloss, Usage
from ports.web.port_page import port_page
from ports.web.service_page import service_page


class GlossForm(PartForm):
    """A gloss, which explains a service that there is."""

    def clean_service_name(self) -> str:
        """The name as the registry spells it."""
        typed = self.cleaned_data["service_name"].strip()
        names = Assignment.objects.of_service(typed).values_list("service_name", flat=True)
        known = sorted(set(names), key=lambda name: name != typed)
        if not known:
            raise ValidationError(_("The registry has no service of this name."))
        return known[0]


class RootPartAdmin(DocumentAdmin):
    """A document whose own row holds texts, beside its sources."""

    form = PartForm

    def get_fieldsets(self, request: HttpRequest, _obj: Any = None) -> Any:
        kind = kind_of_part(self.document_kind, self.document_kind)
        return [(None, {"fields": list(kind.fields)}), *language_fieldsets(kind, request)]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = type(
            "RootPartForm",
            (self.form,),
            {
                "kind": kind_of_part(self.document_kind, self.document_kind),
                "editing": request.editing,  # type: ignore[attr-defined]
                # Nothing to withdraw: the document is unpublished as a whole.
                "withdrawn": None,
            },
        )
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, _request: HttpRequest, _obj: Any, form: Any, _change: Any) -> None:
        form.write()


@admin.register(Usage)
class UsageAdmin(RootPartAdmin):
    """What really uses a port or a span of ports."""

    document_kind = Document.Kind.USAGE
    inlines = part_inlines(Document.Kind.USAGE)
    list_display = ("name", "kind", "first_port", "last_port", "transport")
    list_filter = ("kind",)
    search_fields = ("name", "=first_port", "=last_port")

    def view_on_site(self, usage: Usage) -> str:
        return reverse("port", args=[page_language(), usage.first_port])

    def preview(self, request: HttpRequest, language: Language, document: Document) -> HttpResponse:
        number = document.usage.first_port if document.usage else 0
        documents = page_content.on_port(number, language, preview=document)
        return port_page(request, language, number, documents, is_preview=True)


@admin.register(Gloss)
class GlossAdmin(RootPartAdmin):
    """Services in plain language."""

    document_kind = Document.Kind.GLOSS
    form = GlossForm
    inlines = part_inlines(Document.Kind.GLOSS)
    list_display = ("service_name",)
    search_fields = ("service_name",)

    def view_on_site(self, gloss: Gloss) -> str:
        return reverse("service", args=[page_language(), gloss.service_name])

    def form_context(self, obj: Any) -> dict[str, Any]:
        if obj is None:
            return {}
        records = Assignment.objects.of_service(obj.service_name).order_by("id")
        return {"registry_rows": list(map(registry_row, records))}

    def preview(self, request: HttpRequest, language: Language, document: Document) -> HttpResponse:
        name = document.gloss.service_name if document.gloss else ""
        records = list(Assignment.objects.of_service(name))
        documents = page_content.on_service(name, language, preview=document)
        return service_page(request, language, name, records, documents, is_preview=True)
