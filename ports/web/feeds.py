"""Feeds of what changed in the registry: Atom (RFC 4287) and JSON Feed 1.1.

Everything in them comes from the settings and the database, nothing from the clock or the request:
the same state gives the same bytes.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from html import unescape
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from ports import change_sentences
from ports.change_facts import ToldChange
from ports.languages import Language
from ports.web.page import CACHE_CONTROL

MOST_ENTRIES = 100
# What XML 1.0 cannot hold, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REGISTRY_TEXT = re.compile(r'<bdi lang="en" dir="ltr">(.*?)</bdi>', re.DOTALL)
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"


class FeedForm(StrEnum):
    """The two forms of a feed; the value ends its address."""

    ATOM = "atom"
    JSON = "json"


class FeedLinks(NamedTuple):
    """A feed's title, and its addresses in both forms, without the host."""

    title: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as feeds tell it. `id` stays for ever; the addresses are absolute."""

    id: str
    address: str
    title: str
    content: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in a language; `page` is the address of the page that tells the same."""

    links: FeedLinks
    page: str
    language: Language
    updated: datetime
    entries: tuple[Entry, ...]


def of_all_ports(language: Language) -> FeedLinks:
    """The feeds of the whole registry."""
    return FeedLinks(
        _("What changed in the registry"),
        *(reverse("changes-feed", args=[language, form]) for form in FeedForm),
    )


def of_port(language: Language, number: int) -> FeedLinks:
    """The feeds of one port."""
    return FeedLinks(
        # Translators: the title of a news feed.
        _("Port %(number)s: what changed in the registry") % {"number": number},
        *(reverse("port-feed", args=[language, number, form]) for form in FeedForm),
    )


def feed_of(
    changes: Iterable[ToldChange],
    language: Language,
    *,
    links: FeedLinks,
    page: str,
    known_since: datetime | None,
) -> Feed:
    """A feed of these changes, newest first; `page` without the host.

    A feed without entries is as old as the registry it is about, `known_since`.
    """
    entries = tuple(_entry(change, language) for change in islice(changes, MOST_ENTRIES))
    dates = (entry.updated for entry in entries)
    return Feed(
        links=links,
        page=settings.SITE_URL + page,
        language=language,
        updated=max(dates, default=known_since or datetime.fromtimestamp(0, UTC)),
        entries=entries,
    )


def answer(feed: Feed, form: FeedForm) -> HttpResponse:
    """The feed in one of its forms, which caches may keep as long as pages."""
    content, content_type = _FORMS[form](feed)
    return HttpResponse(
        content, content_type=content_type, headers={"Cache-Control": CACHE_CONTROL}
    )


def _entry(change: ToldChange, language: Language) -> Entry:
    content = render_to_string("ports/_feed_entry.html", {"change": change, "language": language})
    return Entry(
        id=_tag(change, language),
        address=settings.SITE_URL + _address(change, language),
        title=_plain(change_sentences.change(change), language),
        content=_NOT_IN_XML.sub("\ufffd", content.strip()),
        updated=change.snapshot.accepted_at,
    )


def _tag(change: ToldChange, language: Language) -> str:
    """A tag URI (RFC 4151), which says nothing of where the entry is served."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{change.snapshot.accepted_at:%Y-%m-%d}:changes/{change.id}/{language.code}"


def _address(change: ToldChange, language: Language) -> str:
    """The page that goes on telling the change when newer ones have come."""
    if change.name:
        return reverse("service", args=[language, change.name]) + f"#change-{change.id}"
    return reverse("port", args=[language, change.first_port])


def _plain(sentence: SafeString, language: Language) -> str:
    """A sentence without markup; in right-to-left text, names and numbers keep their direction."""
    if language.direction == "rtl":
        sentence = SafeString(_REGISTRY_TEXT.sub(rf"{_LEFT_TO_RIGHT}\1{_END}", sentence))
    return _NOT_IN_XML.sub("\ufffd", unescape(strip_tags(sentence)))


class _Atom(Atom1Feed):
    """Atom with its entries' texts as content, dated by what is in it."""

    def latest_post_date(self) -> datetime:
        return self.feed["updated"]

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


def _atom(feed: Feed) -> tuple[str, str]:
    atom = _Atom(
        title=feed.links.title,
        link=feed.page,
        description=None,
        language=feed.language.tag,
        author_name="Portsite",
        feed_url=settings.SITE_URL + feed.links.atom,
        updated=feed.updated,
    )
    for entry in feed.entries:
        atom.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.content,
            unique_id=entry.id,
            pubdate=entry.updated,
            updateddate=entry.updated,
        )
    return atom.writeString("utf-8"), "application/atom+xml; charset=utf-8"


def _json(feed: Feed) -> tuple[str, str]:
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.links.title,
        "home_page_url": feed.page,
        "feed_url": settings.SITE_URL + feed.links.json,
        "language": feed.language.tag,
        "authors": [{"name": "Portsite", "url": settings.SITE_URL}],
        "items": [
            {
                "id": entry.id,
                "url": entry.address,
                "title": entry.title,
                "content_html": entry.content,
                "date_published": entry.updated.isoformat(),
                "date_modified": entry.updated.isoformat(),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n", "application/feed+json"


_FORMS = {FeedForm.ATOM: _atom, FeedForm.JSON: _json}
