"""Timing one thing against another in turns, so that a machine's moods hit both."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple


class Measured(NamedTuple):
    """Seconds per run of a floor and of what is compared with it (medians), and their ratio.

    The ratio is the median of the ratios pair by pair, not of the quotient of the medians.
    """

    floor: float
    seconds: float
    ratio: float


def nothing() -> None:
    """No preparation."""


def in_turns(
    floor: Callable[[], object],
    measured: Callable[[], object],
    *,
    rounds: int,
    before_floor: Callable[[], object] = nothing,
    before_measured: Callable[[], object] = nothing,
) -> Measured:
    """Run both in turn, after one round that does not count; preparations are not timed."""
    pairs = []
    for _round in range(rounds + 1):
        before_floor()
        floor_seconds = _seconds(floor)
        before_measured()
        pairs.append((floor_seconds, _seconds(measured)))
    counted = pairs[1:]
    return Measured(
        floor=median(first for first, _second in counted),
        seconds=median(second for _first, second in counted),
        ratio=median(second / first for first, second in counted),
    )


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
