"""The comments on a document's editions, by field and in words, as its editors see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import gettext as _

from ports import comments
from ports.admin.document_state import EditionState
from ports.editorial.in_words import field_name, part_name
from ports.editorial.parts import PARTS, PartKind, Structure, Texts
from ports.languages import SOURCE
from ports.models import Comment, Document, Revision, User


class Typed(NamedTuple):
    """What somebody sent that could not be taken: into which form, about what, and the text."""

    language: str
    thread: int
    about: str
    text: str


class Choice(NamedTuple):
    """A field that one can comment on: as it is sent, and in words."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and its answers, in order.

    `is_old` says that it is on an earlier revision than the latest, and `is_changed` that what it
    is about is not what it was there. `typed` is an answer that could not be taken.
    """

    number: int
    remarks: list[Comment]
    is_old: bool
    is_changed: bool
    typed: str

    @property
    def first(self) -> Comment:
        return self.remarks[0]

    @property
    def is_settled(self) -> bool:
        """Whether it can be folded away: an answer that waits to be sent again cannot."""
        return self.first.settled_at is not None and not self.typed


@dataclass(slots=True)
class Group:
    """The threads about one field, named in words."""

    name: str
    threads: list[Thread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EditionComments:
    """What was said about an edition: open threads and settled ones, by field.

    `choices` are what one can comment on, and empty for those who may not comment.
    """

    open: list[Group]
    settled: list[Group]
    choices: list[Choice]
    typed: Typed | None

    @property
    def open_count(self) -> int:
        return sum(len(group.threads) for group in self.open)

    @property
    def settled_count(self) -> int:
        return sum(len(group.threads) for group in self.settled)


class _Content(NamedTuple):
    """What a revision holds."""

    structure: Structure
    texts: Texts
    digest: str


class _Place(NamedTuple):
    """Where a part stands in its document."""

    kind: PartKind
    place: int


def comments_on(
    user: User, document: Document, states: list[EditionState], typed: Typed | None = None
) -> dict[str, EditionComments]:
    """What was said about each edition, by language code. Two queries, however much it is."""
    found = list(
        Comment.objects.filter(revision__edition__document=document)
        .select_related("by", "settled_by")
        .annotate(number=F("revision__number"), language=F("revision__edition__language"))
    )
    contents = _contents(found, states)
    source = next((state.latest for state in states if state.language is SOURCE), None)
    # The parts of today come first; those that were withdrawn keep the name they had.
    structures = [source.structure or {}] if source else []
    structures += [content.structure for content in contents.values()]
    places = _places(document, structures)
    today = _places(document, structures[:1])
    told = {}
    for state in states:
        code = state.language.code
        threads = _threads(
            [comment for comment in found if comment.language == code],
            contents,
            state.latest,
            typed,
        )
        fields = _fields(today, state)
        names = {"": _("The whole text")} | dict(fields)
        may_comment = comments.may_comment(user, state.language)
        told[code] = EditionComments(
            open=_groups((each for each in threads if not each.is_settled), names, places),
            settled=_groups((each for each in threads if each.is_settled), names, places),
            choices=[Choice(*each) for each in names.items()] if may_comment else [],
            typed=typed if typed and typed.language == code and not typed.thread else None,
        )
    return told


def _contents(found: Iterable[Comment], states: list[EditionState]) -> dict[int, _Content]:
    """The revisions that comments are on, and the latest ones, by id."""
    latest = {
        state.latest.pk: _Content(
            state.latest.structure or {}, state.latest.texts, state.latest.digest
        )
        for state in states
    }
    missing = {comment.revision_id for comment in found} - latest.keys()
    if not missing:
        return latest
    rows = Revision.objects.filter(pk__in=missing).order_by("-id")
    older = {
        pk: _Content(structure or {}, texts, digest)
        for pk, structure, texts, digest in rows.values_list("pk", "structure", "texts", "digest")
    }
    return latest | older


def _places(document: Document, structures: list[Structure]) -> dict[str, _Place]:
    """Where each part stands, by its uuid, in the first of the structures that holds it."""
    found: dict[str, _Place] = {}
    for structure in structures:
        for kind in PARTS[document.kind]:
            for place, part in enumerate(structure.get(kind.name, []), start=1):
                found.setdefault(part["uuid"], _Place(kind, place))
    return found


def _fields(places: dict[str, _Place], state: EditionState) -> list[tuple[str, str]]:
    return [
        (f"{uuid}:{name}", _in_words(place, name))
        for uuid, place in places.items()
        for name in comments.fields_of(place.kind, state.language)
    ]


def _in_words(place: _Place, name: str) -> str:
    return f"{part_name(place.kind, place.place)} – {field_name(place.kind, name)}"


def _threads(
    found: list[Comment],
    contents: dict[int, _Content],
    latest: Revision,
    typed: Typed | None,
) -> list[Thread]:
    remarks: dict[int, list[Comment]] = {}
    for comment in found:
        remarks.setdefault(comment.thread_id or comment.pk, []).append(comment)
    return [
        Thread(
            number=of_one[0].number,  # type: ignore[attr-defined]
            remarks=of_one,
            is_old=of_one[0].revision_id != latest.pk,
            is_changed=_about(contents[of_one[0].revision_id], of_one[0])
            != _about(contents[latest.pk], of_one[0]),
            typed=typed.text if typed and typed.thread == pk else "",
        )
        for pk, of_one in remarks.items()
    ]


def _about(content: _Content, comment: Comment) -> Any:
    """What a comment is about, as a revision has it."""
    if comment.part is None:
        return content.digest
    uuid = str(comment.part)
    fields = {
        name: value
        for parts in content.structure.values()
        for part in parts
        if part["uuid"] == uuid
        for name, value in part.items()
    }
    return (fields | content.texts.get(uuid, {})).get(comment.field, "")


def _groups(
    threads: Iterable[Thread], names: dict[str, str], places: dict[str, _Place]
) -> list[Group]:
    """The threads by field, in the order of the document; withdrawn parts at the end."""
    groups: dict[str, Group] = {}
    for thread in threads:
        about = f"{thread.first.part}:{thread.first.field}" if thread.first.part else ""
        if about not in groups:
            place = places.get(str(thread.first.part))
            was = _in_words(place, thread.first.field) if place else ""
            groups[about] = Group(names.get(about) or _withdrawn(was))
        groups[about].threads.append(thread)
    order = {about: index for index, about in enumerate(names)}
    return [groups[about] for about in sorted(groups, key=lambda each: order.get(each, len(order)))]


def _withdrawn(name: str) -> str:
    if not name:
        return _("A part that was withdrawn")
    # Translators: %(field)s is a part of an article and one of its fields: "FAQ 2 – answer".
    return _("%(field)s (withdrawn)") % {"field": name}
