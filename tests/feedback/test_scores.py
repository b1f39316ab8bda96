"""How useful a page is, and how sure one can be of that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.scores import EXPECTED, Votes, has_dropped, is_below, median_of, score

pytestmark = pytest.mark.any_database

counts = st.integers(min_value=0, max_value=10_000)
votes = st.builds(Votes, counts, counts, counts)


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        # Wilson's interval as computed by hand from the formula in Brown, Cai and DasGupta (2001).
        (Votes(0, 0, 10), 0.7225, 1.0),
        (Votes(10, 0, 0), 0.0, 0.2775),
        (Votes(5, 0, 5), 0.2366, 0.7634),
        (Votes(0, 10, 0), 0.2366, 0.7634),
        (Votes(20, 0, 80), 0.7112, 0.8666),
        (Votes(0, 0, 0), 0.0, 1.0),
    ],
)
def test_the_interval_is_wilsons(given: Votes, low: float, high: float) -> None:
    found = score(given)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(votes)
def test_the_mean_lies_in_the_interval(given: Votes) -> None:
    found = score(given)
    assert 0 <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= 1


@given(votes, st.integers(min_value=2, max_value=20))
def test_more_of_the_same_says_more(given: Votes, times: int) -> None:
    more = Votes(*(count * times for count in given))
    before, after = score(given), score(more)
    assert after.high - after.low <= before.high - before.low


def test_few_votes_prove_nothing() -> None:
    assert not is_below(Votes(2, 0, 0), 0.5)
    assert is_below(Votes(30, 0, 0), 0.5)
    assert not has_dropped(Votes(0, 0, 5), Votes(2, 0, 0))
    assert has_dropped(Votes(0, 0, 30), Votes(30, 0, 0))
    assert not has_dropped(Votes(0, 0, 0), Votes(30, 0, 0)), "nothing is known of before"
    assert not has_dropped(Votes(30, 0, 0), Votes(0, 0, 30))


def test_the_median_of_few_pages_is_not_taken() -> None:
    assert median_of([Votes(0, 0, 10)] * 9) == EXPECTED
    assert median_of([Votes(0, 0, 10)] * 6 + [Votes(10, 0, 0)] * 5) == 1.0
