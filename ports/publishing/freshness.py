"""How far translations are behind their source, kept up to date with every move of a pointer."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from ports import generation, roles
from ports.editorial.staleness import staleness
from ports.languages import SOURCE, Language
from ports.models import Document, Edition, Revision, User, WorkEvent
from ports.publishing.errors import NotPublishableError, WrongStateError
from ports.publishing.locks import locked_edition, numbered, the_latest
from ports.roles import Deed
from ports.work_items import stale_translations


@transaction.atomic
def still_correct(
    *, document: Document, language: Language, number: int, source_number: int, by: User
) -> None:
    """Say that the latest revision of a translation is right for a source revision as it stands.

    No text changes, so that it needs no review; readers no longer see that it is behind.
    """
    roles.require(by, Deed.WRITE, language)
    if language is SOURCE:
        raise WrongStateError("the source is no translation")
    edition, latest = locked_edition(document, language)
    source = Edition.objects.filter(document=document, language=SOURCE.code).first()
    if source is None:
        raise NotPublishableError("there is no source")
    WorkEvent.objects.create(
        edition=edition,
        revision=the_latest(latest, number),
        action=WorkEvent.Action.STILL_CORRECT,
        source_revision=numbered(source, source_number),
        by=by,
        at=timezone.now(),
    )
    measure(document, [language])


def measure(document: Document, languages: Iterable[Language] | None = None) -> None:
    """Write down how far the live translations are behind the live source, and tell translators.

    Of all languages, or of these.
    """
    live = Edition.objects.filter(document=document, live_revision__isnull=False).select_related(
        "live_revision__source_revision"
    )
    editions = {edition.language: edition for edition in live}
    source = editions.pop(SOURCE.code, None)
    if source is None or source.live_revision is None:
        return
    if languages is not None:
        codes = {language.code for language in languages}
        editions = {code: each for code, each in editions.items() if code in codes}
    for edition in editions.values():
        found = behind(edition, edition.live_revision, source.live_revision)
        if found != edition.staleness:
            edition.staleness = found
            edition.save(update_fields=["staleness"])
            generation.advance()
    stale_translations.follow(
        document,
        {code: edition.staleness for code, edition in editions.items()},
        source_number=source.live_revision.number,
    )


def made_from(edition: Edition, revision: Revision) -> Revision | None:
    """The newest source revision that a translation was made from, or found still correct for."""
    found = [event.source_revision for event in _confirmations(edition, revision)]
    if revision.source_revision is not None:
        found.append(revision.source_revision)
    return max(
        (each for each in found if each is not None),
        key=lambda each: each.number,
        default=None,
    )


def behind(edition: Edition, revision: Revision | None, source: Revision) -> Edition.Staleness:
    """How far a revision of a translation is behind a revision of the source."""
    base = made_from(edition, revision) if revision else None
    if base is None or base.number >= source.number or source.structure is None:
        return Edition.Staleness.NONE
    since = Revision.objects.filter(
        edition_id=source.edition_id, number__gt=base.number, number__lte=source.number
    )
    return staleness(
        edition.document.kind,
        source.structure,
        before=base.texts,
        now=source.texts,
        translated=revision.texts if revision else {},
        significances=since.values_list("significance", flat=True),
    )


def _confirmations(edition: Edition, revision: Revision) -> Iterable[WorkEvent]:
    return WorkEvent.objects.filter(
        edition=edition, revision=revision, action=WorkEvent.Action.STILL_CORRECT
    ).select_related("source_revision")
