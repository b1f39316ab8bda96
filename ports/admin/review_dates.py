"""When a document is to be looked at again, on its publishing page."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _

from ports import publishing
from ports.admin.editing import editor
from ports.models import Document

ACTION = "plan_review"


def plan_review(request: HttpRequest, document: Document) -> None:
    """Plan or call off a review as was asked for, and say what came of it.

    Raises PermissionDenied.
    """
    said = request.POST.get("review_on", "").strip()
    try:
        on = date.fromisoformat(said) if said else None
        publishing.plan_review(document=document, on=on, by=editor(request))
    except ValueError:  # no day, or one that is past
        messages.error(request, _("Nothing was planned: the day must not be past."))
        return
    if on is None:
        messages.success(request, _("No day is planned on which to look at it again."))
        return
    told = _("Planned to be looked at again on this day: %(day)s.")
    messages.success(request, told % {"day": formats.date_format(on, "DATE_FORMAT")})
