"""What editors say to each other about a text: the only place where it is written.

A comment is about a revision, at one of its fields or on all of it, and begins a thread; answers
follow. Nothing is changed or deleted, which the database itself sees to (see
`ports.append_only`); a thread is settled, and opened again.
"""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from ports import notices, roles
from ports.editorial.parts import PARTS, PartKind, Structure
from ports.languages import SOURCE, Language, by_code
from ports.models import Comment, Document, Revision, User
from ports.roles import Deed, NotAllowedError

LONGEST: Final = 4_000
"""The most characters of a comment."""


class CommentTextError(ValueError):
    """A comment that says nothing, more than it may, or what no database holds."""


class NoSuchFieldError(LookupError):
    """A field that no part of the document has."""


def may_comment(user: User, language: Language) -> bool:
    """Whether somebody may comment on texts in a language: who has a role there, or for English."""
    return roles.may(user, Deed.WRITE, SOURCE) or any(
        roles.may(user, deed, language) for deed in Deed
    )


@transaction.atomic
def add(
    *, revision: Revision, text: str, by: User, part: UUID | None = None, field: str = ""
) -> Comment:
    """Begin a thread about a field of a part of a revision, or about all of it.

    Raises CommentTextError; NoSuchFieldError; NotAllowedError.
    """
    _require(by, revision)
    if (part is None) != (not field) or (part and not _has_field(revision, part, field)):
        raise NoSuchFieldError(field)
    return _write(Comment(revision=revision, part=part, field=field, text=text, by=by))


@transaction.atomic
def answer(*, thread: Comment, text: str, by: User) -> Comment:
    """Answer in a thread, which is open again if it was settled.

    Raises CommentTextError and NotAllowedError.
    """
    thread = _locked(thread, by)
    written = _write(
        Comment(
            revision=thread.revision,
            part=thread.part,
            field=thread.field,
            thread=thread,
            text=text,
            by=by,
        )
    )
    _mark(thread, None)
    return written


@transaction.atomic
def settle(*, thread: Comment, by: User) -> None:
    """Say that nothing is left to do about a thread; raises NotAllowedError."""
    thread = _locked(thread, by)
    if thread.settled_at is None:
        _mark(thread, by)


@transaction.atomic
def reopen(*, thread: Comment, by: User) -> None:
    """Open a settled thread again; raises NotAllowedError."""
    _mark(_locked(thread, by), None)


def open_threads(document: Document) -> dict[str, int]:
    """How many threads are open, by language code; languages without any are left out."""
    return dict(
        Comment.objects.filter(revision__edition__document=document, thread=None, settled_at=None)
        .order_by()
        .values_list("revision__edition__language")
        .annotate(Count("id"))
    )


def fields_of(kind: PartKind, language: Language) -> tuple[str, ...]:
    """The fields of a kind of part that one can comment on in a language."""
    return (*kind.texts, *kind.fields) if language is SOURCE else tuple(kind.texts)


def _write(comment: Comment) -> Comment:
    """Store a comment or an answer. Whoever is to be told of it is told from here."""
    text = comment.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise CommentTextError(text[:60])
    comment.text = text
    comment.at = timezone.now()
    comment.save(force_insert=True)
    notices.commented(comment)
    return comment


def _locked(thread: Comment, by: User) -> Comment:
    """The comment that began a thread, as it is now, until the end of the transaction."""
    found = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("revision__edition")
        .get(pk=thread.thread_id or thread.pk)
    )
    _require(by, found.revision)
    return found


def _require(by: User, revision: Revision) -> None:
    language = by_code(revision.edition.language) or SOURCE
    if not may_comment(by, language):
        raise NotAllowedError(Deed.WRITE, language)


def _mark(thread: Comment, settled_by: User | None) -> None:
    thread.settled_by = settled_by
    thread.settled_at = timezone.now() if settled_by else None
    thread.save(update_fields=["settled_by", "settled_at"])


def _has_field(revision: Revision, part: UUID, field: str) -> bool:
    """Whether a part that an editor of the revision could see has a field of this name."""
    edition = revision.edition
    language = by_code(edition.language) or SOURCE
    structures: list[Any] = [revision.structure]
    if language is not SOURCE:
        # The structure it was made from, and the one beside which it is read today.
        structures = [
            *Revision.objects.filter(translations=revision).values_list("structure", flat=True),
            *edition.document.editions.filter(language=SOURCE.code).values_list(
                "latest_revision__structure", flat=True
            ),
        ]
    return any(
        field in fields_of(kind, language)
        for structure in structures
        for kind in PARTS[edition.document.kind]
        if _holds(structure or {}, kind, part)
    )


def _holds(structure: Structure, kind: PartKind, part: UUID) -> bool:
    return any(UUID(each["uuid"]) == part for each in structure.get(kind.name, []))
