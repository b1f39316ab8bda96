"""Telling editors of pages that readers find of little use, or wrong."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from feedback.models import DailyTally, FollowUp
from feedback.runs import Page, Run, present_runs, runs_of
from feedback.scores import Votes, has_dropped, is_below, median_of
from ports import work_items
from ports.languages import Language, by_code
from ports.models import WorkItem

logger = logging.getLogger(__name__)

FEWEST_VOTES: Final = 10
"""Of fewer votes on a text nothing is concluded."""
ENOUGH_REPORTS: Final = 3
"""So many readers who say that something is wrong are enough."""
_LATELY: Final = timedelta(days=2)
_PAGES_AT_ONCE: Final = 1_000

type Reports = Counter[tuple[str, int]]
"""How many readers said that something is wrong, by the language and the number of the revision."""


def open_items(today: date | None = None) -> int:
    """Open an item for each page that needs one, of those on which somebody voted lately.

    Return how many were opened. The text of a page opens one item at most, and another text
    another one. Safe to run in several processes at once.
    """
    today = today or datetime.now(UTC).date()
    pages = _pages_of_late(today - _LATELY)
    if not pages:
        return 0
    median = _median()
    return sum(
        _is_opened(page, runs, median, reports)
        for some in batched(sorted(pages), _PAGES_AT_ONCE)
        for page, runs, reports in _known_of(some)
    )


def _known_of(pages: Sequence[Page]) -> Iterator[tuple[Page, list[Run], Reports]]:
    """Each page with its runs and with what readers said."""
    runs, reports = runs_of(pages), _reports(pages)
    for page in pages:
        yield page, runs[page], reports.get(page, Counter())


def _pages_of_late(since: date) -> set[Page]:
    voted = DailyTally.objects.filter(day__gte=since).values_list("port_id", "language")
    said = FollowUp.objects.filter(written_on__gte=since).values_list(
        "vote__port_id", "vote__language"
    )
    return {*voted, *said}


def _median() -> float:
    """The median of the usefulness of the site's pages."""
    return median_of(run.votes for run in present_runs() if run.votes.total >= FEWEST_VOTES)


def _reports(pages: Iterable[Page]) -> dict[Page, Reports]:
    """How many readers said that something is wrong."""
    found: dict[Page, Reports] = {}
    said = FollowUp.objects.filter(
        ~Q(state=FollowUp.State.SPAM),
        reason=FollowUp.Reason.WRONG,
        vote__port__in={port for port, _language in pages},
    ).values_list("vote__port_id", "vote__language", "vote__text_language", "vote__revision_number")
    for port, language, text_language, number in said:
        found.setdefault((port, language), Counter())[text_language, number] += 1
    return found


def _is_opened(page: Page, runs: list[Run], median: float, reports: Reports) -> bool:
    try:
        return _open(page, runs, median, reports)
    except Exception:
        logger.exception("No work item could be opened for the page of port %s", page)
        return False


@transaction.atomic
def _open(page: Page, runs: list[Run], median: float, reports: Reports) -> bool:
    language = by_code(page[1])
    if language is None or not runs:
        return False
    present, before = runs[0], runs[1] if len(runs) > 1 else None
    wrong = sum(
        count
        for (text_language, number), count in reports.items()
        if text_language == present.text_language and number >= present.since_revision
    )
    reasons = _reasons(present, before, median, wrong)
    if not reasons:
        return False
    severity = WorkItem.Severity.HIGH if "wrong" in reasons else WorkItem.Severity.MEDIUM
    item = work_items.open_item(
        document=work_items.document_of_port(page[0]),
        language=language,
        kind=WorkItem.Kind.READERS,
        cause=f"{present.text_language}:{present.since_revision}",
        severity=severity,
        evidence=_evidence(language, present, before, median, wrong, reasons),
    )
    return item is not None


def _reasons(present: Run, before: Run | None, median: float, wrong: int) -> list[str]:
    found = []
    if wrong >= ENOUGH_REPORTS:
        found.append("wrong")
    if present.votes.total >= FEWEST_VOTES:
        if is_below(present.votes, median):
            found.append("below_median")
        if before is not None and has_dropped(before.votes, present.votes):
            found.append("dropped")
    return found


def _evidence(
    language: Language,
    present: Run,
    before: Run | None,
    median: float,
    wrong: int,
    reasons: list[str],
) -> dict[str, Any]:
    """What `ports.admin` tells of it; the votes as lists of sad, doubtful and happy faces."""

    def listed(votes: Votes) -> list[int]:
        return list(votes)

    return {
        "reasons": reasons,
        "after": listed(present.votes),
        "before": listed(before.votes) if before else None,
        "revision": present.since_revision,
        "median": round(median, 3),
        "wrong": wrong,
        "address": reverse("admin:feedback_page", args=[present.port, language.code]),
    }
