"""The health check of monitors and of the supervisor."""

from django.test import Client

# No test here asks for a database: pytest-django then makes every query an error.


def test_it_answers_ok_without_asking_the_database() -> None:
    response = Client().get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_no_cache_answers_in_its_place_and_no_cookie_is_set() -> None:
    response = Client().get("/healthz")
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_it_answers_head_without_a_body() -> None:
    response = Client().head("/healthz")
    assert response.status_code == 200
    assert response.content == b""


def test_it_takes_no_post() -> None:
    response = Client().post("/healthz")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_it_has_no_language_and_is_not_redirected() -> None:
    response = Client().get("/healthz", headers={"accept-language": "tr"})
    assert response.status_code == 200
    assert "Location" not in response.headers
