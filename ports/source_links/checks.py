"""Looking up the addresses of published sources, and what follows from it."""

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from ports import work_items
from ports.languages import SOURCE
from ports.models import Document, Edition, SourceLink, WorkItem
from ports.registry.addresses import Resolver, system_addresses
from ports.source_links.alone import alone
from ports.source_links.asking import Answer, Failure, ask_all
from ports.source_links.silence import FAILURES_OF_A_DEAD_LINK, digest

EVERY: Final = timedelta(days=7)
"""How long after a look the next one is due."""
MOST: Final = 50
"""So many are looked up in one run."""
RUN_SECONDS: Final = 300.0
"""What was not looked up by then is left to the next run."""
_WITNESSES: Final = 3

logger = logging.getLogger(__name__)

type Cited = dict[str, set[int]]
"""By address, the documents whose live texts have it among their sources."""


def check(*, resolve: Resolver = system_addresses) -> None:
    """Look up what is due, at most 50 addresses, and open and close work items accordingly.

    Does nothing while another worker is at it. Where nothing at all answers, the fault may be this
    machine's own network, and nothing is written.
    """
    with alone() as is_alone:
        if not is_alone:
            return
        cited = _cited()
        _keep_rows(cited)
        links = _due(timezone.now())
        answers = asyncio.run(
            ask_all([link.url for link in links], resolve=resolve, seconds=RUN_SECONDS)
        )
        is_online = not links or _is_online(answers, links, resolve)
        if not is_online:
            logger.warning("No source answered, nor one that did lately: is the network down?")
        with transaction.atomic():
            for link in links if is_online else ():
                if link.url in answers:
                    _record(link, answers[link.url], timezone.now())
            _open_and_close(cited)


def _cited() -> Cited:
    cited: Cited = {}
    rows = Edition.objects.filter(language=SOURCE.code, live_revision__isnull=False).values_list(
        "document_id", "live_revision__structure__source"
    )
    for document_id, sources in rows:
        for source in sources or ():
            cited.setdefault(source["url"], set()).add(document_id)
    return cited


@transaction.atomic
def _keep_rows(cited: Cited) -> None:
    """Have a row for each address that is cited, and for no other."""
    wanted = {digest(url): url for url in cited}
    known = set(SourceLink.objects.values_list("url_sha256", flat=True))
    gone = list(known - wanted.keys())
    for first in range(0, len(gone), 500):
        SourceLink.objects.filter(url_sha256__in=gone[first : first + 500]).delete()
    SourceLink.objects.bulk_create(
        [SourceLink(url_sha256=key, url=url) for key, url in wanted.items() if key not in known],
        batch_size=500,
    )


def _due(now: datetime) -> list[SourceLink]:
    """What was not looked up for the longest time; in no order where that is the same.

    A run of which nothing could be written is followed by one of others.
    """
    due = SourceLink.objects.filter(Q(checked_at=None) | Q(checked_at__lte=now - EVERY))
    return list(due.order_by(F("checked_at").asc(nulls_first=True), "?")[:MOST])


def _is_online(answers: dict[str, Answer], asked: list[SourceLink], resolve: Resolver) -> bool:
    """Whether any web server answers at all: one of these, or of those that did lately."""
    if _any_answered(answers.values()):
        return True
    others = SourceLink.objects.filter(answered_at__isnull=False).exclude(
        pk__in=[link.pk for link in asked]
    )
    witnesses = list(others.order_by("-answered_at").values_list("url", flat=True)[:_WITNESSES])
    found = asyncio.run(ask_all(witnesses, resolve=resolve, seconds=RUN_SECONDS))
    return _any_answered(found.values())


def _any_answered(answers: Collection[Answer]) -> bool:
    # Who redirects without end has answered.
    return any(each.status is not None or each.failure == Failure.REDIRECTS for each in answers)


def _record(link: SourceLink, answer: Answer, now: datetime) -> None:
    """Write what came of asking.

    A server that is busy or broken (429, 5xx) says nothing of the page: it is asked again. All
    other statuses are of a page that is there, if not for everybody, but for 404 and 410.
    """
    link.status, link.failure = answer.status, answer.failure or ""
    if answer.status is None or answer.status in {404, 410}:
        # Twice on one day is no more than once: a page that is dead stays so for a while.
        if link.checked_at is None or link.checked_at.date() != now.date():
            link.failures += 1
    elif answer.status != 429 and answer.status < 500:
        link.answered_at, link.failures = now, 0
    link.checked_at = now
    link.save()


def _open_and_close(cited: Cited) -> None:
    """Have an open item for each document with a source that is dead, and close all others."""
    kind, wanted = WorkItem.Kind.DEAD_LINK, {}
    for link in SourceLink.objects.filter(failures__gte=FAILURES_OF_A_DEAD_LINK):
        for document_id in cited.get(link.url, ()):
            wanted[document_id, f"link {link.url_sha256}"] = link
    known = WorkItem.objects.filter(kind=kind, language=SOURCE.code)
    missing = wanted.keys() - set(known.values_list("document_id", "cause"))
    documents = Document.objects.in_bulk({document_id for document_id, _cause in missing})
    for document_id, cause in sorted(missing):
        link = wanted[document_id, cause]
        work_items.open_item(
            document=documents[document_id],
            language=SOURCE,
            kind=kind,
            cause=cause,
            severity=WorkItem.Severity.LOW,
            evidence={
                "url": link.url,
                "status": link.status,
                "failure": link.failure,
                "since": link.answered_at.isoformat() if link.answered_at else None,
            },
        )
    for item in known.filter(outcome="").select_related("document"):
        if (item.document_id, item.cause) not in wanted:
            work_items.went_away(
                document=item.document, language=SOURCE, kind=kind, cause=item.cause
            )
