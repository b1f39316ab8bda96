"""Whatever goes wrong below /api/ is told as problem details, in the caller's language."""

import pytest
from django.db import connection
from django.test import Client

from tests.ports.api.answers import problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["nothing/", "ports/x/", "../v2/", "../", "ports/80/x/"])
def test_an_address_where_nothing_is(reader: Client, address: str) -> None:
    english = problem(reader, address, status=404)
    assert english["title"] == "Not Found"
    turkish = problem(reader, f"{address}?lang=tr", status=404)
    assert turkish["detail"] != english["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["", "ports/", "ports/80/", "assignments/", "registry/"])
def test_nothing_can_be_written(reader: Client, method: str, address: str) -> None:
    answer = getattr(reader, method)(f"/api/v1/{address}")
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_only_json_is_given(reader: Client) -> None:
    assert reader.get("/api/v1/", headers={"accept": "text/csv"}).status_code == 406
    for accepted in ("*/*", "application/json", "application/*", "text/html, */*;q=0.1"):
        answer = reader.get("/api/v1/", headers={"accept": accepted})
        assert answer.headers["Content-Type"] == "application/json"


def test_scripts_of_other_sites_may_read(reader: Client) -> None:
    answer = reader.options("/api/v1/ports/80/", headers={"origin": "https://example.org"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_an_address_without_its_slash_leads_to_the_one_with_it(reader: Client) -> None:
    answer = reader.get("/api/v1/ports/80?lang=tr")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/api/v1/ports/80/?lang=tr"


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_told_without_the_database() -> None:
    reader = Client(headers={"host": "localhost"}, raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ports_assignment RENAME TO ports_away")
    try:
        said = problem(reader, "assignments/", status=500)
        page = reader.get("/en/ports/80/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ports_away RENAME TO ports_assignment")
    assert "not your fault" in said["detail"]
    assert (page.status_code, page.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
