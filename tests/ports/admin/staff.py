"""Members of staff with just the permissions or the roles that a test names."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from ports.models import User
from tests.ports.admin.forms import press
from tests.ports.writing import person


def member_of_staff(*codenames: str, name: str = "") -> Client:
    """Sign in a new member of staff who has these permissions and no others."""
    user = User.objects.create_user(name or f"staff-{User.objects.count()}", is_staff=True)
    permissions = Permission.objects.filter(content_type__app_label="ports", codename__in=codenames)
    assert permissions.count() == len(codenames), "a permission that there is not"
    user.user_permissions.set(permissions)
    return _signed_in(user)


def with_roles(name: str, *roles: str) -> Client:
    """Sign in a member of staff who has these roles (see `person`) and no permissions."""
    return _signed_in(person(name, *roles))


def publish_submitted(publisher: Client, page: str, *codes: str) -> Any:
    """Have what was submitted approved by a reviewer, and publish it, on its publishing page.

    English if no languages are named. The answer to the last of it, after redirects.
    """
    reviewer = with_roles("rev", "reviewer")
    answer = None
    for code in codes or ("en",):
        press(reviewer, page, "approve", code)
        answer = press(publisher, page, "publish", code)
    return answer


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
