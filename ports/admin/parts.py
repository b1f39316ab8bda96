"""A document's parts as inlines of its form, in English and the editor's languages."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from ports import roles
from ports.admin.editing import Editing, editor, shown_languages
from ports.admin.part_forms import PartForm, text_field
from ports.editorial.parts import PARTS, PartKind, column
from ports.languages import SOURCE, by_code
from ports.roles import Deed

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin
    from django.db import models


def language_fieldsets(kind: PartKind, request: HttpRequest) -> list[tuple[Any, dict[str, Any]]]:
    """For each of the editor's languages the texts of a kind of part."""
    if not kind.texts:
        return []
    return [
        (
            language.name,
            {"fields": [column(text, language) for text in kind.texts]},
        )
        for language in shown_languages(request)
    ]


class PartFields:
    """What forms of parts have in common, whether they are inlines or not."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, TranslationField):
            language = by_code(db_field.language)
            if language is not None:
                return text_field(db_field.translated_field, language)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "position" and field is not None:
            # A row that another editor moved meanwhile stays where they put it.
            field.show_hidden_initial = True
        return field


class PartFormSet(BaseInlineFormSet):
    """The rows of one kind of part, as posted."""

    form: type[PartForm]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.adopts = False
        if self.is_bound and self.max_num == 1 and self.get_queryset():
            # What there is only one of was begun by somebody else meanwhile: it is the same row.
            posted = QueryDict(mutable=True)
            posted.update(self.data)
            self.adopts = not posted.get(f"{self.prefix}-0-id")
            if self.adopts:
                posted[f"{self.prefix}-INITIAL_FORMS"] = "1"
                posted[f"{self.prefix}-0-id"] = str(self.get_queryset()[0].pk)
                self.data = posted

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "is_adopted": self.adopts and index == 0}

    def clean(self) -> None:
        """Refuse a key that two sources would have: texts could not tell them apart.

        Here too is said what was wrong with parts that have no form of their own yet.
        """
        super().clean()
        if self.form.kind.name != "source":
            return
        seen: set[str] = set()
        # Those that are not in the form were there first.
        found = sorted(self.form.editing.source_keys, key=lambda source: source.row is not None)
        for row, key in found:
            if key in seen and row is not None and row < len(self.forms):
                message = _("Another source here has this key. Choose another one.")
                self.forms[row].add_error("key", message)
            seen.add(key)
        if homeless := self.form.editing.homeless_problems:
            raise ValidationError([problem.message for problem in homeless])

    def save(self, commit: bool = True) -> Any:
        if commit:
            for form in self.initial_forms:
                if isinstance(form, PartForm) and form.has_changed():
                    form.make_way()
        return super().save(commit)


class PartInline(PartFields, admin.StackedInline):
    """The parts of one kind."""

    kind: PartKind
    template = "admin/ports/parts.html"
    can_delete = False
    form = PartForm
    formset = PartFormSet

    def get_fieldsets(self, request: HttpRequest, _obj: Any = None) -> Any:
        names = [name for name in self.kind.fields if name != self.fk_name]
        if self.kind.is_ordered:
            names = ["position", *names]
        return [(None, {"fields": [*names, "withdrawn"]}), *language_fieldsets(self.kind, request)]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        editing: Editing = request.editing  # type: ignore[attr-defined]
        kwargs["form"] = type("PartForm", (PartForm,), {"kind": self.kind, "editing": editing})
        return super().get_formset(request, obj, **kwargs)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return bool(roles.languages(editor(request), Deed.WRITE))

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return bool(roles.languages(editor(request), Deed.WRITE))

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return roles.may(editor(request), Deed.WRITE, SOURCE)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


def part_inlines(document_kind: str) -> "list[type[InlineModelAdmin[Any, Any]]]":
    """An inline for each kind of part but the one that the document itself is."""
    return [
        type(
            f"{kind.name.capitalize()}Inline",
            (PartInline,),
            {
                "kind": kind,
                "model": kind.model,
                "fk_name": kind.owner,
                # One empty form for what there is only one of, as long as there is none.
                "max_num": None if kind.is_ordered else 1,
                "extra": 0 if kind.is_ordered else 1,
                "classes": ["collapse"],
            },
        )
        for kind in PARTS[document_kind]
        if kind.owner is not None
    ]
