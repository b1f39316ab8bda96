"""Voting, and what was counted, for programs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from feedback import receipts, tallying
from feedback.models import FollowUp, Vote
from ports.languages import LANGUAGES, SOURCE, Language
from tests.feedback.voters import NOW, cast, cast_many, in_source, page
from tests.ports.writing import published_article

pytestmark = pytest.mark.django_db

VOTE = {"port": 3440, "language": "en", "face": "sad"}


def post(reader: Client, body: Any, **headers: str) -> Any:
    return reader.post("/api/v1/feedback/", body, content_type="application/json", headers=headers)


def test_a_vote_is_stored_for_what_readers_see_now(reader: Client) -> None:
    assert post(reader, VOTE).status_code == 201
    published_article(3440)
    answer = post(reader, {**VOTE, "language": "pt-br"})
    body = answer.json()
    assert (body["language"], body["revision"]) == ("pt-BR", 1)
    told = Vote.objects.order_by("id").values_list("text_language", "revision_number")
    assert list(told) == [("", 0), ("en", 1)]
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_with_the_token_it_is_changed_and_explained(reader: Client) -> None:
    token = post(reader, VOTE).json()["token"]
    changed = post(reader, {"token": token, "face": "doubtful"})
    assert (changed.status_code, changed.json()["face"]) == (200, "doubtful")
    said = post(reader, {"token": token, "reason": "wrong", "comment": "It is 1985."})
    assert said.status_code == 200
    assert (FollowUp.objects.get().reason, FollowUp.objects.get().comment) == (
        "wrong",
        "It is 1985.",
    )
    both = post(reader, {"token": token, "face": "sad", "reason": "outdated"})
    assert both.status_code == 200
    assert Vote.objects.get().face == "sad"
    assert FollowUp.objects.get().reason == "outdated"
    FollowUp.objects.update(handled_at=NOW)
    assert post(reader, {"token": token, "reason": "wrong"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/face", "/language", "/port"]),
        ({**VOTE, "port": 65536}, ["/port"]),
        ({**VOTE, "port": -1}, ["/port"]),
        ({**VOTE, "port": "x"}, ["/port"]),
        ({**VOTE, "language": "xx"}, ["/language"]),
        ({**VOTE, "face": "angry"}, ["/face"]),
        ({**VOTE, "bogus": 1}, ["/bogus"]),
        ({**VOTE, "comment": "Why?"}, ["/comment"]),
        ({**VOTE, "token": "made up"}, ["/language", "/port"]),
        ({"token": "x" * 201, "face": "sad"}, ["/token"]),
        ([], [""]),
        ("{", [""]),
        ("\x00", [""]),
        ("[" * 100_000, [""]),
    ],
)
def test_what_is_wrong_is_named(reader: Client, body: Any, pointers: list[str]) -> None:
    answer = post(reader, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert problem["type"].endswith("/api/v1/problems/invalid-body/")
    assert problem["detail"]
    assert sorted(each["pointer"] for each in problem["errors"]) == pointers
    assert not Vote.objects.exists()


def test_a_problem_is_told_in_the_callers_language(reader: Client) -> None:
    said = {
        code: post(reader, {"token": "made up", "face": "sad"}, **{"accept-language": code}).json()
        for code in ("en", "de")
    }
    assert said["en"]["detail"] != said["de"]["detail"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_what_is_wrong_is_told_in_every_language(reader: Client, language: Language) -> None:
    wrong = {"port": "x", "language": None, "face": "angry", "token": "", "comment": {}}
    said, english = (
        {
            each["detail"]
            for each in post(reader, wrong, **{"accept-language": tag}).json()["errors"]
        }
        for tag in (language.tag, "en")
    )
    assert len(said) == len(english) == 5
    assert language is SOURCE or not said & english


def test_the_limit_holds_here_too(reader: Client) -> None:
    answers = [post(reader, VOTE) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert Vote.objects.count() == 5


def test_old_tokens_and_other_sites_are_refused(reader: Client) -> None:
    old = receipts.give(cast(page()), NOW - timedelta(days=2))
    assert post(reader, {"token": old, "face": "sad"}).status_code == 410
    assert post(reader, {"token": "made up", "face": "sad"}).status_code == 403
    assert post(reader, {"token": "made up"}).status_code == 403
    assert post(reader, VOTE, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert post(reader, VOTE, origin="https://evil.example").status_code == 403
    allowed = reader.options("/api/v1/feedback/", headers={"origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in allowed.headers
    form = reader.post("/api/v1/feedback/", VOTE)
    assert form.status_code == 415
    assert reader.get("/api/v1/feedback/").status_code == 405
    assert reader.get("/api/v1/feedback/").headers["Allow"] == "POST, OPTIONS"


def test_tallies_are_given_by_language_and_text(reader: Client) -> None:
    cast_many(in_source(1), happy=3, sad=1)
    cast_many(page(3440, "zh-hans", "en", 1), doubtful=2)
    tallying.count_all()
    answer = reader.get("/api/v1/ports/3440/feedback/")
    english, chinese = answer.json()["languages"]
    assert english == {
        "language": "en",
        "lifetime": {"sad": 1, "doubtful": 0, "happy": 3},
        "texts": [
            {
                "text_language": "en",
                "since_revision": 1,
                "sad": 1,
                "doubtful": 0,
                "happy": 3,
                "usefulness": {"mean": 0.75, "low": 0.3006, "high": 0.9544},
            }
        ],
    }
    assert chinese["language"] == "zh-Hans"
    assert reader.get("/api/v1/ports/1/feedback/").json() == {"port": 1, "languages": []}
    for number in ("65536", "0443", "-1", "٤٤٣"):
        assert reader.get(f"/api/v1/ports/{number}/feedback/").status_code == 404


def test_tallies_tell_nothing_of_those_who_voted(reader: Client) -> None:
    vote = cast(page())
    tallying.count_all()
    body = reader.get("/api/v1/ports/3440/feedback/").content.decode()
    assert vote.voter not in body
    assert "2026" not in body
