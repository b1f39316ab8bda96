"""The registry's refreshes in the admin: asked for, watched, and their refused files accepted.

The admin is a door: what becomes of a refresh is decided in `ports.registry.runs`.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ports.admin import run_texts
from ports.admin.publishing_page import editor
from ports.admin.registry_files import download
from ports.admin.row_page import RowPageAdmin, SeeOther
from ports.models import RefreshRun, User
from ports.registry import runs
from ports.registry.reasons import FIGURE_REASONS
from ports.tasks import nudge

VIEW = "ports.view_refreshrun"
REQUEST = "ports.request_refresh"
ACCEPT = "ports.accept_refused_file"


def may_view_runs(user: Any) -> bool:
    """Whether a member of staff sees the refreshes: who may ask for one, or accept one, does."""
    return any(user.has_perm(permission) for permission in (VIEW, REQUEST, ACCEPT))


class AcceptanceForm(forms.Form):
    """Why a person accepts what was refused."""

    why = forms.CharField(
        label=_("Why do you accept it?"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "dir": "auto"}),
        help_text=_("It is kept with your name, for other editors to read."),
    )


class DoorFilter(admin.ChoicesFieldListFilter):
    """The refreshes that were asked for by the schedule, by editors, or on the command line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Translators: what made a refresh of the registry begin: the schedule, or a person.
        self.title = gettext("trigger")


@admin.register(RefreshRun)
class RefreshRunAdmin(RowPageAdmin):
    """The refreshes of the registry."""

    list_display = (
        "asked_at",
        "state",
        "why_not",
        "trigger",
        "started",
        "ended",
        "duration",
        "record_count",
        "changes_told",
    )
    list_filter = ("state", ("door", DoorFilter))
    show_full_result_count = False
    change_list_template = "admin/ports/refresh_runs.html"
    page_template = "admin/ports/refresh_run.html"

    class Media:
        css = {"all": ["ports/refreshes.css"]}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_view_runs(request.user)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return may_view_runs(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefreshRun]:
        related = ("asked_by", "accepts", "snapshot")
        return super().get_queryset(request).select_related(*related).defer("snapshot__statistics")

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("refresh/", wrap(self.request_view), name=f"{name}_request"),
            path(
                "<int:run_id>/progress/",
                wrap(require_safe(self.progress_view)),
                name=f"{name}_progress",
            ),
            path("<int:run_id>/accept/", wrap(self.accept_view), name=f"{name}_accept"),
            path("<int:run_id>/file/", wrap(require_safe(self.file_view)), name=f"{name}_file"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Duration"), empty_value="–")
    def duration(self, run: RefreshRun) -> str | None:
        return run_texts.duration(run) or None

    @admin.display(description=_("asked by"), ordering="door")
    def trigger(self, run: RefreshRun) -> str:
        if run.asked_by is None:
            return run.get_door_display()
        return format_html("{} (<bdi>{}</bdi>)", run.get_door_display(), run.asked_by)

    @admin.display(description=_("started at"), ordering="started_at", empty_value="–")
    def started(self, run: RefreshRun) -> SafeString | None:
        return run_texts.later_moment(run.started_at, after=run.asked_at)

    @admin.display(description=_("ended at"), ordering="ended_at", empty_value="–")
    def ended(self, run: RefreshRun) -> SafeString | None:
        return run_texts.later_moment(run.ended_at, after=run.asked_at)

    @admin.display(description=_("reason"), empty_value="–")
    def why_not(self, run: RefreshRun) -> SafeString | str | None:
        return run_texts.reason_sentence(run) or None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_request": request.user.has_perm(REQUEST)}
        return super().changelist_view(request, context)

    def page_context(self, request: HttpRequest, row: RefreshRun) -> dict[str, Any]:
        may_accept = request.user.has_perm(ACCEPT)
        is_refused = row.state == RefreshRun.State.REFUSED
        is_acceptable = is_refused and may_accept and runs.is_acceptable(row)
        return {
            "progress": run_texts.progress(row),
            "facts": run_texts.facts(
                row, view_snapshots=request.user.has_perm("ports.view_snapshot")
            ),
            "figures": run_texts.figures(row),
            "reason": run_texts.reason_sentence(row),
            "acceptances": row.acceptances.select_related("asked_by") if is_refused else [],
            "form": AcceptanceForm() if is_acceptable else None,
            "file_is_gone": row.file_id is None and is_refused and row.reason in FIGURE_REASONS,
            "may_download": may_accept and row.file_id is not None,
            "may_view_changes": request.user.has_perm("ports.view_registrychange"),
        }

    def request_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a refresh, and lead on to it; asking with GET asks for nothing."""
        asking = _allowed(request, REQUEST)
        if request.method != "POST":
            return HttpResponseRedirect(self.address("changelist"))
        newest = RefreshRun.objects.values_list("pk", flat=True).first() or 0
        run = runs.request(door=RefreshRun.Door.ADMIN, by=asking)
        transaction.on_commit(nudge)
        if run.pk > newest and run.asked_by_id == asking.pk:
            messages.success(request, gettext("You asked for a refresh of the registry: this one."))
        else:
            messages.info(
                request,
                gettext(
                    "A refresh is waiting or running already: this one. No other was asked for."
                ),
            )
        return SeeOther(self.address("change", run.pk))

    def progress_view(self, request: HttpRequest, run_id: int) -> JsonResponse:
        """How far a run is, for the script on its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse(run_texts.progress(get_object_or_404(RefreshRun, pk=run_id)))

    def accept_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Accept the file of a refused run, and lead on to the run that applies it."""
        accepting = _allowed(request, ACCEPT)
        refused = get_object_or_404(self.get_queryset(request), pk=run_id)
        if request.method != "POST":
            return HttpResponseRedirect(self.address("change", refused.pk))
        form = AcceptanceForm(request.POST)
        if not form.is_valid():
            if not runs.is_acceptable(refused):
                return self._not_accepted(request, refused)
            return self.page(request, refused, form=form)
        try:
            run = runs.accept(refused, by=accepting, why=form.cleaned_data["why"])
        except runs.NotAcceptableError:
            return self._not_accepted(request, refused)
        transaction.on_commit(nudge)
        messages.success(request, gettext("You accepted the file: this refresh applies it."))
        return SeeOther(self.address("change", run.pk))

    def file_view(self, request: HttpRequest, run_id: int) -> FileResponse:
        """What was refused, to be looked at elsewhere."""
        _allowed(request, ACCEPT)
        run = get_object_or_404(RefreshRun.objects.select_related("file"), pk=run_id)
        return download(run.file, f"registry-refused-{run_id}.csv")

    def _not_accepted(self, request: HttpRequest, refused: RefreshRun) -> HttpResponse:
        refused.refresh_from_db()
        if refused.acceptances.exists():
            told = gettext("It was not accepted again: somebody has accepted the file already.")
        elif refused.file_id is None:
            told = gettext("The file was not accepted: it is no longer kept.")
        else:
            told = gettext("The file was not accepted: nobody may overrule this refusal.")
        messages.error(request, told)
        return SeeOther(self.address("change", refused.pk))


def _allowed(request: HttpRequest, permission: str) -> User:
    """Who is signed in; raises PermissionDenied for people without the permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return editor(request)
