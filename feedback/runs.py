"""The tallies of a page's texts, one after the other.

Versions that differ by typos only are one text, whose tally runs on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet, Sum

from feedback.models import Tally
from feedback.scores import Votes

type Page = tuple[int, str]
"""The number of a port and the code of a language."""


@dataclass(frozen=True, slots=True)
class Run:
    """The votes on one text of a page: revisions from `since_revision` in `text_language`.

    Both are 0 and "" for a page without an article.
    """

    port: int
    language: str
    text_language: str
    since_revision: int
    first_vote_on: date
    votes: Votes


def runs_of(pages: Iterable[Page]) -> dict[Page, list[Run]]:
    """The runs of each page, the one that began last first. One query."""
    wanted = set(pages)
    tallies = Tally.objects.filter(port__in={port for port, _language in wanted})
    found: dict[Page, list[Run]] = {page: [] for page in wanted}
    for run in _runs(tallies):
        if (page := (run.port, run.language)) in found:
            found[page].append(run)
    return found


def present_runs() -> list[Run]:
    """The present run of every page that has votes. One query."""
    newest: dict[Page, Run] = {}
    for run in _runs(Tally.objects.all()):
        newest.setdefault((run.port, run.language), run)
    return list(newest.values())


def _runs(tallies: QuerySet[Tally]) -> Iterable[Run]:
    rows = (
        tallies.order_by()
        .values_list("port_id", "language", "text_language", "since_revision")
        .annotate(
            began=Min("first_vote_on"),
            first=Min("id"),
            sads=Sum("sad"),
            doubtfuls=Sum("doubtful"),
            happies=Sum("happy"),
        )
        .order_by("-began", "-first")
    )
    for port, language, text_language, since, began, _first, *counts in rows.iterator():
        yield Run(port, language, text_language, since, began, Votes(*counts))
