"""How much somebody did of what they may do a number of times.

Only `feedback.limits` writes this table.
"""

from django.db import models
from django.db.models import Q


class Allowance(models.Model):
    """What was used of an allowance. `key` tells nobody whose it is (see `ports.clients.day_key`).

    No index leads to those that have ended: each vote would pay for it, and they are looked for
    once a day.
    """

    key = models.CharField(max_length=32, primary_key=True)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="allowance_is_used", condition=Q(used__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.used} until {self.ends_at}"
