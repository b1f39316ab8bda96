"""What editors withdrew goes out of the downloads too, at once and out of those of before."""

import json
import time
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ports import publishing, tasks
from ports.dumps import making, places
from ports.dumps.licences import CC_BY
from ports.dumps.places import Manifest
from ports.languages import SOURCE
from ports.models import PublicationEvent
from tests.ports.dumps import sets
from tests.ports.writing import document, editor, published_article

pytestmark = pytest.mark.django_db

MEANT_TO_GO = "It must go"
Action = PublicationEvent.Action


def withdraw(number: int) -> None:
    publishing.unpublish(document=document(number), language=SOURCE, by=editor())


def say(action: str) -> None:
    """Note that something happened to an edition, be it so or not."""
    said = PublicationEvent.objects.order_by("-id").values("edition_id", "revision_id", "at")[0]
    PublicationEvent.objects.create(action=action, **said)


def last_publication() -> int:
    return PublicationEvent.objects.order_by("-id").values_list("id", flat=True)[0]


def versions(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_dir()}


def texts(made: Manifest) -> bytes:
    return sets.unpacked(places.path_of(made, "articles.jsonl.gz"))


@pytest.fixture
def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """Downloads of texts alone, in which one stands; made within the transaction of the test."""
    monkeypatch.setattr(making, "one_state", nullcontext)
    monkeypatch.setattr(making, "DUMPS", [each for each in making.DUMPS if each.licence is CC_BY])
    published_article(1, body=MEANT_TO_GO)
    published_article(2)
    found = making.make()
    assert found is not None
    assert MEANT_TO_GO.encode() in texts(found)
    assert found["last_publication"] == last_publication()
    return found


def test_a_text_that_was_withdrawn_is_gone_after_the_next_look(
    reader: Client, made: Manifest, folder: Path
) -> None:
    address = f"/dumps/{made['version']}/articles.jsonl.gz"
    before = reader.get(address)
    assert before.status_code == 200
    assert b"".join(before.streaming_content)
    assert making.make_if_withdrawn() is None
    withdraw(1)
    tasks.remake_dumps()
    newest = places.newest()
    assert newest is not None
    assert MEANT_TO_GO.encode() not in texts(newest)
    assert versions(folder) == {newest["version"]}
    assert reader.get(address).status_code == 404
    assert making.make_if_withdrawn() is None


@pytest.mark.parametrize(
    ("action", "stays"),
    [
        (Action.UNPUBLISHED, False),
        (Action.EXPIRED, False),
        (Action.PUBLISHED, True),
        (Action.SCHEDULED_END, True),
        (Action.FAILED, True),
    ],
)
def test_the_set_of_before_stays_unless_something_was_withdrawn_since(
    made: Manifest, folder: Path, action: str, stays: bool
) -> None:
    say(action)
    published_article(3)
    after = making.make()
    assert after is not None
    assert versions(folder) == {after["version"]} | ({made["version"]} if stays else set())


def test_one_that_does_not_say_what_was_published_goes_if_anything_was_ever_withdrawn(
    made: Manifest, folder: Path
) -> None:
    older = {name: said for name, said in made.items() if name != "last_publication"}
    for path in (folder / places.MANIFEST, folder / made["version"] / places.MANIFEST):
        path.write_text(json.dumps(older))
    assert making.make_if_withdrawn() is None
    withdraw(1)
    after = making.make_if_withdrawn()
    assert after is not None
    assert versions(folder) == {after["version"]}


def test_what_a_maker_left_that_died_goes_with_the_next(made: Manifest, folder: Path) -> None:
    withdraw(1)
    with places.alone():
        # As if it had died before the end.
        (folder / made["version"]).rename(folder / ".kept")
    after = making.make()
    assert after is not None
    (folder / ".kept").rename(folder / made["version"])
    assert making.make() is None
    assert versions(folder) == {after["version"]}


def test_a_look_costs_a_query_and_none_where_there_are_no_downloads(
    made: Manifest, folder: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        tasks.remake_dumps()
    withdraw(1)
    (folder / places.MANIFEST).unlink()
    with django_assert_num_queries(0):
        tasks.remake_dumps()
    assert places.newest() is None


@pytest.mark.usefixtures("made")
def test_who_else_makes_them_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    withdraw(1)
    before = places.newest()
    with places.alone():
        tasks.remake_dumps()
    assert places.newest() == before
    assert not caplog.records
    tasks.remake_dumps()
    assert places.newest() != before


def test_a_failure_is_logged_and_tried_again_after_a_while(
    made: Manifest, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(1)
    stop = Event()
    monkeypatch.setattr(tasks, "_stop_looking", stop)
    (folder / ".lock").unlink()
    (folder / ".lock").mkdir()
    stopping = Thread(target=lambda: (time.sleep(0.5), stop.set()))
    stopping.start()
    started = time.monotonic()
    tasks.remake_dumps()
    stopping.join()
    assert time.monotonic() - started >= 0.4
    assert "without what was withdrawn" in caplog.text
    assert places.newest() == made
    (folder / ".lock").rmdir()
    tasks.remake_dumps()
    assert places.newest() != made


def test_workers_look_for_it_by_themselves(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    looked = Event()
    settings.REGISTRY_LOOK_SECONDS = 0.01
    monkeypatch.setattr(tasks, "_stop_looking", Event())
    monkeypatch.setattr(tasks, "_WORK", ())
    monkeypatch.setattr(tasks, "send_mail", lambda: None)
    monkeypatch.setattr(tasks, "remake_dumps", looked.set)
    tasks.start_looking()
    assert looked.wait(5)
    tasks.stop_looking()
