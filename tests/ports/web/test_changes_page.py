"""The list of what changed in the registry."""

import re

import pytest
from django.test import Client

from ports.languages import LANGUAGES, Language
from ports.models import Snapshot
from ports.web.views.changes import MOST_SNAPSHOTS, PAGE_SIZE
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record, unassigned
from tests.ports.web.pages import get, source, text

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script> ]]> & "quoted"'


@pytest.fixture
def old_state() -> Snapshot:
    return made.snapshot("2026-06-30")


@pytest.fixture
def state(old_state: Snapshot) -> Snapshot:
    """The state that is current, with a change of each kind; and another before it."""
    made.added(old_state, record("older", "50"))
    current = made.snapshot("2026-07-23")
    for transport in ("tcp", "udp"):
        made.added(
            current,
            record("ndn", "6363", transport, description="Named Data", contact="[Jeff_Burke]"),
            before=(unassigned("6361-6381", ""),),
        )
    made.removed(current, record("compressnet", "2", description="Management Utility"))
    made.modified(
        current,
        record("iuhsctpassoc", "29169", "sctp", assignee="[A]"),
        record("iuhsctpassoc", "29169", "sctp", assignee="[B]"),
    )
    made.renamed(
        current, record("pearldoc-xact", "1980"), record("panquest-xact", "1980", contact="[C]")
    )
    return current


def entries(page: str) -> list[str]:
    return re.findall(r'<li id="change-\d+".*?</li>', page, re.DOTALL)


def test_changes_stand_under_the_state_they_were_seen_in_newest_first(
    reader: Client, state: Snapshot
) -> None:
    response = get(reader, "/en/changes/")
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", source(response))
    assert headings == ["Registry of July 23, 2026", "Registry of June 30, 2026"]
    words = text(response)
    assert words.index("ndn") < words.index("Registry of June 30, 2026") < words.index("older")
    counts = re.search(r'<ul class="counts">.*?</ul>', source(response), re.DOTALL)
    assert counts is not None
    assert re.findall(r"<li>(.*?)</li>", counts[0]) == [
        "Added: 2", "Removed: 1", "Modified: 1", "Renamed: 1",
    ]  # fmt: skip


def test_an_entry_tells_the_change_and_leads_to_its_pages(reader: Client, state: Snapshot) -> None:
    first = entries(source(get(reader, "/en/changes/")))[0]
    assert "New in the registry:" in first
    assert 'href="/en/services/ndn/"' in first
    assert 'href="/en/ports/6363/" lang="en" dir="ltr">6363/tcp, 6363/udp</a>' in first
    for cell in ("Unassigned", "Named Data", "[Jeff_Burke]"):
        assert f'<td><bdi lang="en" dir="ltr">{cell}</bdi></td>' in first
    assert "Contact" in first
    assert "Before" in first


def test_each_kind_has_its_words(reader: Client, state: Snapshot) -> None:
    words = text(get(reader, "/en/changes/"))
    for sentence in (
        "New in the registry: ndn 6363/tcp, 6363/udp.",
        "Removed from the registry: compressnet 2/tcp.",
        "Changed in the registry: iuhsctpassoc 29169/sctp.",
        "Renamed in the registry: pearldoc-xact is now panquest-xact 1980/tcp.",
    ):
        assert sentence in words


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ("month=2026-07", ["ndn", "compressnet"], ["older"]),
        ("month=2026-06", ["older"], ["ndn"]),
        ("kind=removed", ["compressnet"], ["ndn", "older"]),
        ("kind=renamed&transport=tcp", ["panquest-xact"], ["ndn"]),
        ("transport=sctp", ["iuhsctpassoc"], ["ndn"]),
        ("range=system", ["compressnet", "older"], ["ndn"]),
        ("range=user&kind=added", ["ndn"], ["older", "panquest-xact"]),
        ("range=dynamic", ["No change matches this choice."], ["ndn"]),
        ("snapshot=999999999999999999", ["No change matches this choice."], ["ndn"]),
        ("month=2020-01", ["No change matches this choice."], ["ndn"]),
    ],
)
def test_filters_leave_what_they_name(
    reader: Client, state: Snapshot, query: str, present: list[str], absent: list[str]
) -> None:
    words = text(get(reader, f"/en/changes/?{query}"))
    for word in present:
        assert word in words
    for word in absent:
        assert word not in words


def test_a_state_can_be_chosen(reader: Client, state: Snapshot, old_state: Snapshot) -> None:
    page = source(get(reader, f"/en/changes/?snapshot={old_state.pk}"))
    assert len(entries(page)) == 1
    assert f'<option value="{old_state.pk}" selected>June 30, 2026</option>' in page
    assert f'<option value="{state.pk}">July 23, 2026</option>' in page
    assert page.index(f'<option value="{state.pk}">') < page.index(
        f'<option value="{old_state.pk}"'
    ), "newest first"
    assert re.findall(r'<option value="(\d{4}-\d\d)">(.*?)</option>', page) == [
        ("2026-07", "July 2026"),
        ("2026-06", "June 2026"),
    ]


def test_of_many_states_those_of_the_chosen_month_are_offered(reader: Client, db: None) -> None:
    for day in range(MOST_SNAPSHOTS + 5):
        made.added(made.snapshot(f"2026-{day // 28 + 1:02}-{day % 28 + 1:02}"), record("a", "1"))
    offered = source(get(reader, "/en/changes/")).partition('name="snapshot"')[2]
    assert offered.partition("</select>")[0].count("<option") == 1 + MOST_SNAPSHOTS
    offered = source(get(reader, "/en/changes/?month=2026-01")).partition('name="snapshot"')[2]
    assert offered.partition("</select>")[0].count("<option") == 1 + 28


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("month=2026-13", "month"),
        ("month=2026", "month"),
        ("month=%D9%A2026-07", "month"),
        ("month=2026-07%0A", "month"),
        ("snapshot=x", "snapshot"),
        ("snapshot=-1", "snapshot"),
        ("snapshot=9999999999999999999", "snapshot"),
        ("kind=vanished", "kind"),
        ("transport=icmp", "transport"),
        ("range=all", "range"),
        ("page=0x1", "page"),
        ("month=%00", "month"),
    ],
)
def test_a_filter_that_cannot_be_is_named_in_an_error(
    reader: Client, query: str, name: str
) -> None:
    response = reader.get(f"/en/changes/?{query}")
    assert response.status_code == 400
    assert f"“{name}”" in text(response)


def test_the_canonical_address_holds_the_filters_and_nothing_else(
    reader: Client, state: Snapshot
) -> None:
    page = source(get(reader, "/en/changes/?utm=1&kind=added&month=2026-07&page=1"))
    address = "http://localhost:8000/en/changes/?month=2026-07&amp;kind=added"
    assert f'<link rel="canonical" href="{address}">' in page


def test_the_page_costs_few_queries_whatever_it_holds(
    reader: Client, state: Snapshot, django_assert_max_num_queries: object
) -> None:
    for number in range(300):
        made.added(state, record(f"name-{number}", str(number)))
    for path in ("/en/changes/", "/ar/changes/?kind=added&page=2", "/en/changes/?month=1999-01"):
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            get(reader, path)


def test_what_is_told_as_one_is_never_cut_by_the_end_of_a_page(reader: Client, db: None) -> None:
    current = made.snapshot()
    for number in range(1, PAGE_SIZE):
        made.added(current, record(f"name-{number}", str(number)))
    for transport in ("dccp", "sctp", "tcp", "udp"):
        made.added(current, record("at-the-edge", "500", transport))
    made.added(current, record("last", "501"))
    first, second = (source(get(reader, f"/en/changes/?page={n}")) for n in (1, 2))
    assert len(entries(first)) == PAGE_SIZE
    assert "500/dccp, 500/sctp, 500/tcp, 500/udp" in first
    assert [re.findall(r"services/([^/]+)/", entry) for entry in entries(second)] == [["last"]]


def test_following_pages_keep_the_filters(reader: Client, db: None) -> None:
    current = made.snapshot()
    for number in range(PAGE_SIZE + 1):
        made.added(current, record(f"name-{number}", str(number)))
    page = source(get(reader, "/en/changes/?kind=added&page=1"))
    assert 'href="?kind=added&amp;page=2"' in page
    assert "Page 2 of 2" in text(get(reader, "/en/changes/?page=99"))


def test_registry_text_cannot_become_markup(reader: Client, db: None) -> None:
    made.added(made.snapshot(), record(HOSTILE, "1", description=HOSTILE))
    page = source(get(reader, "/ar/changes/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp;" in page


def test_before_a_registry_is_loaded_the_page_says_so(reader: Client, empty_registry: None) -> None:
    assert "has not been loaded yet" in text(get(reader, "/en/changes/"))


def test_with_a_compiled_snapshot_alone_the_page_says_what_it_will_show(reader: Client) -> None:
    words = text(get(reader, "/en/changes/"))
    assert "Only a compiled snapshot is loaded so far." in words
    assert "added, removed, modified or renamed" in words


def test_without_changes_the_page_says_since_when_it_has_looked(reader: Client) -> None:
    made.snapshot("2024-04-30")
    made.snapshot("2024-05-02")
    words = text(get(reader, "/en/changes/"))
    assert "since the registry of April 30, 2024." in words
    assert "No change has been seen since then." in words
    made.added(made.snapshot("2024-05-03"), record("a", "1"))
    words = text(get(reader, "/en/changes/"))
    assert "since the registry of April 30, 2024." in words
    assert "No change has been seen" not in words


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_page_leads_to_its_feeds_in_every_language(
    reader: Client, state: Snapshot, language: Language
) -> None:
    page = source(get(reader, f"/{language.code}/changes/"))
    for kind, form in (("atom+xml", "atom"), ("feed+json", "json")):
        address = f"/{language.code}/changes/feed.{form}"
        assert re.search(
            rf'<link rel="alternate" type="application/{re.escape(kind)}" title="[^"]+" '
            rf'href="{address}">',
            page.partition("</head>")[0],
        )
        assert f'<a href="{address}"' in page.partition("<main")[2]


def test_the_front_page_tells_the_latest_and_leads_to_all(reader: Client, state: Snapshot) -> None:
    front = source(get(reader, "/en/"))
    assert "What changed in the registry" in front
    assert "6363/tcp, 6363/udp" in front
    assert "July 23, 2026" in front
    assert 'href="/en/changes/"' in front.partition("<main")[2]


def test_the_front_page_tells_nothing_where_nothing_changed(reader: Client, db: None) -> None:
    front = source(get(reader, "/en/"))
    assert "What changed in the registry" not in front
    assert 'href="/en/changes/"' in front.partition("<main")[0], "the site's navigation"
