"""Readers who vote, in tests."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from feedback import receipts, voting
from feedback.models import Face, Vote
from feedback.page_reference import PageReference, signed
from ports.languages import SOURCE
from tests.ports.writing import language

NOW = datetime(2026, 7, 23, 12, 30, tzinfo=UTC)


def page(port: int = 3440, code: str = "en", text: str = "", number: int = 0) -> PageReference:
    """A page, with the article on it if a language and a number are given."""
    return PageReference(port, language(code), language(text) if text else None, number)


def cast(
    shown: PageReference, face: str = "happy", *, address: str = "192.0.2.1", now: datetime = NOW
) -> Vote:
    """Cast a vote."""
    return voting.cast(page=shown, face=Face(face), address=address, now=now)


def cast_many(shown: PageReference, now: datetime = NOW, **faces: int) -> list[Vote]:
    """Cast so many votes of each face, each from an address of its own."""
    start = Vote.objects.count()
    wanted = [face for face, count in faces.items() for _ in range(count)]
    return [
        cast(shown, face, address=f"2001:db8:{number:x}::", now=now)
        for number, face in enumerate(wanted, start=start)
    ]


def receipt(vote: Vote, now: datetime = NOW) -> receipts.Receipt:
    """What the voter was given."""
    return receipts.read(receipts.give(vote, now), now)


def form(shown: PageReference | None = None, face: str = "happy") -> dict[str, str]:
    """What the form on a page sends."""
    return {"page": signed(shown or page()), "face": face}


def vote_over_http(reader: Client, **options: Any) -> str:
    """Vote, and return the address of the thank-you page."""
    answer = reader.post("/feedback/", form(**options))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def in_source(number: int = 1, port: int = 3440) -> PageReference:
    """The English page with its article."""
    return page(port, SOURCE.code, SOURCE.code, number)
