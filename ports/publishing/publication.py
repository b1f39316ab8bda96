"""Moving the pointer to the revision that readers see."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ports import generation, roles
from ports.editorial.claims import check_claims
from ports.editorial.parts import Structure
from ports.languages import SOURCE, Language
from ports.models import Document, Edition, PublicationEvent, Revision, User, WorkEvent
from ports.publishing import freshness
from ports.publishing.errors import ClaimsDeniedError, NotPublishableError, WrongStateError
from ports.publishing.locks import locked_edition, numbered
from ports.registry.claims import Verdict
from ports.roles import Deed
from ports.work_items import stale_translations

Action = PublicationEvent.Action

_VERDICTS = (
    WorkEvent.Action.APPROVED,
    WorkEvent.Action.APPROVED_WITHOUT_REVIEW,
    WorkEvent.Action.CHANGES_REQUESTED,
)


@transaction.atomic
def publish(
    *, document: Document, language: Language, by: User | None, number: int | None = None
) -> Revision:
    """Make a revision of an edition live: the latest, or the one with this number.

    It must have been approved; what comes with the program (by None) needs no approval. Raises
    NotPublishableError when nothing is saved, or when a translation's source is not live;
    WrongStateError when it is not approved; NoSuchRevisionError; ClaimsDeniedError when the
    registry denies a claim of the source revision.
    """
    if by is not None:
        roles.require(by, Deed.PUBLISH, language)
    edition, latest = locked_edition(document, language)
    revision = latest if number is None else numbered(edition, number)
    check_publishable(edition, revision)
    if edition.scheduled_revision_id == revision.pk:
        edition.scheduled_revision = edition.live_from = None
        edition.save(update_fields=["scheduled_revision", "live_from"])
    show(edition, revision, by=by)
    return revision


def check_publishable(edition: Edition, revision: Revision, *, at: datetime | None = None) -> None:
    """Raise what stands in the way of a revision that is to go live, now or at a time."""
    if revision.origin != Revision.Origin.BUNDLED and not _approval(revision):
        raise WrongStateError("it is not approved")
    if edition.language == SOURCE.code:
        denied = [c for c in check_claims(revision.structure or {}) if c.verdict == Verdict.DENIED]
        if denied:
            raise ClaimsDeniedError(denied)
        return
    is_there = Q(live_revision__isnull=False)
    if at is not None:
        is_there |= Q(live_from__lte=at)
    source = Edition.objects.filter(document=edition.document_id, language=SOURCE.code)
    if not source.filter(is_there).exists():
        raise NotPublishableError("the source is not live")


def show(edition: Edition, revision: Revision, *, by: User | None) -> None:
    """Let readers see a revision from now on."""
    if edition.language == SOURCE.code:
        _show_on_pages(edition.document, revision.structure or {})
    if edition.live_revision_id == revision.pk:
        return
    review = _approval(revision)
    is_reviewed = review is not None and review.action == WorkEvent.Action.APPROVED
    edition.reviewed_at = review.at if review and is_reviewed else None
    _move_pointer(edition, revision, Action.PUBLISHED, by=by)
    freshness.measure(edition.document)


@transaction.atomic
def unpublish(*, document: Document, language: Language, by: User) -> None:
    """Take an edition from the readers; with the source go all translations.

    Raises WrongStateError when it is not live.
    """
    roles.require(by, Deed.PUBLISH, language)
    edition, _latest = locked_edition(document, language)
    if edition.live_revision is None:
        raise WrongStateError("it is not live")
    hide(edition.document, language, Action.UNPUBLISHED, by=by)


def hide(document: Document, language: Language, action: Action, *, by: User | None) -> None:
    """Let readers no longer see an edition."""
    gone = Edition.objects.filter(document=document, live_revision__isnull=False)
    if language is not SOURCE:
        gone = gone.filter(language=language.code)
    editions = list(gone.select_related("live_revision"))
    for edition in editions:
        edition.reviewed_at = None
        edition.staleness = Edition.Staleness.NONE
        edition.live_until = None
        _move_pointer(edition, None, action, by=by)
    stale_translations.close(document, [edition.language for edition in editions])
    if language is SOURCE:
        _show_on_pages(document, {})


def _approval(revision: Revision) -> WorkEvent | None:
    """How a revision was approved; None when it was not, or was given back since."""
    last = WorkEvent.objects.filter(revision=revision, action__in=_VERDICTS).order_by("-id").first()
    return None if last is None or last.action == WorkEvent.Action.CHANGES_REQUESTED else last


def _show_on_pages(document: Document, structure: Structure) -> None:
    """Say on which pages the document stands: those of its live structure; on none for {}."""
    first = last = None
    name = ""
    if structure and document.kind == Document.Kind.PORT:
        first = last = document.port_id
    for usage in structure.get("usage", []):
        first, last = usage["first_port"], usage["last_port"]
    for gloss in structure.get("gloss", []):
        name = gloss["service_name"].lower()
    document.live_first_port, document.live_last_port = first, last
    document.live_service_name = name
    document.has_live_article = bool(structure.get("article"))
    document.save(
        update_fields=[
            "live_first_port", "live_last_port", "live_service_name", "has_live_article",
        ]
    )  # fmt: skip


def _move_pointer(
    edition: Edition, revision: Revision | None, action: Action, *, by: User | None
) -> None:
    about = revision or edition.live_revision
    edition.live_revision = revision
    if revision is not None and revision.pk == edition.latest_revision_id:
        edition.work = Edition.Work.APPROVED
    edition.save(update_fields=["live_revision", "work", "reviewed_at", "staleness", "live_until"])
    if about is not None:
        generation.advance()
        PublicationEvent.objects.create(
            edition=edition, revision=about, action=action, by=by, at=timezone.now()
        )
