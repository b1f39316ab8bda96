"""Casting a vote: the only place where votes are written."""

from datetime import date

from feedback.models import Face, Vote
from ports.languages import Language


def cast(*, port: int, language: Language, face: Face, on: date, revision_number: int = 0) -> Vote:
    """Store one vote on the page of `port` (0..65535) in `language`, and return it.

    `revision_number` is that of the live article the reader saw, 0 for a page without one.
    """
    return Vote.objects.create(
        port_id=port,
        language=language.code,
        face=face,
        revision_number=revision_number,
        cast_on=on,
    )
