"""Votes: what is stored, how often, and what the database refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from feedback import limits, voting
from feedback.limits import LimitReachedError, forget_ended
from feedback.models import Allowance, Face, Vote, VoteDelta
from ports.clients import day_key
from ports.models import Port
from tests.feedback.voters import NOW, cast, in_source, page

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 23)


def deltas() -> list[tuple[str, int]]:
    return list(VoteDelta.objects.order_by("id").values_list("face", "difference"))


def allowances() -> list[tuple[str, int]]:
    return list(Allowance.objects.order_by("key").values_list("key", "used"))


def test_a_vote_is_stored_as_it_was_cast() -> None:
    cast(page(3440, "tr", "en", 7))
    vote = Vote.objects.get()
    assert (vote.port_id, vote.language, vote.face, vote.cast_on) == (3440, "tr", "happy", TODAY)
    assert (vote.text_language, vote.revision_number) == ("en", 7)
    assert deltas() == [("happy", 1)]


def test_of_the_reader_nothing_is_stored_but_a_word_that_tells_nothing() -> None:
    vote = cast(page(), address="192.0.2.77")
    assert len(vote.voter) == 32
    assert {field.name for field in Vote._meta.get_fields()} == {
        "id", "port", "language", "text_language", "revision_number", "face", "cast_on", "voter",
        "follow_up",
    }  # fmt: skip
    assert cast(page(3441), address="192.0.2.77").voter != vote.voter, "pages tell no tale together"


def test_an_address_may_cast_five_votes_a_day_on_a_page(settings: Any) -> None:
    votes = [cast(page()) for _ in range(voting.PER_PAGE_AND_DAY)]
    assert len({vote.voter for vote in votes}) == voting.PER_PAGE_AND_DAY
    before = allowances()
    with pytest.raises(LimitReachedError) as error:
        cast(page())
    assert error.value.retry_after == 11.5 * 60 * 60
    assert allowances() == before, "a refusal uses nothing up"
    assert Vote.objects.count() == VoteDelta.objects.count() == voting.PER_PAGE_AND_DAY
    cast(page(3441))
    cast(page(3440, "tr"))
    cast(page(), address="192.0.2.2")
    cast(page(), now=NOW + timedelta(days=1))


def test_an_address_may_vote_sixty_times_an_hour() -> None:
    for number in range(voting.PER_HOUR):
        vote = cast(page(number))
    cast(page(1000), now=NOW - timedelta(hours=1))
    before = allowances()
    for number in (1000, 1001):  # voted on today, and not
        limits._reached.clear()  # as in another process
        with pytest.raises(LimitReachedError) as error:
            cast(page(number))
        assert error.value.retry_after == 30 * 60
    assert allowances() == before, "a refusal uses nothing up"
    with pytest.raises(LimitReachedError), transaction.atomic():
        voting.change(vote_id=vote.pk, face=Face.SAD, address="192.0.2.1", now=NOW)
    cast(page(1000), address="192.0.2.2")
    cast(page(1000), now=NOW + timedelta(minutes=30))


def test_a_changed_vote_is_one_vote() -> None:
    vote = cast(page())
    voting.change(vote_id=vote.pk, face=Face.SAD, address="192.0.2.9", now=NOW)
    assert Vote.objects.get().face == "sad"
    assert deltas() == [("happy", 1), ("happy", -1), ("sad", 1)]
    voting.change(vote_id=vote.pk, face=Face.SAD, address="192.0.2.9", now=NOW)
    assert len(deltas()) == 3, "nothing was changed"


def test_limits_that_have_ended_are_forgotten() -> None:
    cast(page())
    assert forget_ended(NOW) == 0
    assert forget_ended(NOW + timedelta(minutes=30)) == 1
    assert forget_ended(NOW + timedelta(hours=12)) == 1
    assert not Allowance.objects.exists()


def test_a_vote_costs_three_statements_and_where_each_is_a_journey_one() -> None:
    cast(page())
    with CaptureQueriesContext(connection) as asked:
        cast(in_source())
    is_far = connection.vendor == "postgresql"
    # With a savepoint, as the test is a transaction itself.
    wanted = ["WITH"] if is_far else ["SAVEPOINT", *["INSERT"] * 3, "RELEASE"]
    assert [query["sql"].split()[0] for query in asked] == wanted


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"face": "angry"}, "vote_face_known"),
        ({"language": "xx"}, "vote_language_known"),
        ({"text_language": "xx"}, "vote_text_language_known"),
        ({"revision_number": -1}, "revision_number"),
        ({"voter": "known"}, "vote_once_per_voter|feedback_vote.voter"),
    ],
)
def test_the_database_refuses_what_no_vote_can_be(
    values: dict[str, object], constraint: str
) -> None:
    plain = {"port_id": 1, "language": "en", "face": "sad", "cast_on": TODAY}
    Vote.objects.create(**{**plain, "voter": "known"})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Vote.objects.create(**{**plain, **values})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [({"face": "angry"}, "vote_delta_face_known"), ({"difference": 2}, "vote_delta_is_one")],
)
def test_the_database_refuses_what_no_vote_adds(values: dict[str, object], constraint: str) -> None:
    plain = {"port_id": 1, "language": "en", "text_language": "", "revision_number": 0,
             "day": TODAY, "face": "sad", "difference": 1}  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        VoteDelta.objects.create(**{**plain, **values})


def test_the_database_refuses_an_allowance_that_was_not_used() -> None:
    with pytest.raises(IntegrityError, match="allowance_is_used"), transaction.atomic():
        Allowance.objects.create(key="k", used=0, ends_at=NOW)


def test_a_port_that_has_votes_cannot_be_deleted() -> None:
    cast(page())
    with pytest.raises(ProtectedError):
        Port.objects.get(pk=3440).delete()


def test_a_new_day_has_a_new_key() -> None:
    today, tomorrow = day_key.key_of(TODAY), day_key.key_of(TODAY + timedelta(days=1))
    assert today.secret != tomorrow.secret
    assert day_key.key_of(TODAY) == tomorrow, "the key of the day before is gone"
