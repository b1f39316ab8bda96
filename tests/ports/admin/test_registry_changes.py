"""Changes of the registry in the admin: to be found, and to be read cell by cell."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ports.models import RegistryChange
from tests.ports import refresh_runs as made
from tests.ports.admin.staff import member_of_staff
from tests.ports.refresh_runs import record
from tests.ports.web.pages import get

pytestmark = pytest.mark.django_db

LIST = "/admin/ports/registrychange/"
HOSTILE = "<script>alert(1)</script>"


def page_of(change: RegistryChange) -> str:
    return f"{LIST}{change.pk}/change/"


def rows(page: str) -> dict[str, list[str]]:
    """The cells of each row of the table of cells, by its label."""
    (table,) = re.findall(r'<table class="cells">(.*?)</table>', page, re.DOTALL)
    (body,) = re.findall("<tbody>(.*?)</tbody>", table, re.DOTALL)
    return {
        re.findall(r'<th scope="row">(.*?)</th>', row)[0]: re.findall("<td[^>]*>(.*?)</td>", row)
        for row in re.findall("<tr.*?</tr>", body, re.DOTALL)
    }


@pytest.mark.parametrize("page", ["list", "change"])
def test_changes_are_seen_by_those_who_may_view_them(client: Client, page: str) -> None:
    change = made.change("added", service_name="ndn")
    address = {"list": LIST, "change": page_of(change)}[page]
    assert client.get(address).headers["Location"].startswith("/admin/login/")
    assert member_of_staff("view_refreshrun").get(address).status_code == 403
    assert member_of_staff("view_registrychange").get(address).status_code == 200


def test_a_modified_record_is_shown_before_and_after_with_the_difference_in_words(
    admin_client: Client,
) -> None:
    change = made.change(
        "modified",
        service_name="ssh",
        before=[record("ssh", "22", "tcp", description="Secure  Shell", reference="[RFC4251]")],
        after=[record("ssh", "22", "tcp", description="Secure Shell", assignee="[IESG]")],
    )
    shown = rows(get(admin_client, page_of(change)).content.decode())
    assert shown == {
        "Service name": ["ssh", "ssh", ""],
        "Port number": ["22", "22", ""],
        "Transport protocol": ["tcp", "tcp", ""],
        # Only its white space differs.
        "Description": ["Secure  Shell", "Secure Shell", ""],
        "Assignee": ["–", "[IESG]", "changed"],
        "Reference": ["[RFC4251]", "–", "changed"],
    }


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_a_record_that_came_or_went_alone_has_one_side(admin_client: Client, kind: str) -> None:
    side = {"added": "after", "removed": "before"}[kind]
    change = made.change(kind, service_name="ndn", **{side: [record("ndn", "6363", "tcp")]})
    shown = rows(get(admin_client, page_of(change)).content.decode())
    assert shown["Service name"] == ["ndn"]


def test_records_that_gave_way_and_came_with_it_stand_below(admin_client: Client) -> None:
    change = made.change(
        "added",
        service_name="ndn",
        before=[record("", "6361-6369", "", description="Unassigned")],
        after=[
            record("ndn", "6363", "tcp"),
            record("", "6361-6362", "", description="Unassigned"),
        ],
    )
    page = get(admin_client, page_of(change)).content.decode()
    assert rows(page)["Port number"] == ["6361-6369", "6363", "changed"]
    assert '<li lang="en" dir="ltr">6361-6362 | Unassigned</li>' in page


def test_what_the_registry_says_is_shown_as_text(admin_client: Client) -> None:
    cells = record(HOSTILE, HOSTILE, HOSTILE, description=HOSTILE, contact=HOSTILE)
    change = made.change(
        "renamed",
        service_name=HOSTILE,
        former_name=HOSTILE,
        before=[cells, cells],
        after=[cells, cells],
    )
    for address in (LIST, page_of(change)):
        page = get(admin_client, address).content.decode()
        assert "alert(1)" in page
        assert HOSTILE not in page


@pytest.mark.parametrize(
    "query",
    ["q=ndn", "q=NDN", "q=former", "kind__exact=renamed", "transport__exact=udp", "snapshot={new}"],
)
def test_changes_are_found(admin_client: Client, query: str) -> None:
    made.change("added", service_name="other")
    sought = made.change("renamed", service_name="ndn", former_name="former", transport="udp")
    address = f"{LIST}?{query.format(new=sought.snapshot_id)}"
    page = get(admin_client, address).content.decode()
    assert page_of(sought) in page
    assert page.count('class="field-kind') == 1


@pytest.mark.parametrize("snapshot", ["abc", "-1", "9" * 30, "٣"])
def test_a_snapshot_that_there_is_not_has_no_changes(admin_client: Client, snapshot: str) -> None:
    made.change("added", service_name="ndn")
    page = get(admin_client, f"{LIST}?snapshot={snapshot}").content.decode()
    assert page.count('class="field-kind') == 0


def test_a_change_without_a_name_is_called_by_what_its_record_says(admin_client: Client) -> None:
    made.change("modified", after=[record("", "6363", "tcp", description="Reserved")])
    assert 'dir="ltr">Reserved</bdi>' in get(admin_client, LIST).content.decode()


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_and_a_change_cost_few_queries(
    django_assert_max_num_queries: Callable[[int], Any], count: int
) -> None:
    editor = member_of_staff("view_registrychange", "view_snapshot")
    for _ in range(count):
        change = made.change("added", service_name="ndn")
    with django_assert_max_num_queries(8):
        get(editor, LIST)
    with django_assert_max_num_queries(6):
        get(editor, page_of(change))
