"""What the forms of ports, usages and glosses share: saving drafts, and publishing them at once.

The admin is a door: all that is decided is decided in `ports.publishing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ports import publishing, roles
from ports.admin.document_state import Editions, edition_states
from ports.admin.editing import Editing, editing, editor, shown_languages
from ports.admin.parts import PartFields
from ports.admin.role_permissions import RolePermissions
from ports.admin.submitting import names_of, submit_drafts
from ports.admin.translation_desk import TranslationDesk
from ports.admin.translation_files import TranslationFilePages
from ports.admin.worth_a_look import Concern, worth_a_look
from ports.comments import open_threads
from ports.editorial.parts import PARTS, column
from ports.languages import LANGUAGES, SOURCE, Language, by_code
from ports.models import Document, Revision, Source
from ports.roles import Deed
from ports.tokens import VALID_FORMS


class DocumentAdmin(RolePermissions, PartFields, TranslationFilePages, TranslationDesk):
    """The form of what a document is about, with its parts."""

    change_form_template = "admin/ports/document_form.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Ask once a request, however often Django wants it."""
        known = getattr(request, "edited_object", None)
        if known is None or str(known.pk) != unquote(object_id):
            known = super().get_object(request, object_id, from_field)
            request.edited_object = known  # type: ignore[attr-defined]
        return known

    def form_context(self, _obj: Any) -> dict[str, Any]:
        """What else the form shows."""
        return {}

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
            "token_forms": VALID_FORMS,
            "significances": Revision.Significance.choices,
            "significance": _significance(request),
            "may_write_english": roles.may(editor(request), Deed.WRITE, SOURCE),
        }
        return super().changeform_view(request, object_id, form_url, context)

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        if request.method == "POST":
            return self._form(request, object_id, form_url, extra_context)
        with _one_moment():
            return self._form(request, object_id, form_url, extra_context)

    def _form(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        is_post = request.method == "POST"
        if is_post and object_id is not None and self.has_change_permission(request):
            # Before anything is read: whoever saves second sees what the first one saved.
            with suppress(ValidationError):  # no number: there is no such object either
                pk = self.model._meta.pk.to_python(unquote(object_id))
                publishing.lock_owner(self.model, pk)
        obj = self.get_object(request, object_id) if object_id else None
        editions = self.editions(obj)
        of_document = Source.objects.filter(**{self.document_kind: obj})
        sources = list(of_document) if is_post and obj is not None else []
        work = editing(request, editions, sources)
        request.editing = work  # type: ignore[attr-defined]
        context = {
            **(extra_context or {}),
            "editing": work,
            "states": edition_states(editions),
            "concerns": worth_a_look(editions),
            "open_comments": _open_comments(editions),
            **self.form_context(obj),
        }
        if not is_post:
            return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]
        try:
            # On its own, so that a save that turns out to be faulty leaves nothing behind.
            with transaction.atomic():
                return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]
        except publishing.ContentError as error:
            # Again, to be shown with what is wrong: the forms now refuse it themselves.
            work.problems = error.problems
            return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        shown = shown_languages(request)
        forms = [
            context["adminform"].form,
            *(form for each in context["inline_admin_formsets"] for form in each.formset.forms),
        ]
        context["concerns"] = [
            (concern, _input_id(forms, concern))
            for concern in context["concerns"]
            if concern.language in shown
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not self._holds_parts(form.instance):
            return
        document, _made = Document.objects.get_or_create(
            kind=self.document_kind, **{self.document_kind: form.instance}
        )
        work: Editing = request.editing  # type: ignore[attr-defined]
        saved = publishing.save_revision(
            document=document,
            by=editor(request),
            significance=_significance(request),
            seen_source=work.base(SOURCE).number or None,
            not_in_sync=[
                language for language in work.languages if f"behind-{language}" in request.POST
            ],
        )
        request.saved_languages = list(saved)  # type: ignore[attr-defined]

    def _holds_parts(self, obj: Any) -> bool:
        probe = Document(kind=self.document_kind, **{self.document_kind: obj})
        return any(kind.rows(probe).exists() for kind in PARTS[self.document_kind])

    def response_add(
        self,
        request: HttpRequest,
        obj: Any,
        post_url_continue: str | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        return self._after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_save(request, obj)

    def _after_save(self, request: HttpRequest, obj: Any) -> HttpResponse:
        saved = getattr(request, "saved_languages", [])
        if saved:
            messages.success(
                request,
                # Translators: %(languages)s is a list of languages by their own names.
                _("Saved as a draft: %(languages)s.") % {"languages": names_of(saved)},
            )
        editions = self.editions(obj)
        shown = shown_languages(request)
        submitted = (
            submit_drafts(editor(request), editions, shown) if "_submit" in request.POST else []
        )
        if submitted:
            messages.success(
                request,
                # Translators: %(languages)s is a list of languages by their own names.
                _("Submitted for review: %(languages)s.") % {"languages": names_of(submitted)},
            )
        if not (saved or submitted):
            messages.info(request, _("Nothing was changed, so no revision was made."))
        if "_preview" in request.POST and editions.document is not None:
            return HttpResponseRedirect(self.address("preview", obj.pk, shown[-1].code))
        address = self.address("change", obj.pk)
        if languages := request.GET.getlist("language"):
            address += "?" + urlencode({"language": languages}, doseq=True)
        return HttpResponseRedirect(address)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment.

    A form says which revision it was opened with: what it shows must be of that one, even if
    somebody saves another between two of its queries.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _input_id(forms: list[Any], concern: Concern) -> str:
    """The id of the input that a concern is about; "" where the form has none."""
    names = (concern.field, column(concern.field, concern.language))
    for form in forms:
        if str(getattr(form.instance, "uuid", "")) == concern.uuid:
            return next((form[name].auto_id for name in names if name in form.fields), "")
    return ""


def _open_comments(editions: Editions) -> list[tuple[Language, int]]:
    """The languages with open comments, and how many there are."""
    if editions.document is None:
        return []
    counts = open_threads(editions.document)
    return [(language, counts[language.code]) for language in LANGUAGES if language.code in counts]


def _significance(request: HttpRequest) -> Revision.Significance:
    """How much the English changes matter to translations, as the editor says."""
    said = request.POST.get("significance", "")
    if said in Revision.Significance.values:
        return Revision.Significance(said)
    return Revision.Significance.MEDIUM


def page_language() -> Language:
    """The language of the public pages that the admin links to: the editor's own."""
    return by_code(translation.get_language() or "") or SOURCE
