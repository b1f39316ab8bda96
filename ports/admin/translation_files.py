"""A document's translation as a PO file: to download, and to bring back."""

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ports import roles
from ports.admin.editing import editor
from ports.admin.publishing_page import PublishingPages
from ports.editorial.translation_files import (
    MOST_BYTES,
    TranslationFile,
    TranslationFileError,
    load,
    too_large,
)
from ports.editorial.translation_verdicts import Fate
from ports.languages import SOURCE, Language, by_code
from ports.models import Document
from ports.publishing import NotPublishableError
from ports.publishing.translation_files import (
    Imported,
    export_translation,
    file_name,
    import_translation,
)
from ports.roles import Deed

# In the order in which they are shown: what somebody has to do something about comes first.
# Translators: these six say what became of an entry of a file with translations.
_FATES: Final = {
    Fate.REFUSED: pgettext_lazy("entry of a file", "Refused"),
    Fate.UNKNOWN: pgettext_lazy("entry of a file", "Not known here"),
    Fate.FUZZY: pgettext_lazy("entry of a file", "Left out: marked as fuzzy"),
    Fate.EMPTY: pgettext_lazy("entry of a file", "Left out: empty"),
    Fate.TAKEN: pgettext_lazy("entry of a file", "Taken"),
    Fate.UNCHANGED: pgettext_lazy("entry of a file", "Unchanged"),
}


class UploadForm(forms.Form):
    """A translation's file, as it is sent."""

    file = forms.FileField(
        label=gettext_lazy("PO file"), widget=forms.FileInput(attrs={"accept": ".po"})
    )

    def clean_file(self) -> TranslationFile:
        """What the file holds."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(too_large())
        try:
            return load(sent.read())
        except TranslationFileError as error:
            raise forms.ValidationError(str(error)) from error


class TranslationFilePages(PublishingPages):
    """Two pages beside a document's form, for each language but the source's."""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        translate = "<path:object_id>/translate/<str:code>"
        return [
            path(
                f"{translate}/po/",
                wrap(require_http_methods(["GET", "HEAD", "POST"])(self.po_view)),
                name=f"{name}_po",
            ),
            path(
                f"{translate}/import/",
                wrap(require_safe(self.import_view)),
                name=f"{name}_import",
            ),
            *super().get_urls(),
        ]

    def po_view(self, request: HttpRequest, object_id: str, code: str) -> HttpResponse:
        """Download the file, or bring it back."""
        obj, document, language = self._translation(request, object_id, code)
        if request.method == "POST":
            return self._take(request, obj, document, language)
        try:
            content = export_translation(document=document, language=language)
        except NotPublishableError as error:
            raise Http404 from error
        response = HttpResponse(content, content_type="text/x-gettext-translation; charset=utf-8")
        name = file_name(document, language)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def import_view(self, request: HttpRequest, object_id: str, code: str) -> HttpResponse:
        """The page from which a file is sent."""
        obj, document, language = self._translation(request, object_id, code)
        roles.require(editor(request), Deed.WRITE, language)
        return self._file_page(request, obj, document, language, UploadForm())

    def _take(
        self, request: HttpRequest, obj: Any, document: Document, language: Language
    ) -> HttpResponse:
        user = editor(request)
        roles.require(user, Deed.WRITE, language)
        form, imported = UploadForm(request.POST, request.FILES), None
        if form.is_valid():
            try:
                imported = import_translation(
                    document=document, language=language, file=form.cleaned_data["file"], by=user
                )
            except TranslationFileError as error:
                form.add_error("file", str(error))
            except NotPublishableError as error:
                raise Http404 from error
        return self._file_page(request, obj, document, language, form, imported)

    def _file_page(
        self,
        request: HttpRequest,
        obj: Any,
        document: Document,
        language: Language,
        form: UploadForm,
        imported: Imported | None = None,
    ) -> HttpResponse:
        return TemplateResponse(
            request,
            "admin/ports/translation_file.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Translation file: %(language)s") % {"language": language.name},
                "subtitle": str(obj),
                "opts": self.opts,
                "original": obj,
                "language": language,
                "file_name": file_name(document, language),
                "form": form,
                "imported": imported,
                "told": _told(imported) if imported else "",
                "found": [
                    (name, verdict)
                    for fate, name in _FATES.items()
                    for verdict in (imported.of(fate) if imported else [])
                ],
            },
        )

    def _translation(
        self, request: HttpRequest, object_id: str, code: str
    ) -> tuple[Any, Document, Language]:
        obj, document, editions = self._existing(request, object_id)
        language = by_code(code)
        if language is None or language is SOURCE or SOURCE.code not in editions.by_language:
            raise Http404
        return obj, document, language


def _told(imported: Imported) -> str:
    """What came of a file as a whole."""
    if imported.revision is not None:
        count = len(imported.of(Fate.TAKEN))
        return ngettext(
            "%(count)s text was taken and saved as a draft.",
            "%(count)s texts were taken and saved as a draft.",
            count,
        ) % {"count": count}
    if imported.is_confirmed:
        return _("No text changed. The translation was found to be right for today’s English text.")
    return _("Nothing was changed, so no revision was made.")
