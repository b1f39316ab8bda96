"""Forms of working rows, which write only what their editor changed."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ports.admin.conflicts import conflict_message
from ports.admin.editing import Base, Editing
from ports.editorial import working
from ports.editorial.checks import text_problems
from ports.editorial.parts import Markup, PartKind, as_kept, column
from ports.languages import SOURCE, Language


class TextField(forms.CharField):
    """A text with line ends as the database keeps them, without blank lines at its ends."""

    def __init__(self, *, markup: Markup, **kwargs: Any) -> None:
        self.markup = markup
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = as_kept(value, self.markup)
        return super().to_python(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial or "") != self.to_python(data or ""))


class PartForm(forms.ModelForm):
    """A working row as it was when the form was opened, and what the editor made of it.

    Subclasses are made for each request, with the kind of part and the editor's work. `is_adopted`
    says that somebody else made the row since the form was opened without it.
    """

    kind: PartKind
    editing: Editing

    withdrawn = forms.BooleanField(
        label=gettext_lazy("Withdraw"),
        required=False,
        help_text=gettext_lazy("It stays here, and readers no longer see it once published."),
    )

    def __init__(self, *args: Any, is_adopted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns: dict[str, tuple[str, Language]] = {
            column(text, language): (text, language)
            for text in self.kind.texts
            for language in self.editing.languages
        }
        stored = self.instance.pk is not None
        for name, field in self.fields.items():
            _text, language = self._columns.get(name, ("", SOURCE))
            field.disabled = field.disabled or language not in self.editing.writable
        if "withdrawn" in self.fields:
            self.initial["withdrawn"] = stored and self.instance.removed_at is not None
        for name in self._columns:
            self.initial[name] = self.initial.get(name) or ""
        self._stored = dict(self.initial) if stored else {}
        if stored and self.is_bound:
            self.initial.update(self._base_values(is_adopted=is_adopted))

    @cached_property
    def changed_data(self) -> list[str]:
        """What the editor changed; what the browser did not send was not emptied."""
        omitted = {
            name
            for name, field in self.fields.items()
            if name != "withdrawn"
            and field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))
        }
        return [name for name in super().changed_data if name not in omitted]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("withdrawn"):
            self._refuse_changes_of_withdrawn(values)
        else:
            self._check_texts(values)
        if self._stored:
            self._refuse_conflicts(values)
            # Rules that hold between fields hold for the row as it will be.
            for name in {*self.kind.fields, *self._columns} - set(self.changed_data):
                if name in values:
                    values[name] = self._stored[name]
        for problem in self.editing.problems:
            if problem.uuid == str(self.instance.uuid):
                self.add_error(None, problem.message)
        return values

    def save(self, commit: bool = True) -> Any:
        if not commit:
            return super().save(commit=False)
        self.write()
        return self.instance

    def make_way(self) -> None:
        """Give up what another row of the form may want: a place among the active, a key."""
        values: dict[str, Any] = {}
        if "withdrawn" in self.changed_data and self.cleaned_data["withdrawn"]:
            values["removed_at"] = timezone.now()
        if "key" in self.changed_data:
            values["key"] = self.instance.uuid.hex
        if values:
            working.update(type(self.instance), self.instance.pk, values)

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
            self._insert()
        elif values := {name: value for name, value in values.items() if name in names}:
            working.update(model, self.instance.pk, values)

    def _insert(self) -> None:
        if self.kind.is_ordered and "position" not in self.changed_data:
            others = self.kind.model._default_manager.filter(
                **{str(self.kind.owner): getattr(self.instance, f"{self.kind.owner}_id")}
            )
            last = others.aggregate(last=Max("position"))["last"] or 0
            self.instance.position = last + 10
        with working.source_columns():
            self.instance.save()

    def _base_values(self, *, is_adopted: bool) -> dict[str, Any]:
        """The row's values in the revisions that the form was opened with, where they hold it."""
        uuid = str(self.instance.uuid)
        values: dict[str, Any] = {}
        part = self.editing.base_parts.get(uuid)
        if is_adopted:
            values |= dict.fromkeys([*self.kind.fields, *self._columns], "")
        elif "withdrawn" in self.fields:
            values["withdrawn"] = part is None
        if part is not None:
            values |= {name: part[name] for name in self.kind.fields}
        for name, (text, language) in self._columns.items():
            if language is SOURCE and part is None:
                continue  # revisions in the source language leave withdrawn parts out
            values[name] = self._base(language).texts.get(uuid, {}).get(text, "")
        return {name: value for name, value in values.items() if name in self.fields}

    def _base(self, language: Language) -> Base:
        return self.editing.base(language)

    def _check_texts(self, values: dict[str, Any]) -> None:
        """Add an error for each token and footnote that is none, in English and what changed."""
        keys = {source.key for source in self.editing.source_keys}
        for name, (text, language) in self._columns.items():
            is_checked = language is SOURCE or name in self.changed_data
            if is_checked and isinstance(values.get(name), str):
                for _line, message in text_problems(values[name], keys, self.kind.texts[text]):
                    self.add_error(name, message)

    def _refuse_changes_of_withdrawn(self, values: dict[str, Any]) -> None:
        """A withdrawn part needs no text, and none is changed: no revision would keep it."""
        for name in [*self.errors]:
            if all(error.code == "required" for error in self.errors.as_data().get(name, [])):
                del self.errors[name]
                values[name] = self._stored.get(name, "")
        for name in self.changed_data:
            if name not in {"withdrawn", "position"}:
                self.add_error(
                    name,
                    _(
                        "A withdrawn part cannot be changed. Save the change first, then withdraw "
                        "the part."
                    ),
                )

    def _refuse_conflicts(self, values: dict[str, Any]) -> None:
        """Add an error to each field that both this editor and somebody since have changed."""
        for name in self.changed_data:
            text, language = self._columns.get(name, ("", SOURCE))
            theirs, base, mine = self._stored.get(name), self.initial.get(name), values.get(name)
            if name == "position" or not self._base(language).is_behind:
                continue
            if theirs not in (base, mine):
                message = conflict_message(
                    base=self._base(language),
                    uuid=str(self.instance.uuid),
                    field=text or name,
                    was=self._shown(name, base),
                    theirs=self._shown(name, theirs),
                    language=language if text else None,
                )
                self.add_error(name, ValidationError(message, code="conflict"))

    def _shown(self, name: str, value: Any) -> str:
        """A value as the form's field shows it to people."""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        choices = getattr(self.fields[name], "choices", ())
        return str(dict(choices).get(value, "" if value is None else value))


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
        markup=Markup.BLOCK
        if isinstance(original, models.TextField) and original.name != "summary"
        else Markup.INLINE,
        label=capfirst(original.verbose_name),
        help_text=original.help_text if language is SOURCE else "",
        max_length=original.max_length,
        required=language is SOURCE and not original.blank,
        widget=widget,
    )
