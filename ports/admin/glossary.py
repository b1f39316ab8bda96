"""The glossary in the admin: each editor writes the languages they have the role for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from ports import roles
from ports.admin.editing import editor, form_languages
from ports.admin.role_permissions import RolePermissions
from ports.editorial import working
from ports.editorial.parts import Markup, as_kept, column
from ports.languages import SOURCE, Language, by_code
from ports.models import GlossaryTerm
from ports.roles import Deed

_FIELDS = ("term", "note")


class GlossaryTermForm(forms.ModelForm):
    """A term in English and the editor's languages; only what the editor changed is written.

    Every field carries what it held when the form was opened, so that what somebody else changed
    since is seen.
    """

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in self.fields:
            if isinstance(values.get(name), str):
                values[name] = as_kept(values[name], Markup.INLINE)
        if self.instance.pk is None:
            self._check_key(values.get(column("term", SOURCE), ""))
        else:
            self._refuse_conflicts(values)
        return values

    def _check_key(self, term: str) -> None:
        self.instance.key = slugify(term)[:60]
        name = column("term", SOURCE)
        if term and not self.instance.key:
            self.add_error(name, _("Write the English term in Latin letters."))
        elif GlossaryTerm.objects.filter(key=self.instance.key).exists():
            self.add_error(name, _("The glossary has this term already."))

    def _refuse_conflicts(self, values: dict[str, Any]) -> None:
        """Add an error to each field that both this editor and somebody since have changed."""
        for name in self.changed_data:
            theirs = self.initial.get(name) or ""
            opened = self.data.get(self.add_initial_prefix(name), "")
            if theirs not in {opened, values.get(name)}:
                self.add_error(
                    name,
                    ValidationError(
                        _(
                            "Somebody else changed this while you were editing. They wrote: "
                            "“%(theirs)s”. Yours is still here: bring both together, then save "
                            "again."
                        ),
                        code="conflict",
                        params={"theirs": theirs},
                    ),
                )


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(RolePermissions, admin.ModelAdmin):
    """The words that translators agreed on. None is deleted: it would come back."""

    form = GlossaryTermForm
    search_fields = ("key", "term_en")
    ordering = ("key",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GlossaryTerm]:
        """Only the columns that are shown: a row has one for each of 25 languages."""
        shown = [column(field, language) for field in _FIELDS for language in _shown(request)]
        rows: Any = super().get_queryset(request)
        return rows.rewrite(False).only("pk", "key", *shown)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The term; one that is about to be saved is locked, so that conflicts are seen."""
        if request.method == "POST" and object_id.isdecimal():
            rows = GlossaryTerm.objects.order_by().select_for_update(no_key=True)
            list(rows.filter(pk=object_id).values("pk"))
        return super().get_object(request, object_id, from_field)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [column("term", language) for language in _shown(request)]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[GlossaryTerm], search_term: str
    ) -> tuple[QuerySet[GlossaryTerm], bool]:
        """What holds the words in English or in a language that is shown."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        for language in _shown(request) if search_term else ():
            found |= queryset.filter(**{f"{column('term', language)}__icontains": search_term})
        return found, may_repeat

    def get_fieldsets(self, request: HttpRequest, _obj: Any = None) -> Any:
        return [
            (language.name, {"fields": [column(field, language) for field in _FIELDS]})
            for language in _shown(request)
        ]

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        language = by_code(db_field.language) if isinstance(db_field, TranslationField) else None
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if language is None or field is None:
            return field
        original = db_field.translated_field
        field.label = str(original.verbose_name).capitalize()
        field.required = original.name == "term" and language is SOURCE
        # What is disabled is not read from what the browser sends.
        field.disabled = not roles.may(editor(request), Deed.WRITE, language)
        field.show_hidden_initial = not field.disabled
        field.widget.attrs |= {"lang": language.tag, "dir": language.direction}
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002 - Django's signature
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            working.update(GlossaryTerm, obj.pk, values)
            return
        with working.source_columns():
            obj.save(force_insert=True)


def _shown(request: HttpRequest) -> tuple[Language, ...]:
    """English and the languages of the address or of the editor's profile."""
    return form_languages(request.GET.getlist("language") or editor(request).working_languages)
