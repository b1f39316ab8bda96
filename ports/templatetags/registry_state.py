"""How the registry stands, on the first page of the admin."""

from typing import Any

from django import template

from ports.admin import run_texts
from ports.admin.refresh_runs import REQUEST, may_view_runs
from ports.admin.registry_state import registry_state as state_now

register = template.Library()


@register.inclusion_tag("admin/ports/registry_state.html", takes_context=True)
def registry_state(context: template.Context) -> dict[str, Any]:
    """How the registry stands, for staff who may view its refreshes; nothing for others."""
    user = context["user"]
    if not may_view_runs(user):
        return {}
    state = state_now()
    return {
        "state": state,
        "checked": run_texts.moment(state.checked_at) if state.checked_at else "",
        "reason": run_texts.reason_sentence(state.unsuccessful) if state.unsuccessful else "",
        "may_request": user.has_perm(REQUEST),
    }
