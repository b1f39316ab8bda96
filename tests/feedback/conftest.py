"""Each test begins on a day of its own: with no key, and with no limit that anybody reached."""

from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import pytest

from feedback import limits, published
from ports.clients import day_key


@pytest.fixture(autouse=True)
def new_key(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The key lies in shared memory of the test alone."""
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr(day_key, "_known", None)
    monkeypatch.setattr(limits, "_reached", {})
    published.look_again()
    yield
    published.look_again()
    with suppress(FileNotFoundError):
        SharedMemory(day_key.memory_name()).unlink()
