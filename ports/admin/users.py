"""Users in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from ports.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Django's own, with the preferred language."""

    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        (_("Language"), {"fields": ("preferred_language",)}),
    )
    list_display = ("username", "email", "preferred_language", "is_staff", "is_active")
