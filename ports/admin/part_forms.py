"""Forms of working rows, which write only what their editor changed."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ports.admin.editing import Base, Editing
from ports.editorial import working
from ports.editorial.checks import text_problems
from ports.editorial.parts import PartKind, column
from ports.languages import SOURCE, Language


class TextField(forms.CharField):
    """A text with line ends as the database keeps them, whatever the browser sent."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class PartForm(forms.ModelForm):
    """A working row as it was when the form was opened, and what the editor made of it.

    Subclasses are made for each request, with the kind of part and the editor's work.
    """

    kind: PartKind
    editing: Editing

    withdrawn = forms.BooleanField(
        label=gettext_lazy("Withdraw"),
        required=False,
        help_text=gettext_lazy("It stays here, and readers no longer see it once published."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns: dict[str, tuple[str, Language]] = {
            column(text, language): (text, language)
            for text in self.kind.texts
            for language in self.editing.languages
        }
        stored = self.instance.pk is not None
        if "withdrawn" in self.fields:
            self.initial["withdrawn"] = stored and self.instance.removed_at is not None
        for name in self._columns:
            self.initial[name] = self.initial.get(name) or ""
        self._stored = dict(self.initial) if stored else {}
        if stored and self.editing.posted is not None:
            self.initial.update(self._base_values())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, (text, language) in self._columns.items():
            is_checked = language is SOURCE or name in self.changed_data
            if is_checked and isinstance(values.get(name), str):
                for _line, message in text_problems(
                    values[name], self.editing.source_keys, self.kind.texts[text]
                ):
                    self.add_error(name, message)
        if self._stored:
            self._refuse_conflicts(values)
        self._repeat_problems()
        return values

    def save(self, commit: bool = True) -> Any:
        if not commit:
            return super().save(commit=False)
        self.write()
        return self.instance

    def write(self) -> None:
        """Write a new row, or of an existing one only the columns that this editor changed."""
        values = {name: self.cleaned_data[name] for name in self.changed_data}
        removed = {}
        if "withdrawn" in values:
            removed = {"removed_at": timezone.now() if values.pop("withdrawn") else None}
        values |= removed
        model = type(self.instance)
        names = {field.name for field in model._meta.concrete_fields}
        if self.instance.pk is None:
            self.instance.removed_at = removed.get("removed_at")
            with working.source_columns():
                self.instance.save()
        elif values := {name: value for name, value in values.items() if name in names}:
            working.update(model, self.instance.pk, values)

    def _base_values(self) -> dict[str, Any]:
        """The row's values in the revisions that the form was opened with, where they hold it."""
        uuid = str(self.instance.uuid)
        values: dict[str, Any] = {}
        part = self.editing.base_parts.get(uuid)
        if self.editing.is_new:
            # There was no document when the form was opened: every field was empty.
            values |= dict.fromkeys(self.kind.fields, "")
        elif "withdrawn" in self.fields:
            values["withdrawn"] = part is None
        if part is not None:
            values |= {name: part[name] for name in self.kind.fields}
        for name, (text, language) in self._columns.items():
            if language is SOURCE and part is None and not self.editing.is_new:
                continue  # revisions in the source language leave withdrawn parts out
            values[name] = self._base(language).texts.get(uuid, {}).get(text, "")
        return {name: value for name, value in values.items() if name in self.fields}

    def _base(self, language: Language) -> Base:
        return self.editing.base(language)

    def _refuse_conflicts(self, values: dict[str, Any]) -> None:
        """Add an error to each field that both this editor and somebody since have changed."""
        for name in self.changed_data:
            _text, language = self._columns.get(name, ("", SOURCE))
            theirs, base, mine = self._stored.get(name), self.initial.get(name), values.get(name)
            if name == "position" or not self._base(language).is_behind:
                continue
            if theirs not in (base, mine):
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

    def _repeat_problems(self) -> None:
        """Say what a save found wrong that this form alone could not see."""
        for problem in self.editing.problems:
            if problem.uuid == str(self.instance.uuid):
                self.add_error(None, problem.message)


def text_field(original: "models.Field[Any, Any]", language: Language) -> TextField:
    """The form's field for a text in a language, which says which one it is in."""
    attributes: dict[str, Any] = {"lang": language.tag, "dir": language.direction}
    widget: forms.Widget
    if isinstance(original, models.TextField):
        rows = 18 if original.name == "body" else 3 if (original.max_length or 0) < 1000 else 6
        widget = AdminTextareaWidget(attrs={**attributes, "rows": rows})
    else:
        widget = AdminTextInputWidget(attrs={**attributes, "class": "vTextField wide"})
    return TextField(
        label=capfirst(original.verbose_name),
        help_text=original.help_text if language is SOURCE else "",
        max_length=original.max_length,
        required=language is SOURCE and not original.blank,
        widget=widget,
    )
