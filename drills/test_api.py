"""Twenty thousand requests that the API's description allows, and others beside them."""

import os
import subprocess
import sys

import pytest

from tests import machine
from tests.portsite.processes import ROOT

CASES = 20_000


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_api_does_what_it_says(database: str) -> None:
    variables = {"API_CASES": str(CASES)}
    if database == "postgresql":
        variables["DATABASE_URL"] = machine.require("postgresql")
    subprocess.run(
        [sys.executable, "-m", "pytest", "tests/ports/api/test_schemathesis.py"],
        cwd=ROOT,
        env={**os.environ, **variables},
        check=True,
    )
