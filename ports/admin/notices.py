"""The e-mails to people, for superusers: a mail server that takes none is seen here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.admin.registry import ReadOnlyAdmin
from ports.models import Notice

# Translators: these seven say what an e-mail to an editor is about.
_KINDS = {
    Notice.Kind.SUBMITTED: pgettext_lazy("kind of e-mail", "A text to review"),
    Notice.Kind.CHANGES_REQUESTED: pgettext_lazy("kind of e-mail", "A text to change"),
    Notice.Kind.APPROVED: pgettext_lazy("kind of e-mail", "A text to publish"),
    Notice.Kind.COMMENTED: pgettext_lazy("kind of e-mail", "A comment"),
    Notice.Kind.WORK_ITEM: pgettext_lazy("kind of e-mail", "A work item"),
    Notice.Kind.DIGEST: pgettext_lazy("kind of e-mail", "Daily list"),
    Notice.Kind.PASSWORD_RESET: pgettext_lazy("kind of e-mail", "New password"),
}


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What was sent, and what could not be sent so far and why."""

    list_display = ("told", "about", "created", "sent", "tries", "next_try", "why_not")
    list_display_links = None
    ordering = ("-id",)
    list_select_related = ("to",)
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # There is a list alone: a notice has no page of its own.
        return obj is None and self.has_module_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        return super().get_queryset(request).defer("text")

    # Translators: a column: the person whom an e-mail is sent to.
    @admin.display(description=pgettext_lazy("e-mail", "To"), ordering="to__username")
    def told(self, notice: Notice) -> str:
        return str(notice.to)

    # Translators: a column: what an e-mail is about.
    @admin.display(description=pgettext_lazy("e-mail", "About"), ordering="kind")
    def about(self, notice: Notice) -> str:
        return str(_KINDS[Notice.Kind(notice.kind)])

    @admin.display(description=_("Written at"), ordering="created_at")
    def created(self, notice: Notice) -> Any:
        return notice.created_at

    @admin.display(description=_("Sent at"), ordering="sent_at", empty_value="–")
    def sent(self, notice: Notice) -> Any:
        return notice.sent_at

    # Translators: a column: how often it was tried to send an e-mail.
    @admin.display(description=_("Attempts"), ordering="attempts")
    def tries(self, notice: Notice) -> int:
        return notice.attempts

    @admin.display(description=_("Next attempt"), ordering="due_at", empty_value="–")
    def next_try(self, notice: Notice) -> Any:
        return None if notice.sent_at else notice.due_at

    @admin.display(description=_("Failure"), ordering="failure", empty_value="–")
    def why_not(self, notice: Notice) -> str | None:
        return notice.failure or None
