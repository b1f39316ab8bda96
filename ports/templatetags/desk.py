"""What waits for an editor, on the first page of the admin."""

from typing import Any

from django import template

from ports import roles
from ports.desk import READS_DAYS, desk_of
from ports.models import User

register = template.Library()


@register.inclusion_tag("admin/ports/desk.html", takes_context=True)
def desk(context: template.Context) -> dict[str, Any]:
    """What waits for somebody who has a role; nothing for others."""
    user = context["user"]
    if not (isinstance(user, User) and roles.has_any(user)):
        return {}
    found = desk_of(user)
    return {
        "has_role": True,
        "waiting": found.waiting,
        "count": found.in_all,
        "is_cut": found.in_all > len(found.waiting),
        "reads_days": READS_DAYS,
    }


@register.inclusion_tag("admin/ports/matrix_link.html", takes_context=True)
def matrix_link(context: template.Context) -> dict[str, Any]:
    """The way to the matrix, for somebody who has a role; nothing for others."""
    user = context["user"]
    return {"has_role": isinstance(user, User) and roles.has_any(user)}
