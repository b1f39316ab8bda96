"""Asking the API, and looking at what it says."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from ports import generation

ROOT = "/api/v1/"


def get(reader: Client, address: str, *, status: int = 200, **headers: str) -> Any:
    """The answer below `/api/v1/`, which has this status."""
    generation.forget()
    answer = reader.get(f"{ROOT}{address}", headers=headers)
    assert answer.status_code == status, answer.content[:500]
    assert not answer.cookies
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer


def body(reader: Client, address: str, **headers: str) -> Any:
    return get(reader, address, **headers).json()


def results(reader: Client, address: str) -> list[Any]:
    """The results of all pages of a list."""
    found: list[Any] = []
    here: str | None = address
    while here is not None:
        page = get(reader, here)
        said = page.json()
        found += said["results"]
        here = None
        if said["next"]:
            assert page.headers["Link"] == f'<{said["next"]}>; rel="next"'
            here = said["next"].partition(ROOT)[2]
        else:
            assert "Link" not in page.headers
    return found


def problem(reader: Client, address: str, *, status: int = 400, **headers: str) -> Any:
    """The problem that an address is answered with (RFC 9457)."""
    answer = get(reader, address, status=status, **headers)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json()
    assert said["status"] == status
    assert said["detail"]
    return said


def texts(value: Any) -> Iterator[dict[str, Any]]:
    """Every text in an answer that says its language."""
    if isinstance(value, dict):
        if isinstance(value.get("lang"), str):
            yield value
        else:
            for each in value.values():
                yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
