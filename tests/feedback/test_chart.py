"""Where the parts of a chart of votes stand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.chart import HEIGHT, WIDTH, Chart, chart_of
from feedback.scores import Votes

pytestmark = pytest.mark.any_database

DAY = date(2026, 7, 1)


def chart(daily: dict[int, Votes], *revisions: tuple[int, str], until: int = 0) -> Chart:
    found = chart_of(
        {DAY + timedelta(days=day): votes for day, votes in daily.items()},
        [(DAY + timedelta(days=day), label) for day, label in revisions],
        until=DAY + timedelta(days=until or max(daily)),
    )
    assert found is not None
    return found


def test_without_votes_there_is_no_chart() -> None:
    assert chart_of({}, [(DAY, "1")], until=DAY) is None
    assert chart_of({DAY: Votes(0, 0, 0)}, [], until=DAY) is None


def test_a_bar_is_as_high_as_its_votes() -> None:
    (bar,) = chart({0: Votes(1, 2, 5)}).bars
    happy, doubtful, sad = bar.segments
    assert [happy.face, doubtful.face, sad.face] == ["happy", "doubtful", "sad"]
    assert happy.height == pytest.approx(5 * sad.height, abs=0.1)
    assert doubtful.height == pytest.approx(2 * sad.height, abs=0.1)
    assert happy.y == pytest.approx(doubtful.y + doubtful.height, abs=0.1)
    assert doubtful.y == pytest.approx(sad.y + sad.height, abs=0.1)


def test_days_are_put_together_to_weeks_when_there_are_many() -> None:
    few = chart({0: Votes(1, 0, 0), 40: Votes(0, 0, 1)})
    assert (few.days, len(few.bars)) == (1, 41)
    many = chart({0: Votes(1, 0, 0), 6: Votes(0, 1, 0), 100: Votes(0, 0, 1)})
    assert (many.days, len(many.bars)) == (7, 15)
    assert many.bars[0].votes == Votes(1, 1, 0)
    assert many.bars[0].until == DAY + timedelta(days=6)
    assert many.bars[-1].until == DAY + timedelta(days=100), "not in the future"


@pytest.mark.parametrize(
    ("most", "top"), [(1, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (300, 400)]
)
def test_the_axis_ends_at_a_round_number(most: int, top: int) -> None:
    assert chart({0: Votes(most, 0, 0)}).ticks[-1].value == top


def test_revisions_stand_where_readers_began_to_see_them() -> None:
    found = chart(
        {0: Votes(1, 0, 0), 9: Votes(1, 0, 0)}, (-30, "1"), (-2, "2"), (5, "3"), (20, "4")
    )
    assert [mark.label for mark in found.marks] == ["2", "3"]
    assert found.marks[0].x == found.left
    bar = found.bars[5]
    assert abs(found.marks[1].x - bar.x) <= 2


@given(
    st.dictionaries(
        st.integers(min_value=0, max_value=3_000),
        st.builds(Votes, *[st.integers(min_value=0, max_value=10**6)] * 3),
        min_size=1,
    )
)
def test_everything_stands_on_the_chart_and_no_vote_is_left_out(daily: dict[int, Votes]) -> None:
    found = chart_of(
        {DAY + timedelta(days=day): votes for day, votes in daily.items()},
        [],
        until=DAY + timedelta(days=3_000),
    )
    total = sum(votes.total for votes in daily.values())
    assert (found is None) == (total == 0)
    if found is None:
        return
    assert sum(bar.votes.total for bar in found.bars) == total
    for bar in found.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        for part in bar.segments:
            assert 0 <= part.y <= part.y + part.height <= HEIGHT + 0.1
