"""Who wrote what is not live yet."""

from ports.models import Edition, Revision


def contributors(edition: Edition, latest: Revision) -> set[int]:
    """The people who wrote some of what differs from what is live, by their ids."""
    live = edition.live_revision.number if edition.live_revision else 0
    ids = Revision.objects.filter(
        edition=edition, number__gt=live, number__lte=latest.number, created_by__isnull=False
    ).values_list("created_by_id", flat=True)
    return {pk for pk in ids if pk is not None}
