"""Votes: what is stored, and what the database refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from feedback.models import Face, Vote
from feedback.voting import cast
from ports.languages import by_code
from ports.models import Port

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 23)
TURKISH = by_code("tr")


def test_a_vote_is_stored_as_it_was_cast() -> None:
    assert TURKISH is not None
    cast(port=3440, language=TURKISH, face=Face.HAPPY, on=TODAY)
    vote = Vote.objects.get()
    assert (vote.port_id, vote.language, vote.face, vote.cast_on, vote.revision_number) == (
        3440,
        "tr",
        "happy",
        TODAY,
        0,
    )


def test_nothing_of_the_reader_is_stored() -> None:
    assert {field.name for field in Vote._meta.get_fields()} == {
        "id",
        "port",
        "language",
        "revision_number",
        "face",
        "cast_on",
    }


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"face": "angry"}, "vote_face_known"),
        ({"language": "xx"}, "vote_language_known"),
        ({"revision_number": -1}, "revision_number"),
    ],
)
def test_the_database_refuses_what_no_vote_can_be(
    values: dict[str, object], constraint: str
) -> None:
    plain = {"port_id": 1, "language": "en", "face": "sad", "cast_on": TODAY}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Vote.objects.create(**{**plain, **values})


def test_a_port_that_has_votes_cannot_be_deleted() -> None:
    assert TURKISH is not None
    cast(port=3440, language=TURKISH, face=Face.SAD, on=TODAY)
    with pytest.raises(ProtectedError):
        Port.objects.get(pk=3440).delete()
