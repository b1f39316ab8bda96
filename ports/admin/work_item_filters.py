"""The filters of the list of work items, which begins with what is open in one's languages."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ports import roles
from ports.admin.chosen_filter import ChosenFilter
from ports.admin.editing import editor
from ports.languages import LANGUAGES
from ports.models import WorkItem


class StateFilter(ChosenFilter):
    """Open items, or those with an outcome."""

    title = pgettext_lazy("filter of a list", "state")
    parameter_name = "state"
    default = "open"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [
            # Translators: these two are states of work items.
            ("open", pgettext("work items", "open")),
            ("closed", pgettext("work items", "closed")),
            ("all", _("All")),
        ]

    def queryset(self, _request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        if self.value() == "all":
            return items
        return items.filter(outcome="") if self.value() == "open" else items.exclude(outcome="")


class KindFilter(ChosenFilter):
    """Items of one kind."""

    title = gettext_lazy("reason")
    parameter_name = "kind"
    default = "all"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("all", _("All")), *((kind.value, str(kind.label)) for kind in WorkItem.Kind)]

    def queryset(self, _request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        return items if self.value() == "all" else items.filter(kind=self.value())


class LanguageFilter(ChosenFilter):
    """Items of the languages in which somebody has a role, of one language, or of all."""

    title = gettext_lazy("language")
    parameter_name = "language"
    default = "own"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        named = [(language.code, language.name) for language in LANGUAGES]
        return [("own", _("Those of your roles")), ("all", _("All")), *named]

    def queryset(self, request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        if self.value() == "all":
            return items
        if self.value() == "own":
            own = roles.languages_with_any(editor(request))
            return items.filter(language__in=[language.code for language in own])
        return items.filter(language=self.value())


class OwnerFilter(ChosenFilter):
    """One's own items, or those that are nobody's."""

    title = pgettext_lazy("filter of a list", "owner")
    parameter_name = "owner"
    default = "all"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("all", _("All")),
            # Translators: whose a work item is.
            ("me", pgettext("owner", "You")),
            # Translators: whose a work item is.
            ("nobody", pgettext("owner", "Nobody")),
        ]

    def queryset(self, request: HttpRequest, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        if self.value() == "me":
            return items.filter(owner=editor(request))
        return items.filter(owner=None) if self.value() == "nobody" else items
