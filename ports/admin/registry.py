"""The registry's facts in the admin: to be read there, never typed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_safe

from ports.admin.registry_files import download
from ports.models import Assignment, Snapshot


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only a registry refresh writes."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """The registry's records."""

    list_display = (
        "service_name",
        "port_cell",
        "transport",
        "status",
        "description",
        "registration_date",
    )
    list_filter = ("transport", "status")
    search_fields = ("=service_name", "description", "=port_cell")
    exclude = ("occurrence",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """The accepted states of the registry."""

    list_display = (
        "names_as_of",
        "origin",
        "record_count",
        "rejected_count",
        "accepted_at",
        "checked_at",
    )
    exclude = ("statistics", "file")
    change_form_template = "admin/ports/snapshot.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).defer("statistics")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.file_view))
        return [
            path("<int:snapshot_id>/file/", view, name="ports_snapshot_file"),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, snapshot_id: int) -> FileResponse:
        """The file as it was accepted."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        snapshot = get_object_or_404(Snapshot.objects.select_related("file"), pk=snapshot_id)
        return download(snapshot.file, f"registry-{snapshot_id}.csv")
