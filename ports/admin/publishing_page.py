"""Where a document stands in each language, what can be done to it there, and the preview."""

from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ports import roles
from ports.admin import comments, review_dates
from ports.admin.comment_threads import Typed, comments_on
from ports.admin.document_state import Editions, edition_states, editions_of
from ports.admin.editing import editor
from ports.admin.edition_actions import act, actions
from ports.admin.work_item_texts import open_items_of
from ports.admin.worth_a_look import worth_a_look
from ports.comments import LONGEST
from ports.languages import LANGUAGES, SOURCE, Language, by_code
from ports.models import Document, PublicationEvent, Revision, WorkEvent
from ports.roles import Deed

MOST_EVENTS: Final = 100


class Event(NamedTuple):
    """What was done to an edition: when, in which language, to which revision, by whom and why."""

    at: datetime
    language: str
    number: int
    action: str
    by: str
    note: str


class PublishingPages(admin.ModelAdmin):
    """The pages beside a document's form."""

    document_kind: ClassVar[str]

    def editions(self, obj: Any) -> Editions:
        return editions_of(self.document_kind, obj.pk if obj is not None else None)

    def preview(self, request: HttpRequest, language: Language, document: Document) -> HttpResponse:
        """The public page on which the document's latest revisions stand."""
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/publishing/",
                wrap(self.publishing_view),
                name=f"{name}_publishing",
            ),
            path(
                "<path:object_id>/comments/",
                wrap(self.comments_view),
                name=f"{name}_comments",
            ),
            path(
                "<path:object_id>/preview/<str:code>/",
                wrap(require_safe(self.preview_view)),
                name=f"{name}_preview",
            ),
            *super().get_urls(),
        ]

    def publishing_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Where the document stands in each language, and what can be done to it there."""
        obj, document, editions = self._existing(request, object_id)
        if request.method == "POST":
            if request.POST.get("action") == review_dates.ACTION:
                review_dates.plan_review(request, document)
            else:
                act(request, document)
            return HttpResponseRedirect(request.get_full_path())
        return self._publishing_page(request, obj, document, editions)

    def comments_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was sent from a form of the comments; they stand on the publishing page."""
        obj, document, editions = self._existing(request, object_id)
        typed = comments.act(request, document) if request.method == "POST" else None
        if typed is not None:
            return self._publishing_page(request, obj, document, editions, typed)
        code = request.POST.get("language", SOURCE.code)
        return HttpResponseRedirect(f"{self.address('publishing', obj.pk)}#comments-{code}")

    def _publishing_page(
        self,
        request: HttpRequest,
        obj: Any,
        document: Document,
        editions: Editions,
        typed: Typed | None = None,
    ) -> HttpResponse:
        user, states = editor(request), edition_states(editions)
        concerns = worth_a_look(editions)
        said = comments_on(user, document, states, typed)
        return TemplateResponse(
            request,
            "admin/ports/publishing.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Publishing"),
                "subtitle": str(obj),
                "opts": self.opts,
                "original": obj,
                "states": states,
                "document": document,
                "open_items": open_items_of(document),
                "may_plan_review": roles.has_one_in(user, SOURCE),
                "editions": [
                    (
                        entry,
                        [each for each in concerns if each.language is entry.state.language],
                        said[entry.state.language.code],
                    )
                    for entry in actions(user, states)
                ],
                "longest_comment": LONGEST,
                "events": _events(document),
                "revisions": Revision.objects.filter(edition__document=document)
                .select_related("edition", "created_by")
                .defer("structure", "texts")
                .order_by("-id")[:100],
                "live": {edition.live_revision_id for edition in editions.by_language.values()},
                "writable": [
                    language.code for language in LANGUAGES if roles.may(user, Deed.WRITE, language)
                ],
            },
        )

    def preview_view(self, request: HttpRequest, object_id: str, code: str) -> HttpResponse:
        """The page as readers will see it, from the latest revisions."""
        _obj, document, _editions = self._existing(request, object_id)
        language = by_code(code)
        if language is None:
            raise Http404
        with translation.override(language.code):
            response = self.preview(request, language, document)
        # For editors only: no cache keeps it, no search engine lists it.
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def address(self, view: str, *args: Any) -> str:
        """The address of one of the admin's pages on this kind of document."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)

    def _existing(self, request: HttpRequest, object_id: str) -> tuple[Any, Document, Editions]:
        obj = self.get_object(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        editions = self.editions(obj)
        if editions.document is None:
            raise Http404
        return obj, editions.document, editions


def _events(document: Document) -> list[Event]:
    """What was done to the editions of a document, newest first."""
    about = Q(edition__document=document)
    found: list[WorkEvent | PublicationEvent] = []
    for model in (WorkEvent, PublicationEvent):
        events = model._default_manager.filter(about).order_by("-id")
        found += events.select_related("edition", "revision", "by").defer(
            "revision__structure", "revision__texts"
        )[:MOST_EVENTS]
    found.sort(key=lambda event: event.at, reverse=True)
    return [
        Event(
            event.at,
            event.edition.get_language_display(),
            event.revision.number,
            event.get_action_display(),
            str(event.by) if event.by else event.revision.get_origin_display(),
            event.note,
        )
        for event in found[:MOST_EVENTS]
    ]
