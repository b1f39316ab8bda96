"""The registry's facts in the admin: to be read there, never typed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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
    exclude = ("fingerprint", "occurrence")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """The accepted states of the registry."""

    list_display = ("names_as_of", "origin", "record_count", "rejected_count", "accepted_at")
    exclude = ("statistics",)
