"""The queue of readers' comments: read, and marked in bulk."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from feedback import follow_ups
from feedback.models import FollowUp
from ports import roles
from ports.admin.chosen_filter import ChosenFilter
from ports.admin.editing import editor
from ports.admin.registry import ReadOnlyAdmin
from ports.admin.role_permissions import ReadByRoles
from ports.languages import LANGUAGES, by_code

State = FollowUp.State


class StateFilter(ChosenFilter):
    """Comments that nobody has read yet, or those of which something was made."""

    title = pgettext_lazy("filter of a list", "state")
    parameter_name = "state"
    default = State.NEW.value

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        named = [(state.value, str(state.label)) for state in State]
        return [*named, ("all", _("All"))]

    def queryset(self, _request: HttpRequest, said: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        return said if self.value() == "all" else said.filter(state=self.value())


class LanguageFilter(ChosenFilter):
    """Comments on pages in one's own languages, in one of them, or in all."""

    title = gettext_lazy("language")
    parameter_name = "language"
    default = "own"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        named = [(language.code, language.name) for language in LANGUAGES]
        return [("own", _("Those of your roles")), ("all", _("All")), *named]

    def queryset(self, request: HttpRequest, said: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        if self.value() == "all":
            return said
        if self.value() != "own":
            return said.filter(vote__language=self.value())
        own = roles.languages_with_any(editor(request))
        return said.filter(vote__language__in=[language.code for language in own])


class ReasonFilter(ChosenFilter):
    """Comments for one reason."""

    title = gettext_lazy("reason")
    parameter_name = "reason"
    default = "all"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        named = [(reason.value, str(reason.label)) for reason in FollowUp.Reason]
        return [("all", _("All")), *named]

    def queryset(self, _request: HttpRequest, said: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        return said if self.value() == "all" else said.filter(reason=self.value())


type _Action = Callable[["CommentsAdmin", HttpRequest, QuerySet[FollowUp]], None]


def _mark(state: FollowUp.State) -> _Action:
    """An action that says what was made of comments."""

    def act(_admin: "CommentsAdmin", request: HttpRequest, said: QuerySet[FollowUp]) -> None:
        marked, others = follow_ups.triage(
            follow_ups=said.values_list("pk", flat=True),
            state=state,
            by=editor(request),
            now=timezone.now(),
        )
        if marked:
            messages.success(
                request,
                ngettext(
                    "%(count)s comment marked: %(state)s.",
                    "%(count)s comments marked: %(state)s.",
                    marked,
                )
                % {"count": marked, "state": state.label},
            )
        if others:
            messages.error(
                request,
                ngettext(
                    "%(count)s comment was left as it is: you have no role in its language.",
                    "%(count)s comments were left as they are: you have no role in their "
                    "languages.",
                    others,
                )
                % {"count": others},
            )

    act.__name__ = f"mark_{state.value}"
    # Translators: {state} is one of "New", "Useful", "Acted on", "Not useful" and "Spam".
    name = format_lazy(gettext_lazy("Mark: {state}"), state=state.label)
    return admin.action(description=name)(act)


@admin.register(FollowUp)
class CommentsAdmin(ReadByRoles, ReadOnlyAdmin):
    """What readers wrote who did not find a page useful: for everybody who has a role."""

    list_display = (
        "about",
        "in_language",
        "said",
        "why",
        "comment_text",
        "written_on",
        "made_of_it",
    )
    list_display_links = None
    list_filter = (StateFilter, LanguageFilter, ReasonFilter)
    search_fields = ("comment",)
    ordering = ("-id",)
    actions = tuple(
        map(_mark, (State.USEFUL, State.ACTED_ON, State.NOT_USEFUL, State.SPAM, State.NEW))
    )
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["ports/refreshes.css", "ports/editing.css", "feedback/editing.css"]}

    def lookup_allowed(self, lookup: str, _value: str, _request: HttpRequest) -> bool:
        """The list is filtered by its filters, and by nothing that somebody makes up."""
        return lookup in {each.parameter_name for each in self.list_filter}

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return super().get_queryset(request).select_related("vote", "handled_by")

    @admin.display(description=gettext_lazy("port"), ordering="vote__port")
    def about(self, said: FollowUp) -> SafeString:
        vote = said.vote
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:feedback_page", args=[vote.port_id, vote.language]),
            vote.port_id,
        )

    @admin.display(description=gettext_lazy("language"), ordering="vote__language")
    def in_language(self, said: FollowUp) -> SafeString | str:
        language = by_code(said.vote.language)
        if language is None:
            return said.vote.language
        return format_html(
            '<bdi lang="{}" dir="{}">{}</bdi>', language.tag, language.direction, language.name
        )

    @admin.display(description=gettext_lazy("answer"), ordering="vote__face")
    def said(self, said: FollowUp) -> str:
        return said.vote.get_face_display()

    @admin.display(description=gettext_lazy("reason"), ordering="reason", empty_value="–")
    def why(self, said: FollowUp) -> str | None:
        return said.get_reason_display() or None

    @admin.display(description=gettext_lazy("comment"), empty_value="–")
    def comment_text(self, said: FollowUp) -> SafeString | None:
        if not said.comment:
            return None
        return format_html('<div class="readers-comment" dir="auto">{}</div>', said.comment)

    @admin.display(description=pgettext_lazy("filter of a list", "state"), ordering="state")
    def made_of_it(self, said: FollowUp) -> SafeString | str:
        if said.handled_by is None:
            return said.get_state_display()
        return format_html("{} (<bdi>{}</bdi>)", said.get_state_display(), said.handled_by)
