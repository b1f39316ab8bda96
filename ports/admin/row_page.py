"""Pages of their own for rows that are only read, in place of Django's form."""

from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ports.admin.registry import ReadOnlyAdmin


class SeeOther(HttpResponseRedirect):
    """On to a page that is fetched with GET, so that reloading it does nothing again."""

    status_code = 303


class Fact(NamedTuple):
    """A line of a page, its value text or HTML.

    A script keeps `live` ones up to date: it is the name of the text that stands there.
    """

    label: str
    value: str
    live: str = ""


class RowPageAdmin(ReadOnlyAdmin):
    """Rows with a page of their own."""

    page_template: ClassVar[str]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page shows of a row."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row) or request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        if row is None:
            raise Http404
        return self.page(request, row, **(extra_context or {}))

    def page(self, request: HttpRequest, row: Any, **context: Any) -> HttpResponse:
        """A row's page."""
        return TemplateResponse(
            request,
            self.page_template,
            {
                **self.admin_site.each_context(request),
                "title": capfirst(self.opts.verbose_name),
                "subtitle": str(row),
                "opts": self.opts,
                "original": row,
                **self.page_context(request, row),
                **context,
            },
        )

    def address(self, view: str, *args: Any) -> str:
        """The address of one of the admin's pages on rows of this kind."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)


def label_of(model: type[Model], field: str) -> str:
    """The name of a field as a label of its own."""
    return capfirst(str(model._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def fact(model: type[Model], field: str, value: str, live: str = "") -> Fact:
    """A line that is named as a field is."""
    return Fact(label_of(model, field), value, live)


def link(row: Model, *, view: bool) -> SafeString:
    """A row by its name, as a link to its page in the admin for those who may view it."""
    if not view:
        return format_html("{}", row)
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), row)
