"""Ten thousand votes and ten thousand attempts at more, against real processes."""

from pathlib import Path

from tests.feedback.test_limits_behind_nginx import run
from tests.feedback.test_votes_at_once import check_on_postgresql, check_on_sqlite


def test_of_ten_thousand_votes_none_is_lost_or_counted_twice(tmp_path: Path) -> None:
    ledger = check_on_postgresql(tmp_path, voters=2_000, connections=50)
    print(f"{len(ledger.acknowledged)} acknowledged, other answers {dict(ledger.others)}")


def test_of_two_thousand_votes_on_sqlite_none_is_refused(tmp_path: Path) -> None:
    ledger = check_on_sqlite(tmp_path, voters=400)
    print(f"{len(ledger.acknowledged)} acknowledged")


def test_ten_thousand_requests_over_the_limit_get_no_vote_more(tmp_path: Path) -> None:
    run(tmp_path, requests=10_000)
