"""Snapshots in the admin: their files."""

import pytest
from django.test import Client

from ports.models import Snapshot
from tests.ports import refresh_runs as made
from tests.ports.admin.staff import member_of_staff
from tests.ports.web.pages import get

pytestmark = pytest.mark.django_db

TEXT = "Service Name\r\nssh\r\n"


def test_a_snapshots_file_is_saved_and_never_shown() -> None:
    snapshot = made.snapshot(file=made.kept_file(TEXT))
    editor = member_of_staff("view_snapshot")
    address = f"/admin/ports/snapshot/{snapshot.pk}/file/"
    page = get(editor, f"/admin/ports/snapshot/{snapshot.pk}/change/").content.decode()
    assert f'href="{address}"' in page
    response = editor.get(address)
    assert b"".join(response.streaming_content) == TEXT.encode()  # type: ignore[arg-type]
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="registry-{snapshot.pk}.csv"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_staff_who_may_not_view_snapshots_may_not_have_their_files(client: Client) -> None:
    snapshot = made.snapshot(file=made.kept_file(TEXT))
    address = f"/admin/ports/snapshot/{snapshot.pk}/file/"
    assert client.get(address).headers["Location"].startswith("/admin/login/")
    assert member_of_staff("accept_refused_file").get(address).status_code == 403


@pytest.mark.parametrize("number", ["999999", "9" * 30])
def test_a_snapshot_that_there_is_not_is_not_found(admin_client: Client, number: str) -> None:
    assert admin_client.get(f"/admin/ports/snapshot/{number}/file/").status_code == 404


def test_a_snapshot_without_a_file_offers_none(admin_client: Client) -> None:
    bundled = Snapshot.objects.get()
    address = f"/admin/ports/snapshot/{bundled.pk}/file/"
    assert address not in get(admin_client, address.replace("file", "change")).content.decode()
    assert admin_client.get(address).status_code == 404
