"""Whatever goes wrong below /api/ is told as problem details, in the caller's language."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client

from ports.api.problem_types import TYPES, of_status
from ports.languages import LANGUAGES, SOURCE, Language
from tests.ports.api.answers import get, problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["nothing/", "ports/x/", "../v2/", "../", "ports/80/x/"])
def test_an_address_where_nothing_is(reader: Client, address: str) -> None:
    english = problem(reader, address, status=404)
    assert english["title"] == "Not found"
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
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    page = reader.options("/api/v1/docs/")
    assert (page.status_code, page.content) == (204, b"")


def test_an_address_without_its_slash_leads_to_the_one_with_it(reader: Client) -> None:
    answer = reader.get("/api/v1/ports/80?lang=tr")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/api/v1/ports/80/?lang=tr"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    posted = reader.post("/api/v1/lookup", {"ports": []}, content_type="application/json")
    assert (posted.status_code, posted.headers["Location"]) == (308, "/api/v1/lookup/")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_what_the_framework_refuses_is_told_in_every_language(
    reader: Client, language: Language
) -> None:
    asked = {"accept-language": language.tag}
    said = [
        reader.post("/api/v1/ports/", headers=asked),
        reader.get("/api/v1/ports/", headers={**asked, "accept": "text/csv"}),
        reader.post("/api/v1/feedback/", {"face": "sad"}, headers=asked),
        reader.post("/api/v1/feedback/", "{", content_type="application/json", headers=asked),
        reader.get("/api/v1/ports/", headers={**asked, "if-match": '"other"'}),
    ]
    assert [answer.status_code for answer in said] == [405, 406, 415, 400, 412]
    english = [
        reader.post("/api/v1/ports/").json()["detail"],
        reader.get("/api/v1/ports/", headers={"accept": "text/csv"}).json()["detail"],
        reader.post("/api/v1/feedback/", {"face": "sad"}).json()["detail"],
        reader.post("/api/v1/feedback/", "{", content_type="application/json").json()["detail"],
        reader.get("/api/v1/ports/", headers={"if-match": '"other"'}).json()["detail"],
    ]
    for answer in said:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == language.tag
    if language is not SOURCE:
        assert not {answer.json()["detail"] for answer in said} & {*english}


def test_every_type_is_a_page_that_says_what_to_do(reader: Client) -> None:
    for slug, kind in TYPES.items():
        answer = reader.get(kind.address.removeprefix("http://localhost:8000"))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert f"<h1>{kind.title}</h1>" in page
        assert kind.address in page
        assert kind.address.endswith(f"/problems/{slug}/")
    assert (
        problem(reader, "problems/nothing/", status=404)["type"]
        == of_status(HTTPStatus.NOT_FOUND).address
    )


def test_every_problem_that_is_described_has_a_type(reader: Client) -> None:
    described = get(reader, "openapi.json").json()
    statuses = {
        HTTPStatus(int(status))
        for operations in described["paths"].values()
        for name, operation in operations.items()
        if name != "parameters"
        for status in operation["responses"]
        if status >= "400"
    }
    assert {of_status(status).status for status in statuses} == statuses
    assert HTTPStatus.TOO_MANY_REQUESTS in statuses


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
