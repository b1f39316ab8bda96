"""The page of a service that is in the registry no more."""

import pytest
from django.test import Client

from ports.languages import LANGUAGES, Language
from ports.models import Assignment
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record
from tests.ports.web.pages import attribute, source, text

pytestmark = pytest.mark.django_db

GONE = {"description": "An old <b>protocol</b>", "assignee": "[Jane_Doe]"}


@pytest.fixture
def removed(db: None) -> None:
    made.removed(made.snapshot("2025-01-02"), record("Gone-1", "777", "sctp", **GONE))
    state = made.snapshot("2026-07-23")
    for transport in ("tcp", "udp"):
        made.removed(state, record("Gone-1", "777", transport, **GONE, registration_date="2001-02"))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_a_removed_name_is_gone_and_its_last_facts_are_told_in_every_language(
    reader: Client, removed: None, language: Language
) -> None:
    response = reader.get(f"/{language.code}/services/Gone-1/")
    assert response.status_code == 410
    assert attribute(response, "lang") == language.tag
    words = text(response)
    for fact in ("Gone-1", "777/tcp, 777/udp", "An old <b>protocol</b>", "Jane Doe"):
        assert fact in words
    page = source(response)
    assert f'href="/{language.code}/ports/777/"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "<b>protocol" not in page


def test_the_page_says_since_when_and_tells_the_whole_history(
    reader: Client, removed: None
) -> None:
    words = text(reader.get("/en/services/Gone-1/"))
    assert "The registry of July 23, 2026 was the first without it." in words
    assert "registration date: February 2001" in words
    last_facts = words.partition("Last known facts")[2].partition("History in the registry")[0]
    assert "777/sctp" not in last_facts, "it went before"
    assert "Seen in the registry of January 2, 2025." in words


def test_a_renamed_name_leads_to_its_new_one(reader: Client, db: None) -> None:
    state = made.snapshot("2026-07-23")
    for transport in ("tcp", "udp"):
        made.renamed(state, record("old-name", "9", transport), record("ssh", "9", transport))
    response = reader.get("/tr/services/old-name/")
    assert response.status_code == 410
    lead = source(response).partition('<p class="lead">')[2].partition("</p>")[0]
    assert lead.count('href="/tr/services/ssh/"') == 1
    now = reader.get("/tr/services/ssh/")
    assert now.status_code == 200
    assert "old-name" in text(now), "its history"


def test_any_letter_case_leads_to_the_spelling_it_had(reader: Client, removed: None) -> None:
    response = reader.get("/en/services/GONE-1/")
    assert (response.status_code, response.headers["Location"]) == (301, "/en/services/Gone-1/")


def test_a_name_that_came_back_has_a_page_with_its_history(reader: Client, db: None) -> None:
    made.removed(made.snapshot("2026-01-01"), record("ssh", "22"))
    response = reader.get("/en/services/ssh/")
    assert response.status_code == 200
    assert "Removed from the registry: ssh 22/tcp." in text(response)


def test_a_name_nobody_knew_is_not_found_whatever_changed(reader: Client, removed: None) -> None:
    made.added(made.snapshot(), record("never-stored", "778"))
    for name in ("gone", "Gone-11", "never-stored", "%25one-1"):
        assert reader.get(f"/en/services/{name}/").status_code == 404


def test_a_page_that_is_gone_may_be_kept_as_long_as_any(reader: Client, removed: None) -> None:
    """RFC 9110, section 15.5.11: it is cacheable; the name may come back."""
    gone, found = (reader.get(f"/en/services/{name}/") for name in ("Gone-1", "ssh"))
    assert gone.headers["Cache-Control"] == found.headers["Cache-Control"]


def test_a_page_that_is_gone_costs_few_queries(
    reader: Client, removed: None, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        reader.get("/en/services/Gone-1/")


def test_a_record_that_was_withdrawn_before_it_went_is_told_as_a_remark(
    reader: Client, db: None
) -> None:
    made.removed(made.snapshot(), record("sua-1", "14001", description="De-Registered"))
    assert "De-Registered" in text(reader.get("/en/services/sua-1/"))
    assert not Assignment.objects.of_service("sua-1").exists()
