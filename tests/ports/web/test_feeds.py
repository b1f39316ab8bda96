"""The feeds of what changed in the registry, read as feed readers do."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from django.test import Client

from ports.languages import LANGUAGES, Language
from ports.models import RegistryChange, Snapshot
from ports.web.feeds import MOST_ENTRIES
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record, unassigned
from tests.ports.web.pages import get, source

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> ]]> & \"quoted\" 'x' &lt;b&gt; \u202e \ufffe ü"
FEEDS = ("/{}/changes/feed.{}", "/{}/ports/6363/feed.{}")
every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)


@pytest.fixture
def changes(db: None) -> list[RegistryChange]:
    state = made.snapshot("2026-07-23")
    return [
        made.added(state, record("ndn", "6363", transport, description=HOSTILE, contact=HOSTILE))
        for transport in ("tcp", "udp")
    ] + [
        made.renamed(state, record(HOSTILE, "6363", "sctp"), record("cl/1", "6363", "sctp")),
        made.removed(state, record(HOSTILE, "6363", "dccp", description=HOSTILE)),
        made.cut(
            state, (unassigned("6361-6370"),), (record("", "6361-6370", description=HOSTILE),)
        ),
    ]


def atom(reader: Client, path: str) -> Any:
    """The feed as a feed reader has it; it must be well-formed."""
    feed = feedparser.parse(
        get(reader, path).content, sanitize_html=False, resolve_relative_uris=False
    )
    assert feed.bozo == 0, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


@every_language
def test_the_feeds_are_well_formed_in_every_language_with_hostile_cells(
    reader: Client, changes: list[RegistryChange], language: Language
) -> None:
    for address in FEEDS:
        feed = atom(reader, address.format(language.code, "atom"))
        assert feed.feed.language == language.tag
        assert len(feed.entries) == 4
        items = get(reader, address.format(language.code, "json")).json()["items"]
        for entry, item in zip(feed.entries, items, strict=True):
            content = entry.content[0]
            assert content.type == "text/html"
            assert f'<div lang="{language.tag}" dir="{language.direction}">' in content.value
            assert "<script" not in content.value
            assert (entry.id, entry.title, entry.link) == (item["id"], item["title"], item["url"])
            assert content.value == item["content_html"]


def test_an_entry_tells_what_the_page_tells(reader: Client, changes: list[RegistryChange]) -> None:
    feed = atom(reader, "/en/changes/feed.atom")
    entry = feed.entries[0]
    assert entry.title == "New in the registry: ndn 6363/tcp, 6363/udp."
    assert "Seen in the registry of July 23, 2026." in entry.content[0].value
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp;" in entry.content[0].value
    assert entry.link == f"http://localhost:8000/en/services/ndn/#change-{changes[0].pk}"
    assert entry.updated == entry.published == feed.feed.updated
    assert datetime.fromisoformat(entry.updated) == datetime(2026, 8, 1, 3, 47, tzinfo=UTC)
    assert feed.entries[-1].link == "http://localhost:8000/en/ports/6361/"


def test_names_keep_their_direction_in_right_to_left_titles(
    reader: Client, changes: list[RegistryChange]
) -> None:
    title = atom(reader, "/ar/changes/feed.atom").entries[0].title
    assert "\u2066ndn\u2069" in title
    assert "\u20666363/tcp, 6363/udp\u2069" in title


def test_ids_stay_for_ever_and_differ_by_change_and_language(
    reader: Client, changes: list[RegistryChange]
) -> None:
    ids = [entry.id for entry in atom(reader, "/en/changes/feed.atom").entries]
    assert ids[0] == f"tag:localhost,2026-08-01:changes/{changes[0].pk}/en"
    assert ids == [entry.id for entry in atom(reader, "/en/ports/6363/feed.atom").entries]
    assert not set(ids) & {entry.id for entry in atom(reader, "/de/changes/feed.atom").entries}
    made.added(made.snapshot("2026-08-02"), record("newer", "7"))
    assert [entry.id for entry in atom(reader, "/en/changes/feed.atom").entries][1:] == ids


def test_a_json_feed_keeps_the_rules_of_version_1_1(
    reader: Client, changes: list[RegistryChange]
) -> None:
    for address in FEEDS:
        feed = get(reader, address.format("pt-br", "json")).json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["language"] == "pt-BR"
        assert isinstance(feed["title"], str)
        assert feed["title"]
        assert feed["feed_url"] == "http://localhost:8000" + address.format("pt-br", "json")
        assert feed["home_page_url"].startswith("http://localhost:8000/pt-br/")
        assert feed["authors"] == [{"name": "Portsite", "url": "http://localhost:8000"}]
        known = {"version", "title", "home_page_url", "feed_url", "language", "authors", "items"}
        assert set(feed) == known
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 0
        for item in feed["items"]:
            assert set(item) == {
                "id", "url", "title", "content_html", "date_published", "date_modified",
            }  # fmt: skip
            assert all(isinstance(value, str) and value for value in item.values())
            assert item["url"].startswith("http://localhost:8000/pt-br/")
            for date in ("date_published", "date_modified"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", item[date])


def test_a_feed_says_where_it_is_and_which_page_it_follows(
    reader: Client, changes: list[RegistryChange]
) -> None:
    for address, page in zip(FEEDS, ("/nl/changes/", "/nl/ports/6363/"), strict=True):
        links = {
            link.rel: link.href for link in atom(reader, address.format("nl", "atom")).feed.links
        }
        assert links == {
            "alternate": f"http://localhost:8000{page}",
            "self": "http://localhost:8000" + address.format("nl", "atom"),
        }


@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.parametrize("address", FEEDS)
def test_two_builds_give_the_same_bytes_with_entries_and_without(
    reader: Client, address: str, form: str
) -> None:
    path = address.format("en", form)
    for _with_entries in (False, True):
        first = get(reader, path).content
        assert first == get(reader, path).content
        made.added(made.snapshot("2026-07-23"), record("ndn", "6363"))


def test_a_feed_without_entries_is_as_old_as_the_registry(
    reader: Client, empty_registry: None
) -> None:
    assert atom(reader, "/en/changes/feed.atom").feed.updated == "1970-01-01T00:00:00+00:00"
    made.snapshot()
    feed = atom(reader, "/en/ports/6363/feed.atom")
    assert feed.feed.updated == "2026-08-01T03:47:00+00:00"
    assert feed.entries == []


def test_addresses_come_from_the_settings_not_from_the_host_header(
    reader: Client, changes: list[RegistryChange], settings: Any
) -> None:
    settings.SITE_URL = "https://ports.example:8443"
    settings.ALLOWED_HOSTS = ["*"]
    for address in FEEDS:
        for form in ("atom", "json"):
            feed = source(get(reader, address.format("en", form), headers={"host": "evil.example"}))
            assert "evil.example" not in feed
            assert "localhost" not in feed
            assert "https://ports.example:8443/en/" in feed
            assert "tag:ports.example,2026-08-01:changes/" in feed


def test_a_feed_holds_the_newest_entries_only(reader: Client, db: None) -> None:
    made.added(made.snapshot("2026-07-23"), record("oldest", "1"))
    state = made.snapshot("2026-07-24")
    for number in range(MOST_ENTRIES):
        for transport in ("tcp", "udp"):
            made.added(state, record(f"name-{number}", str(number), transport))
    titles = [entry.title for entry in atom(reader, "/en/changes/feed.atom").entries]
    assert len(titles) == MOST_ENTRIES
    assert titles[-1] == "New in the registry: name-99 99/tcp, 99/udp."


def test_the_feed_of_a_port_tells_only_what_says_something_of_it(reader: Client, db: None) -> None:
    state = made.snapshot()
    made.cut(
        state,
        (unassigned("6361-6381", ""),),
        (unassigned("6361-6370", ""), record("", "6371-6381", description="Reserved")),
    )
    made.added(state, record("ndn", "6363"))
    titles = [entry.title for entry in atom(reader, "/en/ports/6363/feed.atom").entries]
    assert titles == ["New in the registry: ndn 6363/tcp."]
    assert len(atom(reader, "/en/ports/6375/feed.atom").entries) == 1


@pytest.mark.parametrize(
    ("form", "content_type"),
    [("atom", "application/atom+xml; charset=utf-8"), ("json", "application/feed+json")],
)
def test_headers_let_readers_and_caches_keep_a_feed_until_it_changes(
    reader: Client, changes: list[RegistryChange], form: str, content_type: str
) -> None:
    for address in FEEDS:
        path = address.format("tr", form)
        response = get(reader, path)
        assert response.headers["Content-Type"] == content_type
        assert response.headers["Content-Language"] == "tr"
        assert (
            response.headers["Cache-Control"]
            == reader.get("/tr/ports/22/").headers["Cache-Control"]
        )
        assert "Accept-Language" not in response.headers.get("Vary", "")
        assert not response.cookies
        etag = response.headers["ETag"]
        again = reader.get(path, headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        made.added(Snapshot.objects.current(), record("another", "6363"))  # type: ignore[arg-type]
        assert reader.get(path, headers={"if-none-match": etag}).status_code == 200
        assert reader.head(path).status_code == 200
        assert reader.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/en/changes/feed.rss", "/en/ports/65536/feed.atom", "/en/ports/022/feed.atom",
     "/xx/changes/feed.atom", "/en/changes/feed.ATOM", "/en/changes/feed.atom/"],
)  # fmt: skip
def test_what_is_no_feed_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_a_feed_costs_two_queries(
    reader: Client, changes: list[RegistryChange], django_assert_num_queries: Any
) -> None:
    for address in FEEDS:
        for form in ("atom", "json"):
            with django_assert_num_queries(2):
                get(reader, address.format("en", form))


def test_a_json_feed_is_read_as_written(reader: Client, changes: list[RegistryChange]) -> None:
    assert (
        "ü" in json.loads(get(reader, "/en/changes/feed.json").content)["items"][0]["content_html"]
    )
