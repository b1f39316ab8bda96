"""The registry's files as IANA published them, where REGISTRY_SAMPLES names a folder with them."""

import os
from pathlib import Path

import pytest


def sample(date: str) -> Path:
    """The file as published on a date; a test that asks for one that is not there is skipped."""
    name = f"iana-service-names-port-numbers-{date}.csv"
    folder = os.environ.get("REGISTRY_SAMPLES", "")
    path = Path(folder, name)
    if not folder or not path.is_file():
        pytest.skip(f"REGISTRY_SAMPLES names no folder with {name}")
    return path
