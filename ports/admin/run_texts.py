"""How a refresh is told to editors: its reason, how far it is, and its facts, in their language."""

from datetime import datetime
from functools import partial
from typing import Any, TypedDict

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ports import formats
from ports.admin.row_page import Fact, fact, link
from ports.models import RefreshRun
from ports.registry.reasons import sentence
from ports.sentences import fill, registry_text

NOTHING = "–"

_fact = partial(fact, RefreshRun)

_FIGURES = (
    "record_count",
    "rejected_count",
    "added_count",
    "removed_count",
    "modified_count",
    "statuses_changed",
    "changes_told",
)


class Progress(TypedDict):
    """How far a run is: `share` is that of the file that came (0..1), None where nobody knows."""

    ended: bool
    share: float | None
    texts: dict[str, str]


def reason_sentence(run: RefreshRun) -> SafeString | str:
    """Why a run came to nothing, with its figures in place; "" for a run that did not."""
    if not run.reason:
        return ""
    try:
        # First with its placeholders left in, so that each figure can be marked as what it is.
        template = sentence(run.reason, {name: f"%({name})s" for name in run.figures})
        return fill(template, **{name: _figure(value) for name, value in run.figures.items()})
    except (KeyError, ValueError):
        # A reason of another version of this program: its name says more than nothing.
        return registry_text(run.reason)


def duration(run: RefreshRun) -> str:
    """How long a run has taken until now, or took; "" before its start."""
    if run.started_at is None:
        return ""
    until = run.ended_at or timezone.now()
    return formats.duration(max((until - run.started_at).total_seconds(), 0))


def progress(run: RefreshRun) -> Progress:
    """How far a run is, in sentences that are ready to be shown."""
    return {
        "ended": run.has_ended,
        "share": _share(run),
        "texts": {
            "name": str(run),
            "status": _status(run),
            "state": run.get_state_display(),
            "step": run.get_step_display() or NOTHING,
            "received": _received(run) or NOTHING,
            "started": moment_text(run.started_at) if run.started_at else NOTHING,
            "duration": duration(run) or NOTHING,
        },
    }


def facts(run: RefreshRun, *, view_snapshots: bool) -> list[Fact]:
    """What is known of a run, whatever its state."""
    live = progress(run)["texts"]
    found = [
        _fact("state", live["state"], "state"),
        _fact("door", run.get_door_display()),
        _fact("asked_by", format_html("<bdi>{}</bdi>", run.asked_by) if run.asked_by else ""),
        _fact("asked_at", moment(run.asked_at)),
        _fact("started_at", live["started"], "started"),
        _fact("ended_at", moment(run.ended_at) if run.ended_at else ""),
        # Translators: how long something took.
        Fact(_("Duration"), live["duration"], "duration"),
        _fact("attempts", str(run.attempts) if run.attempts > 1 else ""),
        _fact("source", registry_text(run.source)),
        _fact("step", live["step"], "step"),
        _fact("bytes_received", live["received"], "received"),
    ]
    if run.accepts is not None:
        found += [
            _fact("accepts", link(run.accepts, view=True)),
            _fact("acceptance", written(run.acceptance)),
        ]
    if run.snapshot is not None:
        found.append(_fact("snapshot", link(run.snapshot, view=view_snapshots)))
    # Lines that may yet be filled stand there from the beginning.
    is_open = not run.has_ended
    return [
        fact for fact in found if fact.value and (fact.value != NOTHING or (is_open and fact.live))
    ]


def figures(run: RefreshRun) -> list[Fact]:
    """The counts that are known of a run."""
    return [
        _fact(name, formats.number(value))
        for name in _FIGURES
        if (value := getattr(run, name)) is not None
    ]


def moment(when: datetime) -> SafeString:
    """A point in time, for people and for programs."""
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), moment_text(when))


def moment_text(when: datetime) -> str:
    """A point in time as the active language writes it."""
    return date_format(timezone.localtime(when), "DATETIME_FORMAT")


def later_moment(when: datetime | None, *, after: datetime) -> SafeString | None:
    """A point in time whose day is left out where it is that of `after`."""
    if when is None:
        return None
    when, after = timezone.localtime(when), timezone.localtime(after)
    if when.date() != after.date():
        return moment(when)
    clock = date_format(when, "TIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), clock)


def written(text: str) -> SafeString:
    """What a person typed, in its own direction and with its lines."""
    return format_html('<div dir="auto">{}</div>', SafeString(linebreaks(text, autoescape=True)))


def _figure(value: Any) -> SafeString:
    if isinstance(value, int):
        return format_html('<bdi dir="ltr">{}</bdi>', formats.number(value))
    return registry_text(str(value))


def _status(run: RefreshRun) -> str:
    if run.state == RefreshRun.State.QUEUED:
        if run.due_at > timezone.now():
            # Translators: of a refresh of the registry; %(time)s is a day and an hour.
            return _("It waits until %(time)s.") % {"time": moment_text(run.due_at)}
        # Translators: of a refresh of the registry that a background program will take up.
        return _("It waits for a worker to take it up.")
    if run.state == RefreshRun.State.RUNNING and run.step:
        return run.get_step_display()
    return run.get_state_display()


def _share(run: RefreshRun) -> float | None:
    if run.step != RefreshRun.Step.GETTING or not run.bytes_expected or run.bytes_received is None:
        return None
    return min(run.bytes_received / run.bytes_expected, 1.0)


def _received(run: RefreshRun) -> str:
    if run.bytes_received is None:
        return ""
    received = filesizeformat(run.bytes_received)
    if run.bytes_expected is None:
        return received
    # Translators: how much of a file has come: "1.2 MB of 1.3 MB".
    return _("%(received)s of %(expected)s") % {
        "received": received,
        "expected": filesizeformat(run.bytes_expected),
    }
