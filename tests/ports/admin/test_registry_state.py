"""What the first page of the admin tells of the registry: how old it is, what went wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.ports import refresh_runs as made
from tests.ports.admin.staff import member_of_staff
from tests.ports.web.pages import get

pytestmark = pytest.mark.django_db

STALE = "For more than three days"


def index(client: Client) -> str:
    return get(client, "/admin/").content.decode()


def ago(**amount: Any) -> Any:
    return timezone.now() - timedelta(**amount)


def test_a_refused_refresh_is_told_with_its_reason_and_a_link(admin_client: Client) -> None:
    refused = made.run("refused")
    page = index(admin_client)
    assert "The last refresh was refused: records with a service name that would be lost" in page
    assert "12,805" in page
    assert f'href="/admin/ports/refreshrun/{refused.pk}/change/"' in page


def test_a_failed_refresh_is_told(admin_client: Client) -> None:
    made.run("failed")
    assert "The last refresh failed: " in index(admin_client)


@pytest.mark.parametrize("state", ["applied", "unchanged"])
def test_a_refresh_that_went_well_since_ends_the_notice(admin_client: Client, state: str) -> None:
    made.run("refused", ended_at=ago(hours=2))
    made.run(state, ended_at=ago(hours=1))
    assert "The last refresh was refused" not in index(admin_client)


def test_a_refresh_that_still_runs_ends_no_notice(admin_client: Client) -> None:
    made.run("refused")
    made.run("running")
    assert "The last refresh was refused" in index(admin_client)


def test_the_run_that_ended_last_counts_not_the_one_that_was_asked_for_last(
    admin_client: Client,
) -> None:
    made.run("refused", ended_at=ago(hours=1))
    made.run("unchanged", ended_at=ago(hours=2))
    assert "The last refresh was refused" in index(admin_client)


@pytest.mark.parametrize(
    ("accepted", "checked", "is_stale"),
    [
        ({"days": 2}, None, False),
        ({"days": 4}, None, True),
        ({"days": 40}, {"days": 2}, False),
        ({"days": 40}, {"days": 4}, True),
        ({"days": 2}, {"days": 4}, False),
    ],
)
def test_a_registry_that_was_long_not_found_current_is_told(
    admin_client: Client,
    accepted: dict[str, int],
    checked: dict[str, int] | None,
    is_stale: bool,
) -> None:
    made.snapshot(accepted_at=ago(**accepted), checked_at=ago(**checked) if checked else None)
    assert (STALE in index(admin_client)) == is_stale


def test_only_the_current_snapshot_counts(admin_client: Client) -> None:
    made.snapshot(accepted_at=ago(days=9))
    made.snapshot(accepted_at=ago(days=1))
    assert STALE not in index(admin_client)


@pytest.mark.usefixtures("empty_registry")
def test_an_empty_registry_is_no_fault_of_the_page(admin_client: Client) -> None:
    assert STALE not in index(admin_client)


def test_staff_who_may_not_view_refreshes_are_told_nothing() -> None:
    made.run("refused")
    made.snapshot(accepted_at=ago(days=9))
    page = index(member_of_staff("view_snapshot"))
    assert "The last refresh" not in page
    assert STALE not in page
    assert "registry-state" not in page


def test_it_costs_two_queries_and_nothing_for_others(admin_client: Client) -> None:
    made.run("refused")
    counts = {}
    for name, staff in {
        "superuser": admin_client,
        "may view": member_of_staff("view_refreshrun"),
        "may not": member_of_staff("view_snapshot"),
    }.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            index(staff)
        registry = ("ports_refreshrun", "ports_snapshot")
        counts[name] = sum(
            any(f'FROM "{table}"' in query["sql"] for table in registry) for query in queries
        )
    assert counts == {"superuser": 2, "may view": 2, "may not": 0}
