"""The reference page: true to the description, and whole without anything from elsewhere."""

import re
import shlex
from html import unescape

import pytest
from django.test import Client

from ports.api.schemas import COMPONENTS
from tests.ports.api.answers import get

pytestmark = pytest.mark.django_db

_ELSEWHERE = re.compile(r'(?:src|href)="(?!/|#|http://localhost:8000/)([^"]*)"')


def page_of(reader: Client) -> str:
    answer = get(reader, "docs/", accept="text/html")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Language"] == "en"
    return str(answer.content.decode())


def test_every_operation_and_every_part_of_answers_is_there(reader: Client) -> None:
    page = page_of(reader)
    described = get(reader, "openapi.json").json()
    for path, operations in described["paths"].items():
        for method in operations.keys() - {"parameters"}:
            operation = operations[method]
            assert f'id="{operation["operationId"]}"' in page
            assert f"{method.upper()} {path}" in page
    for name in COMPONENTS:
        assert f'id="{name}"' in page
    anchors = set(re.findall(r'href="#([^"]*)"', page))
    assert anchors <= set(re.findall(r'id="([^"]*)"', page))


def test_nothing_comes_from_elsewhere(reader: Client) -> None:
    page = page_of(reader)
    links = set(_ELSEWHERE.findall(page))
    assert all(link.startswith("https://") for link in links)
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://(?!localhost)', page)
    assert "<style" not in page
    assert " style=" not in page


def test_every_example_runs(reader: Client) -> None:
    commands = [
        shlex.split(unescape(found))
        for found in re.findall(r"<code>(curl .*?)</code>", page_of(reader))
    ]
    assert len(commands) > 15
    for command in commands:
        address = command[-1].removeprefix("http://localhost:8000")
        assert address.startswith("/api/v1/")
        if "--data" in command:
            sent = command[command.index("--data") + 1]
            kind = command[command.index("--header") + 1].removeprefix("Content-Type: ")
            answer = reader.post(address, sent, content_type=kind)
        else:
            answer = reader.get(address)
        assert answer.status_code in {200, 201}, command
