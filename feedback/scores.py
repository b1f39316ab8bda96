"""How useful a page is to its readers, and how sure one can be of that: pure functions.

A happy face counts 1, a doubtful one 1/2, a sad one 0. The mean of few votes says little, so that
pages are compared by Wilson's score interval (E. B. Wilson, "Probable Inference, the Law of
Succession, and Statistical Inference", Journal of the American Statistical Association 22, 1927,
pages 209-212), in which the true share lies 95 times in 100. It is made for answers of yes or no;
with doubtful ones between them the true interval is narrower, so that this one errs on the side of
caution.
"""

from collections.abc import Iterable
from math import sqrt
from statistics import median
from typing import Final, NamedTuple

_Z: Final = 1.959964
"""The normal distribution's quantile for an interval of 95 %."""

FEW_PAGES: Final = 10
"""Of fewer pages no median is taken."""
EXPECTED: Final = 0.5
"""What stands for the median as long as there are few pages."""


class Votes(NamedTuple):
    """How many readers chose each face."""

    sad: int
    doubtful: int
    happy: int

    @property
    def total(self) -> int:
        return self.sad + self.doubtful + self.happy


class Score(NamedTuple):
    """How useful a page is, 0..1: as its votes say, and between what bounds it truly may be."""

    mean: float
    low: float
    high: float


def score(votes: Votes) -> Score:
    """The score of so many votes; of none at all, everything is possible."""
    count = votes.total
    if not count:
        return Score(0.5, 0.0, 1.0)
    mean = (votes.happy + votes.doubtful / 2) / count
    spread = _Z * _Z / count
    centre = (mean + spread / 2) / (1 + spread)
    reach = _Z * sqrt(mean * (1 - mean) / count + spread / (4 * count)) / (1 + spread)
    return Score(mean, max(0.0, centre - reach), min(1.0, centre + reach))


def median_of(pages: Iterable[Votes]) -> float:
    """The median of the pages' means; `EXPECTED` where there are few pages."""
    means = [score(votes).mean for votes in pages]
    return median(means) if len(means) >= FEW_PAGES else EXPECTED


def is_below(votes: Votes, bound: float) -> bool:
    """Whether a page is surely less useful than that."""
    return score(votes).high < bound


def has_dropped(before: Votes, after: Votes) -> bool:
    """Whether a page is surely less useful than it was before its text was changed."""
    return score(after).high < score(before).low
