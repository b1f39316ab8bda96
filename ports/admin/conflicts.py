"""What is told to somebody whose change meets another's: what was there, and what they wrote."""

from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ports.admin.editing import Base
from ports.languages import Language
from ports.models import Revision


def conflict_message(
    *, base: Base, uuid: str, field: str, was: str, theirs: str, language: Language | None
) -> SafeString:
    """The three versions of a field: the first two shown one by one, the editor's own in the form.

    `base` is the edition that holds it, `field` its name in revisions, and `language` that of a
    text, None for another field.
    """
    writer = _writer(base, uuid, field)
    return format_html(
        "{}{}{}",
        _(
            "Somebody else changed this while you were editing. Yours is still here, in the field: "
            "bring both together, then save again."
        ),
        _version(_("When you opened the form:"), was, language),
        _version(_signed(writer) if writer else _("Now:"), theirs, language),
    )


def _version(label: str, value: str, language: Language | None) -> SafeString:
    attributes = (
        format_html(' lang="{}" dir="{}"', language.tag, language.direction)
        if language
        else SafeString(' dir="auto"')
    )
    # Translators: a field of a form that holds nothing.
    shown = value or format_html("<em>{}</em>", pgettext("field", "empty"))
    return format_html(
        '<details class="version" open><summary>{}</summary><div class="text"{}>{}</div></details>',
        label,
        attributes,
        shown,
    )


def _signed(revision: Revision) -> str:
    who = revision.created_by or revision.get_origin_display()
    # Translators: %(who)s is a person, %(when)s a date and time; below it stands what they wrote.
    return _("%(who)s, %(when)s:") % {
        "who": who,
        "when": date_format(revision.created_at, "DATETIME_FORMAT"),
    }


def _writer(base: Base, uuid: str, field: str) -> Revision | None:
    """The revision that brought a field to what it is now: another may have followed since."""
    if base.latest is None:
        return None
    since = (
        Revision.objects.filter(edition=base.latest.edition_id, number__gt=base.number)
        .select_related("created_by")
        .order_by("-number")
    )
    found = None
    for revision in since:
        if _value(revision, uuid, field) != _value(base.latest, uuid, field):
            break
        found = revision
    return found


def _value(revision: Revision, uuid: str, field: str) -> Any:
    """A field in a revision; of `withdrawn` and the like, whether the part is there at all."""
    text = revision.texts.get(uuid, {}).get(field)
    if text is not None:
        return text
    parts = (part for of_kind in (revision.structure or {}).values() for part in of_kind)
    part = next((part for part in parts if part["uuid"] == uuid), None)
    return None if part is None else part.get(field, "")
