"""Answers that a client or a cache may keep, and when they are no longer the same."""

import time

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports import generation, publishing
from ports.models import Revision, Snapshot
from tests.ports.api.answers import get
from tests.ports.writing import editor, language, publish, published_article, write_text

pytestmark = pytest.mark.django_db
ADDRESSES = ["", "ports/8080/", "ports/?limit=5", "services/ssh/", "changes/", "languages/"]


def etag(reader: Client, address: str, **headers: str) -> str:
    return str(get(reader, address, **headers).headers["ETag"])


@pytest.mark.parametrize("address", [*ADDRESSES, "registry/"])
def test_whoever_has_it_is_told_so_before_it_is_made_again(reader: Client, address: str) -> None:
    kept = get(reader, address)
    validator = kept.headers["ETag"]
    assert validator.startswith('"'), "strong"
    for said in (validator, f'"other", {validator}', f"W/{validator}"):
        generation.forget()
        with CaptureQueriesContext(connection) as asked:
            again = reader.get(f"/api/v1/{address}", headers={"If-None-Match": said})
        assert again.status_code == 304
        assert not again.content
        assert len(asked) == (2 if address == "registry/" else 1)
        for name in ("ETag", "Cache-Control", "Last-Modified"):
            assert again.headers.get(name) == kept.headers.get(name)
    assert get(reader, address, **{"if-none-match": '"other"'}).content == kept.content


def test_each_address_and_language_has_its_own(reader: Client) -> None:
    found = [etag(reader, f"{address}{'&' if '?' in address else '?'}lang={tag}")
             for address in ADDRESSES for tag in ("en", "tr")]  # fmt: skip
    found += [etag(reader, "ports/8080/", **{"accept-language": tag}) for tag in ("de", "fr")]
    assert len(set(found)) == len(found)


def test_what_is_published_makes_it_another(reader: Client) -> None:
    owner, article = published_article(8080)
    before = etag(reader, "ports/8080/")
    write_text(article, "title", "en", "Two")
    assert etag(reader, "ports/8080/") == before, "a draft"
    publish(owner)
    after = get(reader, "ports/8080/", **{"if-none-match": before})
    assert after.headers["ETag"] != before
    assert after.json()["article"]["title"]["markdown"] == "Two"


def test_a_refreshed_registry_makes_it_another(reader: Client) -> None:
    before = etag(reader, "assignments/?limit=1")
    snapshot = Snapshot.objects.current()
    assert snapshot
    snapshot.pk = None
    snapshot.save()
    assert etag(reader, "assignments/?limit=1") != before


def test_what_was_found_right_as_it_is_makes_it_another(reader: Client) -> None:
    owner, article = published_article(8080, title_tr="Bir kapı", body_tr="Bir öykü.")
    publish(owner, "tr")
    write_text(article, "body", "en", "Quite another story.")
    publishing.save_revision(document=owner, by=editor(), significance=Revision.Significance.MAJOR)
    publish(owner)
    before = get(reader, "ports/8080/?lang=tr")
    assert before.json()["article"]["is_outdated"]
    publishing.still_correct(
        document=owner,
        language=language("tr"),
        number=Revision.objects.filter(edition__language="tr").latest("number").number,
        source_number=Revision.objects.filter(edition__language="en").latest("number").number,
        by=editor(),
    )
    after = get(reader, "ports/8080/?lang=tr", **{"if-none-match": before.headers["ETag"]})
    assert not after.json()["article"]["is_outdated"]


def test_when_it_changed_is_said_only_where_that_tells_all(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = generation.asked().at
    assert at
    now = max(at.timestamp(), time.time()) + 1
    published_article(8080)
    monkeypatch.setattr("ports.api.validators.time.time", lambda: now)
    assert "Last-Modified" not in get(reader, "ranges/").headers, "another may follow at once"
    now += 60
    said = get(reader, "ranges/").headers["Last-Modified"]
    get(reader, "ranges/", status=304, **{"if-modified-since": said})
    earlier = "Mon, 01 Jan 2024 00:00:00 GMT"
    get(reader, "ranges/", **{"if-modified-since": earlier})
    for address in ("", "registry/", "ports/80/feedback/"):
        assert "Last-Modified" not in get(reader, address).headers
        get(reader, address, **{"if-modified-since": said})


def test_changes_are_numbered_in_the_order_in_which_they_are_seen(reader: Client) -> None:
    if connection.vendor == "sqlite":
        # Only one writes at a time; on PostgreSQL others have to be made to wait.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    with transaction.atomic():
        generation.advance()
        parameters = connection.get_connection_params()
        parameters.pop("cursor_factory", None)
        parameters.pop("context", None)
        with psycopg.connect(**parameters) as other:
            other.execute("SET lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("UPDATE ports_publicstate SET number = number + 1")


def test_what_is_not_there_is_never_called_unchanged(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time() + 60
    monkeypatch.setattr("ports.api.validators.time.time", lambda: now)
    for headers in ({"if-none-match": "*"}, {"if-modified-since": "Fri, 31 Dec 2100 23:59:59 GMT"}):
        get(reader, "ports/65536/", status=404, **headers)
        get(reader, "services/no-such-service/", status=404, **headers)
        get(reader, "ports/80/", status=304, **headers)


def test_caches_may_keep_it_for_minutes(reader: Client) -> None:
    directives = dict(
        each.partition("=")[::2] for each in get(reader, "").headers["Cache-Control"].split(", ")
    )
    assert "public" in directives
    assert int(directives["s-maxage"]) + int(directives["stale-while-revalidate"]) <= 600
    assert int(directives["stale-if-error"]) <= 3600


def test_what_was_published_elsewhere_is_known_within_a_second(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("ports.generation.time.monotonic", lambda: now)
    before = generation.current()
    published_article(8080)
    assert generation.current() == before
    now += generation.LOOK_SECONDS + 0.01
    assert generation.current() != before
