"""Work items in the admin: the list, and a page for each, where it is given away and closed."""

from typing import Any, Final, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import formats
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ports import roles, work_items
from ports.admin.editing import editor
from ports.admin.registry_changes import ComparedCell, change_name, compared_cells, one_line
from ports.admin.role_permissions import ReadByRoles
from ports.admin.row_page import Fact, RowPageAdmin, SeeOther
from ports.admin.run_texts import moment
from ports.admin.work_item_filters import KindFilter, LanguageFilter, OwnerFilter, StateFilter
from ports.admin.work_item_texts import name_of, places, why, with_names
from ports.languages import SOURCE, Language, by_code
from ports.models import RegistryChange, User, WorkItem

MOST_CHANGES: Final = 50
"""So many changes at most stand on the page of an item."""

_OUTCOMES: Final = {
    "done": WorkItem.Outcome.DONE,
    "nothing_to_do": WorkItem.Outcome.NOTHING_TO_DO,
}


class WorkItemForm(forms.Form):
    """Whose an item is, by when, and what to know of it."""

    owner = forms.ModelChoiceField(
        # Translators: the person who takes care of something.
        label=pgettext_lazy("work item", "Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=pgettext_lazy("owner", "Nobody"),
    )
    due_on = forms.DateField(
        # Translators: the day by which something should be done.
        label=_("Due on"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "dir": "auto"}),
    )
    # Without it nothing was seen, and nothing is overwritten.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, item: WorkItem, data: Any = None) -> None:
        initial = {
            "owner": item.owner_id,
            "due_on": item.due_on,
            "note": item.note,
            "seen": work_items.state_of(item),
        }
        super().__init__(data, initial=initial)
        choices: Any = self.fields["owner"]
        choices.queryset = roles.people(_language(item))


class ShownChange(NamedTuple):
    """A change of the registry, with its cells before and after and the records around it.

    `heading` is the id of what stands above it.
    """

    change: RegistryChange
    heading: str
    name: SafeString
    cells: list[ComparedCell]
    further_before: list[str]
    further_after: list[str]


@admin.register(WorkItem)
class WorkItemAdmin(ReadByRoles, RowPageAdmin):
    """What editors should look at: for everybody who has a role."""

    list_display = (
        "about",
        "reason",
        "in_language",
        "how_much",
        "whose",
        "due",
        "opened_at",
        "state",
    )
    list_display_links = ("about",)
    list_filter = (StateFilter, KindFilter, LanguageFilter, OwnerFilter)
    list_select_related = ("document", "owner")
    ordering = ("-severity", "id")
    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    page_template = "admin/ports/work_item.html"

    class Media:
        css = {"all": ["ports/refreshes.css", "ports/editing.css"]}

    def lookup_allowed(self, lookup: str, _value: str, _request: HttpRequest) -> bool:
        """The list is filtered by its filters, and by nothing that somebody makes up."""
        return lookup in {each.parameter_name for each in self.list_filter}

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkItem]:
        return with_names(super().get_queryset(request)).select_related("owner", "closed_by")

    @admin.display(description=_("What it is about"))
    def about(self, item: WorkItem) -> SafeString:
        return format_html("<bdi>{}</bdi>", name_of(item))

    @admin.display(description=_("reason"), ordering="kind")
    def reason(self, item: WorkItem) -> str:
        return item.get_kind_display()

    @admin.display(description=_("language"), ordering="language")
    def in_language(self, item: WorkItem) -> SafeString:
        return _marked(_language(item))

    @admin.display(description=_("severity"), ordering="severity")
    def how_much(self, item: WorkItem) -> str:
        return item.get_severity_display()

    @admin.display(
        description=pgettext_lazy("work item", "Owner"), ordering="owner__username", empty_value="–"
    )
    def whose(self, item: WorkItem) -> SafeString | None:
        return format_html("<bdi>{}</bdi>", item.owner) if item.owner else None

    @admin.display(description=_("Due on"), ordering="due_on", empty_value="–")
    def due(self, item: WorkItem) -> Any:
        return item.due_on

    @admin.display(description=pgettext_lazy("filter of a list", "state"), ordering="outcome")
    def state(self, item: WorkItem) -> str:
        return item.get_outcome_display() or pgettext("work items", "open")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().change_view(request, object_id, form_url, extra_context)
        item = self.get_object(request, object_id)
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        if item is None:
            raise Http404
        if not work_items.may_work_on(editor(request), item):
            raise PermissionDenied
        return self._act(request, item)

    def page_context(self, request: HttpRequest, row: WorkItem) -> dict[str, Any]:
        may_work = row.is_open and work_items.may_work_on(editor(request), row)
        changes = list(row.changes.order_by("id")[: MOST_CHANGES + 1])
        more = row.changes.count() - MOST_CHANGES if len(changes) > MOST_CHANGES else 0
        return {
            "subtitle": name_of(row),
            "name": name_of(row),
            "places": places(row),
            "facts": _facts(row),
            "why": why(row),
            "changes": [_shown(change) for change in changes[:MOST_CHANGES]],
            "more_changes": more,
            "may_view_changes": request.user.has_perm("ports.view_registrychange"),
            "form": WorkItemForm(row) if may_work else None,
        }

    def _act(self, request: HttpRequest, item: WorkItem) -> HttpResponse:
        """Save what was typed, and close the item if that is asked for."""
        form = WorkItemForm(item, request.POST)
        action = request.POST.get("action", "")
        if action not in {"save", *_OUTCOMES}:
            messages.error(request, gettext("This action is not known. Nothing was changed."))
            return self.page(request, item, form=form)
        if not item.is_open:
            return self._closed_meanwhile(request, item, form)
        if not form.is_valid():
            return self.page(request, item, form=form)
        typed, by = form.cleaned_data, editor(request)
        seen = typed.pop("seen")
        try:
            with transaction.atomic():
                work_items.assign(item=item, by=by, seen=seen, **typed)
                if action in _OUTCOMES:
                    work_items.close(
                        item=item, outcome=_OUTCOMES[action], note=typed["note"], by=by
                    )
        except work_items.ItemClosedError:
            return self._closed_meanwhile(request, self._again(request, item), form)
        except work_items.ItemChangedError:
            return self._changed_meanwhile(request, self._again(request, item))
        name = name_of(item)
        if action in _OUTCOMES:
            messages.success(request, gettext("Closed: %(name)s.") % {"name": name})
            return SeeOther(self.address("changelist"))
        messages.success(request, gettext("Saved: %(name)s.") % {"name": name})
        return SeeOther(self.address("change", item.pk))

    def _again(self, request: HttpRequest, item: WorkItem) -> WorkItem:
        return self.get_queryset(request).get(pk=item.pk)

    def _closed_meanwhile(
        self, request: HttpRequest, item: WorkItem, form: WorkItemForm
    ) -> HttpResponse:
        messages.error(
            request,
            gettext(
                "Somebody has closed it meanwhile, so that nothing was saved. What you typed still "
                "stands below, to be copied."
            ),
        )
        response = self.page(request, item, form=form)
        response.status_code = 409
        return response

    def _changed_meanwhile(self, request: HttpRequest, item: WorkItem) -> HttpResponse:
        messages.error(
            request,
            gettext(
                "Somebody has changed it meanwhile, so that nothing was saved. Above stands what "
                "they wrote, below what you typed. Press the button again to replace theirs."
            ),
        )
        # From now on it is theirs that was seen.
        data = request.POST.copy()
        data["seen"] = work_items.state_of(item)
        form = WorkItemForm(item, data)
        response = self.page(request, item, form=form)
        response.status_code = 409
        return response


def _language(item: WorkItem) -> Language:
    return by_code(item.language) or SOURCE


def _marked(language: Language) -> SafeString:
    return format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', language.tag, language.direction, language.name
    )


def _shown(change: RegistryChange) -> ShownChange:
    return ShownChange(
        change,
        f"change-{change.pk}",
        change_name(change),
        compared_cells(change),
        [one_line(record) for record in change.before[1:]],
        [one_line(record) for record in change.after[1:]],
    )


def _lines(item: WorkItem) -> SafeString:
    return SafeString(linebreaks(item.note, autoescape=True))


def _facts(item: WorkItem) -> list[Fact]:
    """How an item stands."""
    facts = [
        Fact(gettext("Language"), _marked(_language(item))),
        Fact(gettext("Severity"), item.get_severity_display()),
        Fact(gettext("Opened at"), moment(item.opened_at)),
        Fact(
            pgettext("work item", "Owner"),
            format_html("<bdi>{}</bdi>", item.owner) if item.owner else pgettext("owner", "Nobody"),
        ),
    ]
    if item.due_on:
        facts.append(Fact(gettext("Due on"), formats.date_format(item.due_on, "DATE_FORMAT")))
    if item.note:
        facts.append(Fact(gettext("Note"), format_html('<div dir="auto">{}</div>', _lines(item))))
    if item.closed_at:
        facts.append(Fact(gettext("Outcome"), item.get_outcome_display()))
        facts.append(Fact(gettext("Closed at"), moment(item.closed_at)))
        if item.closed_by:
            facts.append(Fact(gettext("Closed by"), format_html("<bdi>{}</bdi>", item.closed_by)))
    return facts
