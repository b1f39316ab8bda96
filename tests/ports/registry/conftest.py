"""The fixtures of the tests in this folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ports.registry.refresh import Outcome, refresh
from tests.data import traps
from tests.data.traps import traps_loaded, without_registry
from tests.ports.registry.http_server import certificate, own_state_dir, serve, tls

__all__ = [
    "certificate",
    "load",
    "own_state_dir",
    "serve",
    "tls",
    "traps_loaded",
    "without_registry",
]


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Outcome]:
    """Refresh from a file with this content, by default the traps file's."""

    def load_content(content: str | bytes = traps.TEXT, **options: object) -> Outcome:
        return refresh(traps.body(content, tmp_path), **options)  # type: ignore[arg-type]

    return load_content
