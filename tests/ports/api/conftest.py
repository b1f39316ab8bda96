"""Each test asks anew what readers see: tests commit nothing."""

from collections.abc import Iterator

import pytest

from ports import generation


@pytest.fixture(autouse=True)
def _asks_anew() -> Iterator[None]:
    generation.forget()
    yield
    generation.forget()
