"""Members of staff with just the permissions that a test names."""

from django.contrib.auth.models import Permission
from django.test import Client

from ports.models import User


def member_of_staff(*codenames: str, name: str = "") -> Client:
    """Sign in a new member of staff who has these permissions and no others."""
    user = User.objects.create_user(name or f"staff-{User.objects.count()}", is_staff=True)
    permissions = Permission.objects.filter(content_type__app_label="ports", codename__in=codenames)
    assert permissions.count() == len(codenames), "a permission that there is not"
    user.user_permissions.set(permissions)
    client = Client()
    client.force_login(user)
    return client
