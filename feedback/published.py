"""What pages tell their readers of the votes: once a day, so that pages stay the same that long.

Each process keeps it in memory and looks once a minute, so that a page asks nothing more of the
database for it.
"""

import time
from typing import Final

from django.db import transaction

from feedback.models import PublishedTally
from feedback.runs import Page, present_runs
from feedback.scores import Votes
from ports.languages import Language

ENOUGH: Final = 10
"""Of fewer votes on its present text a page says nothing."""


_LOOK_AGAIN_SECONDS: Final = 60


class _Told:
    """What the pages say, as this process last saw it (at a time of the monotonic clock)."""

    def __init__(self, votes: dict[Page, Votes], at: float) -> None:
        self.votes = votes
        self.at = at


_told: _Told | None = None


def told_on(port: int, language: Language) -> Votes | None:
    """What a page tells its readers; None where it says nothing."""
    global _told  # noqa: PLW0603 - one in the process
    now = time.monotonic()
    if _told is None or now - _told.at > _LOOK_AGAIN_SECONDS:
        rows = PublishedTally.objects.values_list("port_id", "language", *Votes._fields)
        _told = _Told({(port, code): Votes(*votes) for port, code, *votes in rows}, now)
    return _told.votes.get((port, language.code))


def look_again() -> None:
    """Have this process look at once what the pages say."""
    global _told  # noqa: PLW0603 - one in the process
    _told = None


@transaction.atomic
def publish() -> int:
    """Bring up to date what the pages say; return how many say something."""
    told = {
        (run.port, run.language): run.votes for run in present_runs() if run.votes.total >= ENOUGH
    }
    gone = [
        pk
        for pk, port, language in PublishedTally.objects.values_list("pk", "port_id", "language")
        if (port, language) not in told
    ]
    PublishedTally.objects.filter(pk__in=gone).delete()
    PublishedTally.objects.bulk_create(
        [
            PublishedTally(port_id=port, language=language, **votes._asdict())
            for (port, language), votes in sorted(told.items())
        ],
        update_conflicts=True,
        unique_fields=["port", "language"],
        update_fields=["sad", "doubtful", "happy"],
        batch_size=500,
    )
    transaction.on_commit(look_again)
    return len(told)
