"""What the forms of ports, usages and glosses share: saving drafts, publishing, preview.

The admin is a door: all that is decided is decided in `ports.publishing`.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ports import publishing
from ports.admin.claims import describe_denied
from ports.admin.document_state import Editions, edition_states, editions_of
from ports.admin.editing import editing, shown_languages
from ports.admin.parts import PUBLISH, WRITE, PartFields
from ports.editorial.parts import PARTS
from ports.languages import LANGUAGES, SOURCE, Language, by_code
from ports.models import Document, Revision, User
from ports.tokens import VALID_FORMS


class DocumentAdmin(PartFields, admin.ModelAdmin):
    """The form of what a document is about, with its parts; and the page where it is published."""

    document_kind: ClassVar[str]
    change_form_template = "admin/ports/document_form.html"
    save_on_top = False

    # Who may do what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(WRITE) or request.user.has_perm(PUBLISH)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return request.user.has_perm(WRITE)

    has_add_permission = has_change_permission

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    # What a document is about

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Ask once a request, however often Django wants it."""
        known = getattr(request, "edited_object", None)
        if known is None or str(known.pk) != unquote(object_id):
            known = super().get_object(request, object_id, from_field)
            request.edited_object = known  # type: ignore[attr-defined]
        return known

    def editions(self, obj: Any) -> Editions:
        return editions_of(self.document_kind, obj.pk if obj is not None else None)

    def preview(self, request: HttpRequest, language: Language, document: Document) -> HttpResponse:
        """The public page on which the document's latest revisions stand."""
        raise NotImplementedError

    # The form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "shown_languages": shown_languages(request),
            "all_languages": [language for language in LANGUAGES if language is not SOURCE],
            "may_publish": request.user.has_perm(PUBLISH),
            "token_forms": VALID_FORMS,
        }
        return super().changeform_view(request, object_id, form_url, context)

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id) if object_id else None
        if request.method == "POST" and obj is not None:
            # Whoever saves second sees what the first one saved.
            Document.objects.select_for_update().filter(**{self.document_kind: obj.pk}).first()
        editions = self.editions(obj)
        work = editing(request, editions)
        request.editing = work  # type: ignore[attr-defined]
        context = {
            **(extra_context or {}),
            "editing": work,
            "states": edition_states(editions),
            **self.form_context(obj),
        }
        if request.method != "POST":
            return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]
        try:
            # On its own, so that a save that turns out to be faulty leaves nothing behind.
            with transaction.atomic():
                return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]
        except publishing.ContentError as error:
            work.problems = error.problems
            return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]

    def form_context(self, _obj: Any) -> dict[str, Any]:
        """What else the form shows."""
        return {}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not self._holds_parts(form.instance):
            return
        document, _made = Document.objects.get_or_create(
            kind=self.document_kind, **{self.document_kind: form.instance}
        )
        saved = publishing.save_revision(document=document, by=_user(request))
        request.saved_languages = list(saved.revisions)  # type: ignore[attr-defined]

    def _holds_parts(self, obj: Any) -> bool:
        probe = Document(kind=self.document_kind, **{self.document_kind: obj})
        return any(kind.rows(probe).exists() for kind in PARTS[self.document_kind])

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._after_save(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_save(request, obj) or super().response_change(request, obj)

    def _after_save(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        saved = getattr(request, "saved_languages", [])
        if not saved and "_save" in request.POST:
            messages.info(request, _("Nothing was changed, so no revision was made."))
        elif saved:
            messages.success(
                request,
                # Translators: %(languages)s is a list of languages by their own names.
                _("Saved as a draft: %(languages)s.") % {"languages": _names(saved)},
            )
        editions = self.editions(obj)
        if "_publish" in request.POST:
            if not request.user.has_perm(PUBLISH):
                raise PermissionDenied
            shown = shown_languages(request)
            for state in edition_states(editions):
                if editions.document and state.differs and state.language in shown:
                    self._publish(request, editions.document, state.language)
        if "_preview" in request.POST and editions:
            language = shown_languages(request)[-1]
            return HttpResponseRedirect(self._address("preview", obj.pk, language.code))
        address = self._address("change", obj.pk)
        if languages := request.GET.getlist("language"):
            address += "?" + urlencode({"language": languages}, doseq=True)
        return HttpResponseRedirect(address)

    # Publishing

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
        obj, editions = self._existing(request, object_id)
        document = editions.document
        if document is None:
            raise Http404
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
                "live": {edition.live_revision_id for edition in editions.values()},
                "may_publish": request.user.has_perm(PUBLISH),
                "may_write": request.user.has_perm(WRITE),
            },
        )

    def preview_view(self, request: HttpRequest, object_id: str, code: str) -> HttpResponse:
        """The page as readers will see it, from the latest revisions."""
        _obj, editions = self._existing(request, object_id)
        language = by_code(code)
        if language is None or editions.document is None:
            raise Http404
        with translation.override(language.code):
            response = self.preview(request, language, editions.document)
        # For editors only: no cache keeps it, no search engine lists it.
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _existing(self, request: HttpRequest, object_id: str) -> tuple[Any, Editions]:
        obj = self.get_object(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        return obj, self.editions(obj)

    def _act(self, request: HttpRequest, document: Document) -> None:
        action, language = request.POST.get("action"), by_code(request.POST.get("language", ""))
        number = request.POST.get("number", "")
        needed = WRITE if action == "revert" else PUBLISH
        if not request.user.has_perm(needed):
            raise PermissionDenied
        if language is None:
            raise Http404
        if action == "publish":
            self._publish(request, document, language)
        elif action == "unpublish":
            publishing.unpublish(document=document, language=language, by=_user(request))
            messages.success(
                request, _("Unpublished: %(languages)s.") % {"languages": language.name}
            )
        elif action == "revert" and number.isascii() and number.isdigit() and len(number) < 10:
            self._revert(request, document, language, int(number))
        else:
            messages.error(request, _("This action is not known. Nothing was changed."))

    def _publish(self, request: HttpRequest, document: Document, language: Language) -> None:
        try:
            publishing.publish(document=document, language=language, by=_user(request))
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

    def _revert(
        self, request: HttpRequest, document: Document, language: Language, number: int
    ) -> None:
        try:
            publishing.revert(
                document=document, language=language, number=number, by=_user(request)
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

    def _address(self, view: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)


def page_language() -> Language:
    """The language of the public pages that the admin links to: the editor's own."""
    return by_code(translation.get_language() or "") or SOURCE


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _names(languages: list[Language]) -> str:
    return ", ".join(language.name for language in languages)
