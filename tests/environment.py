"""What must be in place before pytest loads Django's settings; a plugin of its own."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_OWN_STATE_DIR = "STATE_DIR" not in os.environ
os.environ.setdefault("STATE_DIR", tempfile.mkdtemp(prefix="portsite-tests-"))
# Tests ask more often than anybody may; those of the limit set one.
os.environ.setdefault("API_REQUESTS_PER_MINUTE", "1000000")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues and collect the static files once, before any worker needs them."""
    if hasattr(config, "workerinput"):
        return
    import django
    from django.core.management import call_command

    from portsite import catalogues

    django.setup()
    catalogues.compile_stale()
    call_command("collectstatic", verbosity=0, interactive=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _OWN_STATE_DIR and not hasattr(config, "workerinput"):
        shutil.rmtree(Path(os.environ["STATE_DIR"]), ignore_errors=True)
