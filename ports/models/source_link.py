"""The addresses of published sources, and whether they answer.

Only `ports.source_links` writes this table.
"""

from django.db import models


class SourceLink(models.Model):
    """An address that live texts cite: when it was looked up last, and what came of it.

    `url_sha256` identifies it, since databases do not index addresses of any length. `status` is
    the HTTP status of the last answer, None where there was none, and `failure` says then why.
    `failures` counts the times in a row that it did not answer well.
    """

    url_sha256 = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=1000)
    checked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # The worker: what was not looked up for the longest time.
            models.Index(fields=["checked_at"], name="source_link_checked_at"),
        ]

    def __str__(self) -> str:
        return self.url
