"""Where a document stands in each language; publishing it, reverting it, and the preview."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ports import publishing
from ports.admin.claims import describe_denied
from ports.admin.document_state import Editions, edition_states, editions_of
from ports.admin.parts import PUBLISH, WRITE
from ports.languages import Language, by_code
from ports.models import Document, Revision, User


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
                "<path:object_id>/preview/<str:code>/",
                wrap(require_safe(self.preview_view)),
                name=f"{name}_preview",
            ),
            *super().get_urls(),
        ]

    def publishing_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Where the document stands in each language; publishing, unpublishing, reverting."""
        obj, document, editions = self._existing(request, object_id)
        if request.method == "POST":
            self._act(request, document)
            return HttpResponseRedirect(request.get_full_path())
        return TemplateResponse(
            request,
            "admin/ports/publishing.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Publishing"),
                "subtitle": str(obj),
                "opts": self.opts,
                "original": obj,
                "states": edition_states(editions),
                "revisions": Revision.objects.filter(edition__document=document)
                .select_related("edition", "created_by")
                .defer("structure", "texts")
                .order_by("-id")[:100],
                "live": {edition.live_revision_id for edition in editions.by_language.values()},
                "may_publish": request.user.has_perm(PUBLISH),
                "may_write": request.user.has_perm(WRITE),
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

    def publish(
        self,
        request: HttpRequest,
        document: Document,
        language: Language,
        *,
        number: int | None = None,
    ) -> None:
        """Publish an edition, and tell the editor what came of it."""
        try:
            publishing.publish(
                document=document, language=language, by=editor(request), number=number
            )
        except publishing.ClaimsDeniedError as error:
            for claim in error.denied:
                messages.error(request, describe_denied(claim))
        except publishing.NotPublishableError:
            messages.error(
                request,
                _(
                    "%(language)s was not published: a translation can be published only while the "
                    "English edition is."
                )
                % {"language": language.name},
            )
        else:
            messages.success(request, _("Published: %(languages)s.") % {"languages": language.name})

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

    def _act(self, request: HttpRequest, document: Document) -> None:
        action, language = request.POST.get("action"), by_code(request.POST.get("language", ""))
        number = _number(request)
        needed = WRITE if action == "revert" else PUBLISH
        if not request.user.has_perm(needed):
            raise PermissionDenied
        if language is None:
            raise Http404
        if action == "publish":
            self._publish_what_was_seen(request, document, language, number)
        elif action == "unpublish":
            publishing.unpublish(document=document, language=language, by=editor(request))
            told = _("Unpublished: %(languages)s.") % {"languages": language.name}
            messages.success(request, told)
        elif action == "revert":
            self._revert(request, document, language, number)
        else:
            messages.error(request, _("This action is not known. Nothing was changed."))

    def _publish_what_was_seen(
        self, request: HttpRequest, document: Document, language: Language, number: int
    ) -> None:
        edition = editions_of(self.document_kind, document.owner[1]).by_language.get(language.code)
        latest = edition.latest_revision if edition else None
        if latest is None or latest.number != number:
            messages.error(
                request,
                _(
                    "%(language)s was not published: a newer draft was saved meanwhile. Look at "
                    "what differs now."
                )
                % {"language": language.name},
            )
            return
        self.publish(request, document, language, number=number)

    def _revert(
        self, request: HttpRequest, document: Document, language: Language, number: int
    ) -> None:
        try:
            publishing.revert(
                document=document, language=language, number=number, by=editor(request)
            )
        except publishing.NoSuchRevisionError:
            messages.error(request, _("There is no such revision. Nothing was changed."))
        except publishing.ContentError as error:
            messages.error(
                request,
                _("This revision cannot be brought back as it was: %(reason)s")
                % {"reason": str(error)},
            )
        else:
            messages.success(
                request,
                _("The draft is now as in revision %(number)s. Readers see it once published.")
                % {"number": number},
            )


def editor(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _number(request: HttpRequest) -> int:
    number = request.POST.get("number", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
