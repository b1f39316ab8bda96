"""Requests that the description allows, and others beside them, made up by the hundred."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from ports import generation
from ports.bundled_articles import load_articles
from ports.languages import LANGUAGES
from tests.ports.api.answers import get

pytestmark = pytest.mark.django_db

IN_THE_SUITE = 2_000
CASES = int(os.environ.get("API_CASES", IN_THE_SUITE))
"""The drill asks ten times as often, and something else each time."""
TAGS = st.sampled_from([language.tag for language in LANGUAGES])


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the test's connection, as Django's own client does, which lets it go again after."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def test_the_api_does_what_it_says_whatever_is_asked(reader: Client) -> None:
    load_articles()
    generation.forget()
    paths = get(reader, "openapi.json").json()["paths"]
    with one_connection():
        _ask_everything(paths)


def _ask_everything(paths: dict[str, Any]) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    operations = [found.ok() for found in described.get_all_operations()]
    assert {operation.label for operation in operations} == {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods.keys() - {"parameters"}
    } - {"GET /openapi.json"}  # where the description itself came from
    for operation in operations:
        for mode in GenerationMode:
            _ask(operation, mode, CASES // len(operations) // len(GenerationMode))


def _ask(operation: Any, mode: GenerationMode, most: int) -> None:
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        derandomize=CASES <= IN_THE_SUITE,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), tag=TAGS)
    def ask(case: Any, tag: str) -> None:
        case.call_and_validate(headers={"Host": "localhost", "Accept-Language": tag})

    ask()
