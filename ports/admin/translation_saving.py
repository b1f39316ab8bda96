"""What a translator sent from the desk: only what they changed is saved, or nothing at all."""

from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from ports import publishing
from ports.admin.document_state import editions_of
from ports.admin.submitting import submit_drafts
from ports.admin.translation_fields import Conflict, DeskField
from ports.editorial import working
from ports.editorial.parts import Texts, column
from ports.languages import SOURCE, Language
from ports.models import Document, Revision, User

SAVE: Final = "save"
SUBMIT: Final = "submit"
STILL_CORRECT: Final = "still_correct"


@dataclass(slots=True)
class Sent:
    """What was sent, about which revisions: the translation it began with, the English beside it.

    `latest` is the latest revision of the translation now. After a refusal the fields hold what is
    to be shown: what this person typed, and elsewhere what others wrote since.
    """

    document: Document
    language: Language
    source: Revision
    base: Revision | None
    latest: Revision | None
    fields: list[DeskField]
    is_behind: bool
    posted: QueryDict
    by: User
    problems: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """What this person typed, by the name of the field."""

    @property
    def action(self) -> str:
        return self.posted.get("action", SAVE)

    @property
    def is_in_step(self) -> bool:
        """Whether they say that the translation is in step with the English text they saw."""
        return "in_step" in self.posted or self.action == STILL_CORRECT

    @property
    def vouches_for_others(self) -> bool:
        """Whether they say something of a revision that somebody saved since they looked."""
        is_said = self.action == SUBMIT or (self.is_in_step and not self.changed)
        return is_said and self.base != self.latest

    @property
    def is_refused(self) -> bool:
        return bool(self.problems or any(each.errors or each.conflict for each in self.fields))


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    is_saved: bool
    is_found_correct: bool
    is_submitted: bool


def carry_out(sent: Sent) -> Done | None:
    """Save what was changed, and what else the button says; None when it is refused.

    The document must be locked. Raises NotAllowedError when they may not write in the language.
    """
    rows = working.rows_in(sent.document, sent.language)
    _read(sent, rows)
    if sent.action == STILL_CORRECT and sent.changed:
        sent.problems.append(_("You have changed texts: save them, or undo the changes first."))
    if sent.vouches_for_others:
        sent.problems.append(
            _(
                "Somebody else saved this translation meanwhile. Their texts stand here now: look "
                "at them, then press the button again."
            )
        )
    if sent.is_in_step or sent.action == SUBMIT:
        for each in sent.fields:
            each.errors += each.missing()
    if sent.is_refused:
        return None
    try:
        # On its own, so that a save that turns out to be faulty leaves nothing behind.
        with transaction.atomic():
            return _write(sent, rows)
    except publishing.ContentError as error:
        by_place = {(each.uuid, each.text): each for each in sent.fields}
        for problem in error.problems:
            place = by_place.get((problem.uuid, problem.field))
            (place.errors if place else sent.problems).append(problem.message)
        return None


def _read(sent: Sent, rows: dict[str, working.TextRow]) -> None:
    """Find what was changed, what of it others changed too, and what stands there now."""
    base: Texts = sent.base.texts if sent.base else {}
    known = [each for each in sent.fields if each.name in sent.posted]
    form = forms.Form(sent.posted)
    form.fields = {each.name: each.form_field for each in known}
    form.full_clean()
    for each in sent.fields:
        each.translation = theirs = rows[each.uuid].texts[each.text]
        was = base.get(each.uuid, {}).get(each.text, "")
        typed = sent.posted.get(each.name)
        if typed is None or not each.form_field.has_changed(was, typed):
            continue
        each.errors = [str(error) for error in form.errors.get(each.name, [])]
        # What cannot be saved is shown as it came, all but what no page can hold.
        mine = form.cleaned_data.get(each.name, typed.replace("\0", ""))
        each.translation = sent.changed[each.name] = mine
        if theirs not in (was, mine):
            each.conflict = Conflict(was, theirs)


def _write(sent: Sent, rows: dict[str, working.TextRow]) -> Done:
    for uuid, row in rows.items():
        values = {
            column(each.text, sent.language): sent.changed[each.name]
            for each in sent.fields
            if each.uuid == uuid and each.name in sent.changed
        }
        if values:
            working.update(row.model, row.pk, values)
    saved = publishing.save_revision(
        document=sent.document,
        by=sent.by,
        seen_source=sent.source.number,
        not_in_sync=[] if sent.is_in_step else [sent.language],
    )
    is_saved = sent.language in saved
    is_found_correct = not is_saved and sent.is_in_step and sent.is_behind
    if is_found_correct and sent.latest is not None:
        publishing.still_correct(
            document=sent.document,
            language=sent.language,
            number=sent.latest.number,
            source_number=sent.source.number,
            by=sent.by,
        )
    return Done(is_saved, is_found_correct, sent.action == SUBMIT and _is_submitted(sent))


def _is_submitted(sent: Sent) -> bool:
    owner = sent.document.owner[1]
    editions = editions_of(sent.document.kind, owner, [SOURCE, sent.language])
    return bool(submit_drafts(sent.by, editions, [sent.language]))
