"""How often pages were read. Only `ports.reads` writes this table."""

from django.db import models
from django.db.models import Q

from ports.models.document import LANGUAGE_CHOICES
from ports.models.port import Port


class PageReads(models.Model):
    """How often a port's page was served in a language on a day (UTC).

    A sum and nothing else: not by whom, not when. What a cache in front answered is missing.
    """

    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="reads")
    language = models.CharField(max_length=10, choices=LANGUAGE_CHOICES)
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="page_reads_once_a_day", fields=["port", "language", "day"]
            ),
            models.CheckConstraint(name="page_reads_at_least_one", condition=Q(count__gte=1)),
        ]
        indexes = [
            # What is old is forgotten; what is read most is found by day.
            models.Index(fields=["day"], name="page_reads_day"),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language} {self.day}: {self.count}"
