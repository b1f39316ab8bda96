"""What pages of the admin ask of those who open them: their roles."""

from typing import Any

from django.http import HttpRequest

from ports import roles
from ports.admin.editing import editor
from ports.languages import SOURCE
from ports.models import User
from ports.roles import Deed


class ReadByRoles:
    """Whoever has a role reads."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and roles.has_any(request.user)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return self.has_module_permission(request)


class RolePermissions(ReadByRoles):
    """Whoever has a role reads; who writes in a language changes; who writes English adds."""

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return bool(roles.languages(editor(request), Deed.WRITE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return roles.may(editor(request), Deed.WRITE, SOURCE)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
