"""The number of the state of what readers see. Only `ports.generation` writes this table."""

from django.db import models
from django.db.models import Q


class PublicState(models.Model):
    """One row, whose `number` is one more after each change of what readers see.

    Whoever changes something holds the row until that is committed: who sees a number sees all
    changes up to it. `at` is when the last was made.
    """

    ROW = 1

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="public_state_is_one_row", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.at}"
