"""Users in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ports.languages import LANGUAGES, SOURCE
from ports.models import Role, User


class WorkingLanguagesField(forms.MultipleChoiceField):
    """Boxes to tick for the working languages."""

    def __init__(self) -> None:
        super().__init__(
            label=capfirst(_("working languages")),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(each.code, each.name) for each in LANGUAGES if each is not SOURCE],
            help_text=User._meta.get_field("working_languages").help_text,
        )


class UserForm(UserChangeForm):
    """Django's own, with the working languages."""

    working_languages = WorkingLanguagesField()


class RoleInline(admin.TabularInline):
    """What the person may do to documents."""

    model = Role
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Django's own, with the preferred language."""

    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        (_("Language"), {"fields": ("preferred_language", "working_languages")}),
    )
    form = UserForm
    inlines = (RoleInline,)
    list_display = ("username", "email", "preferred_language", "is_staff", "is_active")
