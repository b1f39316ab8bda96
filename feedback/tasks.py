"""Background work on readers' feedback, as Celery calls it."""

from datetime import UTC, datetime

from celery import shared_task

from feedback import follow_ups, limits, published, tallying, watch


@shared_task
def count_votes() -> None:
    """Count the votes that are new."""
    tallying.count_all()


@shared_task
def watch_pages() -> None:
    """Tell editors of pages that readers are not satisfied with."""
    tallying.count_all()
    watch.open_items()


@shared_task
def publish_tallies() -> None:
    """Have the pages say what was counted by now."""
    tallying.count_all()
    published.publish()


@shared_task
def forget_old() -> None:
    """Forget comments that are a year old, and limits that have ended."""
    now = datetime.now(UTC)
    follow_ups.forget_comments(now.date())
    limits.forget_ended(now)
