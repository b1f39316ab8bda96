"""Planning when an edition goes live and when it ends, and doing what is due."""

import logging
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ports import roles
from ports.languages import SOURCE, Language, by_code
from ports.models import Document, Edition, PublicationEvent, Revision, User
from ports.publishing import publication
from ports.publishing.errors import (
    ClaimsDeniedError,
    NotPublishableError,
    WrongStateError,
    WrongTimeError,
)
from ports.publishing.locks import lock, locked_edition, the_latest
from ports.roles import Deed

logger = logging.getLogger(__name__)

Action = PublicationEvent.Action


@transaction.atomic
def schedule(
    *,
    document: Document,
    language: Language,
    number: int,
    by: User,
    live_from: datetime | None = None,
    live_until: datetime | None = None,
) -> None:
    """Plan when the latest revision goes live, when the edition is unpublished, or both.

    A revision must be approved to go live. Raises WrongStateError when it is not, or when there is
    nothing to end; WrongTimeError for times that are past or in the wrong order.
    """
    roles.require(by, Deed.PUBLISH, language)
    edition, latest = locked_edition(document, language)
    revision = the_latest(latest, number)
    now = timezone.now()
    if not (live_from or live_until) or min(filter(None, (live_from, live_until))) <= now:
        raise WrongTimeError("the times must lie ahead")
    if live_from and live_until and live_until <= live_from:
        raise WrongTimeError("it must end after it begins")
    if live_from:
        if edition.live_revision_id == revision.pk:
            raise WrongStateError("it is live already")
        publication.check_publishable(edition, revision, at=live_from)
        edition.scheduled_revision, edition.live_from = revision, live_from
        _tell(edition, revision, Action.SCHEDULED, by, _in_utc(live_from))
    elif edition.live_revision is None and edition.scheduled_revision is None:
        raise WrongStateError("there is nothing to end")
    if live_until:
        if edition.live_from and live_until <= edition.live_from:
            raise WrongTimeError("it must end after it begins")
        edition.live_until = live_until
        about = edition.scheduled_revision or edition.live_revision or revision
        _tell(edition, about, Action.SCHEDULED_END, by, _in_utc(live_until))
    edition.save(update_fields=["scheduled_revision", "live_from", "live_until"])


@transaction.atomic
def call_off(*, document: Document, language: Language, by: User) -> None:
    """Give up what is planned of an edition."""
    roles.require(by, Deed.PUBLISH, language)
    edition, latest = locked_edition(document, language)
    if not (edition.live_from or edition.live_until):
        raise WrongStateError("nothing is planned")
    about = edition.scheduled_revision or edition.live_revision or latest
    _tell(edition, about, Action.UNSCHEDULED, by)
    _forget(edition)


def carry_out_due(now: datetime | None = None) -> int:
    """Publish and unpublish what is due, each in a transaction of its own; return how many.

    Sources before translations, so that both can be planned for the same moment. Safe to run in
    several processes at once. What cannot go live any more stays as it was, and its plan ends.
    """
    now = now or timezone.now()
    due = Edition.objects.filter(Q(live_from__lte=now) | Q(live_until__lte=now))
    editions = sorted(
        due.values_list("language", "pk"), key=lambda edition: edition[0] != SOURCE.code
    )
    return sum(_is_carried_out(pk, now) for _language, pk in editions)


def _is_carried_out(pk: int, now: datetime) -> bool:
    try:
        return _carry_out(pk, now)
    except Exception:
        # It stays due. The others need not wait until somebody has mended it.
        logger.exception("What is planned of edition %s could not be done", pk)
        return False


@transaction.atomic
def _carry_out(pk: int, now: datetime) -> bool:
    found = Edition.objects.select_related("document").filter(pk=pk).first()
    if found is None:
        return False
    document = lock(found.document)
    edition = Edition.objects.select_related("document", "live_revision", "scheduled_revision").get(
        pk=pk
    )
    planner = _planner(edition)
    done = False
    if edition.live_from and edition.live_from <= now and edition.scheduled_revision:
        revision = edition.scheduled_revision
        edition.scheduled_revision = edition.live_from = None
        edition.save(update_fields=["scheduled_revision", "live_from"])
        try:
            publication.check_publishable(edition, revision)
        except (ClaimsDeniedError, NotPublishableError, WrongStateError) as error:
            logger.warning("%s could not be published as planned: %s", edition, error)
            _tell(edition, revision, Action.FAILED, planner, str(error))
        else:
            publication.show(edition, revision, by=planner)
        done = True
    language = by_code(edition.language)
    if edition.live_until and edition.live_until <= now and language:
        edition.live_until = None
        edition.save(update_fields=["live_until"])
        publication.hide(document, language, Action.EXPIRED, by=planner)
        done = True
    return done


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _planner(edition: Edition) -> User | None:
    """Who planned it: what the plan does, they did."""
    planned = (Action.SCHEDULED, Action.SCHEDULED_END)
    event = PublicationEvent.objects.filter(edition=edition, action__in=planned).first()
    return event.by if event else None


def _forget(edition: Edition) -> None:
    edition.scheduled_revision = edition.live_from = edition.live_until = None
    edition.save(update_fields=["scheduled_revision", "live_from", "live_until"])


def _tell(
    edition: Edition, revision: Revision, action: Action, by: User | None, note: str = ""
) -> None:
    PublicationEvent.objects.create(
        edition=edition, revision=revision, action=action, by=by, at=timezone.now(), note=note
    )
