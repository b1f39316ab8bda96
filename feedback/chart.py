"""Where the parts of a chart of votes over time stand: pure geometry, for a template to draw."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Final, NamedTuple

from feedback.scores import Votes

WIDTH: Final = 960
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 34, 40
_MOST_BARS: Final = 48
_STEPS: Final = (1, 7, 14, 28, 91, 182, 364)
_TICKS: Final = 4


class Segment(NamedTuple):
    """The part of a bar for one face: its top edge and its height."""

    face: str
    y: float
    height: float


class Bar(NamedTuple):
    """The votes from `since` to `until` (both included), from below: happy, doubtful, sad."""

    since: date
    until: date
    votes: Votes
    x: float
    width: float
    segments: tuple[Segment, ...]


class Tick(NamedTuple):
    """A value of the axis of votes, and where it stands."""

    value: int
    y: float


class Mark(NamedTuple):
    """A day on which readers began to see another revision, and where it stands."""

    day: date
    label: str
    x: float


class Chart(NamedTuple):
    """A chart of votes over time. Lengths are in the units of its SVG."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    days: int
    """How many days each bar stands for."""
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    top: float = _TOP
    bottom: float = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(
    daily: Mapping[date, Votes], revisions: Iterable[tuple[date, str]], *, until: date
) -> Chart | None:
    """The chart of the votes of each day up to `until`; None of no votes.

    `revisions` are days and what to call what began then; of those before the first vote the last
    one stands at the beginning.
    """
    voted = {day: votes for day, votes in daily.items() if votes.total and day <= until}
    if not voted:
        return None
    first = min(voted)
    days = _step((until - first).days + 1)
    count = ceil(((until - first).days + 1) / days)
    sums = [Votes(0, 0, 0)] * count
    for day, votes in voted.items():
        index = (day - first).days // days
        sums[index] = Votes(*(a + b for a, b in zip(sums[index], votes, strict=True)))
    top = _round_up(max(votes.total for votes in sums))
    room = (WIDTH - _LEFT - _RIGHT) / count
    bars = [
        _bar(votes, first + timedelta(days=index * days), days, until, index * room, room, top)
        for index, votes in enumerate(sums)
    ]
    return Chart(
        tuple(bars),
        tuple(Tick(value, _y(value, top)) for value in _values(top)),
        tuple(_marks(revisions, first, until, room / days)),
        days,
    )


def _step(days: int) -> int:
    return next((step for step in _STEPS if ceil(days / step) <= _MOST_BARS), _STEPS[-1])


def _bar(
    votes: Votes, since: date, days: int, until: date, left: float, room: float, top: int
) -> Bar:
    gap = min(4.0, room / 5)
    segments, below = [], 0
    for face in ("happy", "doubtful", "sad"):
        count = getattr(votes, face)
        if count:
            y, base = _y(below + count, top), _y(below, top)
            segments.append(Segment(face, y, round(base - y, 2)))
        below += count
    end = min(since + timedelta(days=days - 1), until)
    return Bar(
        since, end, votes, round(_LEFT + left + gap / 2, 2), round(room - gap, 2), tuple(segments)
    )


def _y(value: int, top: int) -> float:
    whole = HEIGHT - _TOP - _BOTTOM
    return round(HEIGHT - _BOTTOM - whole * value / top, 2)


def _round_up(value: int) -> int:
    """The next value that divides into four whole steps."""
    step = 1
    while step * _TICKS < value:
        step = next(each for each in _steps_after(step))
    return step * _TICKS


def _steps_after(step: int) -> Sequence[int]:
    digits = 10 ** (len(str(step)) - 1)
    return [each * digits for each in (1, 2, 5, 10) if each * digits > step]


def _values(top: int) -> list[int]:
    return [top * index // _TICKS for index in range(_TICKS + 1)]


def _marks(
    revisions: Iterable[tuple[date, str]], first: date, until: date, per_day: float
) -> list[Mark]:
    found: list[Mark] = []
    for day, label in sorted(revisions):
        if day > until:
            continue
        mark = Mark(day, label, round(_LEFT + max(0, (day - first).days) * per_day, 2))
        if found and day <= first:
            found.pop()
        found.append(mark)
    return found
