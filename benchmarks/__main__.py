"""`make bench`: print every ratio, with its times. Nothing is asserted here."""

import os
import shutil
import tempfile
from pathlib import Path

STATE = tempfile.mkdtemp(prefix="portsite-bench-")
os.environ.update(STATE_DIR=STATE, DJANGO_SETTINGS_MODULE="portsite.settings")
os.environ.pop("DATABASE_URL", None)  # measured on SQLite

import django  # noqa: E402 - only after the environment is set

django.setup()

from benchmarks import pages, registry, starting  # noqa: E402
from benchmarks.timing import Measured  # noqa: E402
from ports.registry.bundled import unpacked  # noqa: E402
from portsite.preparation import prepare  # noqa: E402

SAMPLE = "iana-service-names-port-numbers-2026-07-23.csv"


def show(title: str, measured: Measured, *, per: int = 1, rate: bool = False) -> None:
    ratio = 1 / measured.ratio if rate else measured.ratio
    print(
        f"  {title:<44}{ratio:>8.3f}   "
        f"{measured.seconds / per * 1000:>10.2f} ms, floor {measured.floor / per * 1000:>8.2f} ms"
    )


def main() -> None:
    prepare(lambda step: print(f"{step} ..."))
    samples = Path(os.environ.get("REGISTRY_SAMPLES", ""))
    print("\nPages: rate, as a share of a bare Django view's")
    for title, measured in pages.run():
        show(title, measured, per=pages.PAGES, rate=True)
    print("\nRegistry on SQLite: time, in multiples of csv.reader plus one executemany")
    with unpacked() as bundled:
        sample = samples / SAMPLE
        source = str(sample if sample.is_file() else bundled)
        print(f"  ({Path(source).name})")
        for title, measured in registry.run(source):
            show(title, measured)
    print("\nStarting: seconds")
    for title, seconds in starting.run():
        print(f"  {title:<44}{seconds:>8.2f}")


try:
    main()
finally:
    shutil.rmtree(STATE, ignore_errors=True)
