"""`make sweep`: render the page of every port in every language, on all cores.

LANGUAGES=en,tr in the environment sweeps those only. Ends with the number of pages and of failures.
"""

import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import batched

STATE = os.environ.get("SWEEP_STATE_DIR") or tempfile.mkdtemp(prefix="portsite-sweep-")
os.environ.update(STATE_DIR=STATE, SWEEP_STATE_DIR=STATE)  # for the workers too
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portsite.settings")

import django  # noqa: E402 - only after the environment is set

django.setup()

from django.test import Client  # noqa: E402

from ports.languages import LANGUAGES  # noqa: E402
from ports.registry.records import LAST_PORT  # noqa: E402
from portsite.preparation import prepare  # noqa: E402

PAGES_PER_TASK = 1024


def render(paths: tuple[str, ...]) -> list[str]:
    """The pages that failed, and how."""
    reader = Client(headers={"host": "localhost"}, raise_request_exception=False)
    failures = []
    for path in paths:
        response = reader.get(path)
        if response.status_code != 200 or not response.content.endswith(b"</html>\n"):
            failures.append(f"{path}: {response.status_code}")
    return failures


def main() -> int:
    prepare(lambda step: print(f"{step} ..."))
    wanted = os.environ.get("LANGUAGES", "")
    codes = wanted.split(",") if wanted else [language.code for language in LANGUAGES]
    paths = (f"/{code}/ports/{number}/" for code in codes for number in range(LAST_PORT + 1))
    total = len(codes) * (LAST_PORT + 1)
    started, done, failed = time.monotonic(), 0, 0
    with ProcessPoolExecutor() as workers:
        for failures in workers.map(render, batched(paths, PAGES_PER_TASK, strict=False)):
            done = min(done + PAGES_PER_TASK, total)
            failed += len(failures)
            for failure in failures:
                print(failure)
            pace = done / (time.monotonic() - started)
            print(f"\r{done:,} of {total:,} pages, {pace:,.0f} a second", end="", flush=True)
    print(f"\n{total:,} pages rendered, {failed:,} failed")
    return int(failed > 0)


if __name__ == "__main__":
    try:
        code = main()
    finally:
        shutil.rmtree(STATE, ignore_errors=True)
    sys.exit(code)
