"""Twenty thousand requests that the API's description allows, and others beside them."""

import os
import subprocess
import sys

from tests.portsite.processes import ROOT

CASES = 20_000


def test_the_api_does_what_it_says() -> None:
    subprocess.run(
        [sys.executable, "-m", "pytest", "tests/ports/api/test_schemathesis.py"],
        cwd=ROOT,
        env={**os.environ, "API_CASES": str(CASES)},
        check=True,
    )
