"""A folder for downloads of each test's own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where the downloads of the test lie; not there before the first are made."""
    settings.DUMPS_DIR = tmp_path / "dumps"
    return tmp_path / "dumps"
