"""What can be done to an edition on its publishing page, by whom, and doing it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from ports import publishing, roles
from ports.admin.claims import describe_denied
from ports.admin.document_state import EditionState, NamedDifference, named_differences
from ports.admin.editing import editor
from ports.contributors import contributors
from ports.languages import SOURCE, Language, by_code
from ports.models import Document, Edition, User
from ports.publishing.freshness import behind, made_from
from ports.publishing.review import SUBMITTABLE
from ports.roles import APPROVE_WITHOUT_REVIEW, Deed


@dataclass(frozen=True, slots=True)
class Actions:
    """An edition, and what the person who looks at it can do to its latest revision.

    `is_own` says that they are a reviewer, and wrote some of it. `staleness` is how far its latest
    revision is behind the latest source revision, in words, and "" where it is not;
    `source_differences` is what changed there since it was made.
    """

    state: EditionState
    can_submit: bool
    can_review: bool
    can_ask: bool
    is_own: bool
    can_approve_without_review: bool
    can_publish: bool
    can_unpublish: bool
    can_call_off: bool
    can_be_still_correct: bool
    can_be_translated: bool
    staleness: str
    source_number: int
    source_differences: list[NamedDifference]

    @property
    def can_plan(self) -> bool:
        return self.can_publish or self.can_unpublish


def actions(user: User, states: list[EditionState]) -> list[Actions]:
    """What somebody can do to each edition of a document."""
    source = next((state for state in states if state.language is SOURCE), None)
    return [_actions(user, state, source) for state in states]


def _actions(user: User, state: EditionState, source: EditionState | None) -> Actions:
    edition, language = state.edition, state.language
    writes = roles.may(user, Deed.WRITE, language)
    reviews = roles.may(user, Deed.REVIEW, language)
    publishes = roles.may(user, Deed.PUBLISH, language)
    in_review = state.work == Edition.Work.IN_REVIEW
    approved = state.work == Edition.Work.APPROVED
    is_live = edition.live_revision_id == state.latest.pk
    is_planned_now = edition.scheduled_revision_id == state.latest.pk
    is_own = in_review and reviews and user.pk in contributors(edition, state.latest)
    staleness = (
        behind(edition, state.latest, source.latest) if source and source is not state else ""
    )
    return Actions(
        state=state,
        can_submit=writes and state.differs and state.work in SUBMITTABLE,
        can_review=reviews and in_review and not is_own,
        can_ask=reviews and (in_review or (approved and not is_live and not is_planned_now)),
        is_own=is_own,
        can_approve_without_review=not approved
        and state.differs
        and user.has_perm(APPROVE_WITHOUT_REVIEW),
        can_publish=publishes and approved and not is_live,
        can_unpublish=publishes and state.live is not None,
        can_call_off=publishes and state.is_planned,
        can_be_still_correct=bool(staleness) and writes,
        can_be_translated=writes and language is not SOURCE,
        staleness=str(Edition.Staleness(staleness).label) if staleness else "",
        source_number=source.latest.number if source else 0,
        source_differences=_source_differences(state, source) if staleness and source else [],
    )


def _source_differences(state: EditionState, source: EditionState) -> list[NamedDifference]:
    base = made_from(state.edition, state.latest)
    order = source.latest.structure or {}
    return named_differences(state.edition.document, base, source.latest, order)


def act(request: HttpRequest, document: Document) -> None:
    """Do what was asked for, and say what came of it. Raises PermissionDenied and Http404."""
    language = by_code(request.POST.get("language", ""))
    if language is None:
        raise Http404
    action = request.POST.get("action", "")
    if action not in _ACTIONS:
        messages.error(request, _("This action is not known. Nothing was changed."))
        return
    do, told = _ACTIONS[action]
    try:
        do(request, document, language)
    except publishing.ClaimsDeniedError as error:
        for claim in error.denied:
            messages.error(request, describe_denied(claim))
    except tuple(_REFUSALS) as error:
        refusal = _REFUSALS[type(error)]()
        messages.error(request, refusal % {"language": language.name, "reason": str(error)})
    else:
        messages.success(request, told() % {"languages": language.name})


_REFUSALS: Final[dict[type[Exception], Callable[[], str]]] = {
    publishing.NotPublishableError: lambda: _(
        "%(language)s was not published: a translation can be published only while the English "
        "edition is."
    ),
    publishing.OwnTextError: lambda: _(
        "You wrote some of this text. Somebody else must approve it."
    ),
    publishing.ReasonMissingError: lambda: _(
        "Write why, then press the button again. Nothing was changed."
    ),
    publishing.NoSuchRevisionError: lambda: _("There is no such revision. Nothing was changed."),
    publishing.ContentError: lambda: _(
        "This revision cannot be brought back as it was: %(reason)s"
    ),
    publishing.WrongTimeError: lambda: _(
        "Nothing was planned: the times must lie ahead, and the end after the beginning."
    ),
    publishing.WrongStateError: lambda: _(
        "Nothing was done to %(language)s: it does not stand as you saw it. Look at how it stands "
        "now."
    ),
}


def _who_and_what(request: HttpRequest, document: Document, language: Language) -> dict[str, Any]:
    return {
        "document": document,
        "language": language,
        "number": posted_number(request, "number"),
        "by": editor(request),
    }


def _noted(
    do: Callable[..., object],
) -> Callable[[HttpRequest, Document, Language], None]:
    """An action that takes what the person wrote beside it."""

    def act_with_note(request: HttpRequest, document: Document, language: Language) -> None:
        note = request.POST.get("note", "")[:2000]
        do(**_who_and_what(request, document, language), note=note)

    return act_with_note


def _publish(request: HttpRequest, document: Document, language: Language) -> None:
    publishing.publish(**_who_and_what(request, document, language))


def _revert(request: HttpRequest, document: Document, language: Language) -> None:
    publishing.revert(**_who_and_what(request, document, language))


def _unpublish(request: HttpRequest, document: Document, language: Language) -> None:
    publishing.unpublish(document=document, language=language, by=editor(request))


def _call_off(request: HttpRequest, document: Document, language: Language) -> None:
    publishing.call_off(document=document, language=language, by=editor(request))


def _schedule(request: HttpRequest, document: Document, language: Language) -> None:
    publishing.schedule(
        **_who_and_what(request, document, language),
        live_from=_moment(request, "live_from"),
        live_until=_moment(request, "live_until"),
    )


def _still_correct(request: HttpRequest, document: Document, language: Language) -> None:
    publishing.still_correct(
        **_who_and_what(request, document, language),
        source_number=posted_number(request, "source_number"),
    )


def posted_number(request: HttpRequest, name: str) -> int:
    """A number that a form sent, of at most nine digits; 0 for anything else."""
    number = request.POST.get(name, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """A time as browsers send it, which is UTC here; one that is none is long past."""
    said = request.POST.get(name, "").strip()
    if not said:
        return None
    try:
        moment = parse_datetime(said)
    except ValueError:
        moment = None
    if moment is None:
        return datetime.min.replace(tzinfo=UTC)
    return timezone.make_aware(moment, UTC) if timezone.is_naive(moment) else moment


type _Do = Callable[[HttpRequest, Document, Language], None]

_ACTIONS: Final[dict[str, tuple[_Do, Callable[[], str]]]] = {
    # Translators: %(languages)s is a list of languages by their own names.
    "submit": (_noted(publishing.submit), lambda: _("Submitted for review: %(languages)s.")),
    "request_changes": (
        _noted(publishing.request_changes),
        lambda: _("Given back to be changed: %(languages)s."),
    ),
    "approve": (_noted(publishing.approve), lambda: _("Approved: %(languages)s.")),
    "approve_without_review": (
        _noted(publishing.approve_without_review),
        lambda: _("Approved without a review: %(languages)s."),
    ),
    "publish": (_publish, lambda: _("Published: %(languages)s.")),
    "unpublish": (_unpublish, lambda: _("Unpublished: %(languages)s.")),
    "schedule": (_schedule, lambda: _("Planned: %(languages)s.")),
    "call_off": (_call_off, lambda: _("Nothing is planned any more: %(languages)s.")),
    "still_correct": (_still_correct, lambda: _("Found still correct: %(languages)s.")),
    "revert": (
        _revert,
        lambda: _("The draft is as that revision was. Readers see it once published."),
    ),
}
