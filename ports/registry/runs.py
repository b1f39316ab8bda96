"""The runs of the registry's refresh: asked for, taken up, ended. Every change of their state.

The rows are the truth. Whoever takes a run up holds it by a lease that its progress renews; when
the lease has run out, another takes the run up, and the first can no longer end it, since each
attempt has its number.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import Error, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ports.models import RefreshRun, RegistryFile, Snapshot, User
from ports.registry import archive, store
from ports.registry.fetch import Body, Validators, fetch
from ports.registry.reasons import (
    FIGURE_REASONS,
    FetchError,
    Reason,
    RefreshError,
    RegistryRefusedError,
)
from ports.registry.refresh import READING_RULES, Outcome, Result, refresh

logger = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 3
"""How often a run is taken up before it is given up: one that kills its workers must end."""

_SECONDS_BETWEEN_RENEWALS: Final = 1

State = RefreshRun.State
Step = RefreshRun.Step


class BusyError(Exception):
    """Another run is going on, which is `run`; or was, when it is None."""

    def __init__(self, run: RefreshRun | None) -> None:
        self.run = run
        super().__init__(run)


class NotAcceptableError(Exception):
    """The file of this run cannot be accepted, or was already."""


class LeaseLostError(Exception):
    """Another has taken the run up meanwhile; whatever was done is taken back."""


def request(
    *,
    door: RefreshRun.Door,
    by: User | None = None,
    source: str | None = None,
    due_at: datetime | None = None,
) -> RefreshRun:
    """Ask for a refresh from `source` (REGISTRY_URL by default), now or when it is due.

    A run from there that is due or running already is given back instead of another one.
    """
    source = source or settings.REGISTRY_URL
    with transaction.atomic():
        store.lock(store.Lock.REQUESTS)
        # Only now: what somebody asked for while this one waited is due already.
        now = timezone.now()
        under_way = RefreshRun.objects.filter(
            Q(state=State.RUNNING, lease_until__gte=now)
            | Q(state=State.QUEUED, due_at__lte=due_at or now),
            source=source,
            accepts=None,
        )
        return under_way.first() or RefreshRun.objects.create(
            door=door, asked_by=by, asked_at=now, due_at=due_at or now, source=source
        )


def accept(refused: RefreshRun, *, by: User, why: str) -> RefreshRun:
    """Ask for the file of a refused run to be applied against its figures.

    Raises NotAcceptableError unless `is_acceptable`.
    """
    now = timezone.now()
    with transaction.atomic():
        store.lock(store.Lock.REQUESTS)
        refused.refresh_from_db()
        if not is_acceptable(refused):
            raise NotAcceptableError
        return RefreshRun.objects.create(
            door=RefreshRun.Door.ADMIN,
            asked_by=by,
            asked_at=now,
            due_at=now,
            source=refused.source,
            accepts=refused,
            acceptance=why,
        )


def is_acceptable(refused: RefreshRun) -> bool:
    """Whether a person may accept what was refused.

    Its figures were odd, its file is still kept, and nobody has accepted it before.
    """
    return (
        refused.state == State.REFUSED
        and refused.reason in FIGURE_REASONS
        and refused.file_id is not None
        and not refused.acceptances.exclude(state__in=[State.REFUSED, State.FAILED]).exists()
    )


def begin(*, source: str) -> RefreshRun:
    """Begin a run in the foreground; raises BusyError when another is going on."""
    now = timezone.now()
    _release_abandoned(now)
    try:
        with transaction.atomic():
            return RefreshRun.objects.create(
                state=State.RUNNING,
                door=RefreshRun.Door.COMMAND,
                asked_at=now,
                due_at=now,
                started_at=now,
                source=source,
                attempts=1,
                lease_until=_lease(now),
            )
    except IntegrityError as error:
        raise BusyError(RefreshRun.objects.filter(state=State.RUNNING).first()) from error


def take_up_all() -> None:
    """Carry out every run that waits, one after the other; those too whose worker died."""
    while run := take_up(timezone.now()):
        try:
            carry_out(run)
        except RefreshError as error:
            logger.warning("The registry was not refreshed: %s", error)
        except LeaseLostError:
            logger.warning("Run %s was taken up by another worker meanwhile", run.pk)


def take_up(now: datetime) -> RefreshRun | None:
    """The next run that waits, now held by the caller; None when none does or another is held."""
    _release_abandoned(now)
    for run in RefreshRun.objects.waiting(now):
        try:
            with transaction.atomic():
                taken = RefreshRun.objects.filter(
                    pk=run.pk, state=State.QUEUED, attempts=run.attempts
                ).update(
                    state=State.RUNNING,
                    attempts=run.attempts + 1,
                    lease_until=_lease(now),
                    started_at=run.started_at or now,
                )
        except IntegrityError:
            return None  # one run at a time
        if taken:
            run.refresh_from_db()
            return run
    return None


def carry_out(
    run: RefreshRun,
    *,
    received: Callable[[int, int | None], None] = lambda _so_far, _in_all: None,
    progress: Callable[[RefreshRun.Step], None] = lambda _step: None,
) -> Outcome | None:
    """Do what a run that the caller holds asks for; None when its source holds nothing new.

    Raises RefreshError, when the run has ended as refused or failed, and LeaseLostError, when
    another has taken it up. Progress is told to both callbacks, and to the run's row.
    """
    renew_at = 0.0

    def on_received(so_far: int, in_all: int | None) -> None:
        nonlocal renew_at
        received(so_far, in_all)
        if monotonic() >= renew_at or so_far == in_all:
            _renew(run, bytes_received=so_far, bytes_expected=in_all)
            renew_at = monotonic() + _SECONDS_BETWEEN_RENEWALS

    def on_progress(step: RefreshRun.Step) -> None:
        progress(step)
        _renew(run, step=step)

    with _ending_when_it_fails(run):
        on_progress(Step.GETTING)
        with _file_of(run, on_received) as body:
            if body is None:
                _note_not_modified(run)
                return None
            try:
                return refresh(
                    body,
                    accepting=run.accepts_id is not None,
                    progress=on_progress,
                    seal=lambda outcome: _end_with(run, outcome),
                )
            except RegistryRefusedError as refusal:
                _refuse(run, refusal, _kept(refusal, body))
                raise


@contextmanager
def _ending_when_it_fails(run: RefreshRun) -> Iterator[None]:
    """End a run whose work raises, unless it has ended already or is not held any more.

    Whatever the database raises is left to the lease: the run's row may be out of reach.
    """
    try:
        yield
    except RefreshError as error:
        if not run.has_ended:
            if isinstance(error, RegistryRefusedError):
                _refuse(run, error, None)
            else:
                _fail(run, error)
        raise
    except (Error, LeaseLostError):
        raise
    except Exception as error:
        logger.exception("Run %s failed", run.pk)
        failure = FetchError(Reason.ERROR, error=f"{type(error).__name__}: {error}")
        _fail(run, failure)
        raise failure from error


@contextmanager
def _file_of(run: RefreshRun, received: Callable[[int, int | None], None]) -> Iterator[Body | None]:
    """What a run is to apply; None when its source has not changed since it was last read."""
    if run.accepts is None:
        with fetch(run.source, known=_validators(run.source), received=received) as body:
            yield body
        return
    file = run.accepts.file
    if file is None:
        raise FetchError(Reason.FILE_GONE)
    with TemporaryDirectory(prefix="accepted-", dir=settings.STATE_DIR) as folder:
        path = Path(folder) / "registry.csv"
        path.write_bytes(archive.content_of(file))
        yield Body(path, file.sha256, run.source)


def _validators(source: str) -> Validators:
    """What the server at `source` gave with the stored file, if that came from there."""
    current = Snapshot.objects.defer("statistics").current()
    if (
        current
        and not current.is_compiled
        and current.source == source
        and current.reading_rules == READING_RULES
    ):
        return Validators(current.etag, current.last_modified)
    return Validators()


def _note_not_modified(run: RefreshRun) -> None:
    with transaction.atomic():
        current = Snapshot.objects.defer("statistics").current()
        if current:
            current.checked_at = timezone.now()
            current.save(update_fields=["checked_at"])
        _end(run, State.UNCHANGED, snapshot=current)


def _end_with(run: RefreshRun, outcome: Outcome) -> None:
    counts = {
        "record_count": outcome.record_count,
        "rejected_count": outcome.rejected_count,
        "added_count": len(outcome.difference.added),
        "removed_count": len(outcome.difference.removed),
        "modified_count": len(outcome.difference.modified),
        "statuses_changed": outcome.statuses_changed,
        "changes_told": outcome.changes_told,
    }
    state = State.UNCHANGED if outcome.result == Result.UNCHANGED else State.APPLIED
    _end(run, state, snapshot=outcome.snapshot, **counts)


def _kept(refusal: RegistryRefusedError, body: Body) -> RegistryFile:
    is_registry = refusal.reason in FIGURE_REASONS
    return archive.keep_refused(body.path.read_bytes(), body.sha256, is_registry=is_registry)


def _refuse(run: RefreshRun, refusal: RegistryRefusedError, file: RegistryFile | None) -> None:
    _end(run, State.REFUSED, reason=refusal.reason, figures=refusal.figures, file=file)


def _fail(run: RefreshRun, error: RefreshError) -> None:
    _end(run, State.FAILED, reason=error.reason, figures=error.figures)


def _end(run: RefreshRun, state: RefreshRun.State, **fields: Any) -> None:
    now = timezone.now()
    _update(run, state=state, ended_at=now, lease_until=None, step="", **fields)


def _renew(run: RefreshRun, **fields: Any) -> None:
    _update(run, lease_until=_lease(timezone.now()), **fields)


def _update(run: RefreshRun, **fields: Any) -> None:
    """Write to a run that the caller holds; raises LeaseLostError when it does not any more."""
    held = RefreshRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts)
    if not held.update(**fields):
        raise LeaseLostError
    for name, value in fields.items():
        setattr(run, name, value)


def _release_abandoned(now: datetime) -> None:
    """Let the runs whose worker died wait again, or end those that it happened to too often."""
    for run in RefreshRun.objects.abandoned(now):
        held = RefreshRun.objects.filter(
            pk=run.pk, state=State.RUNNING, attempts=run.attempts, lease_until__lt=now
        )
        if run.attempts < MOST_ATTEMPTS:
            held.update(state=State.QUEUED, lease_until=None, step="")
        else:
            held.update(
                state=State.FAILED,
                ended_at=now,
                lease_until=None,
                step="",
                reason=Reason.WORKER_DIED,
                figures={"count": run.attempts},
            )


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.REGISTRY_LEASE_SECONDS)
