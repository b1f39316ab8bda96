"""The snapshot that comes with the code, for a first start without a network."""

import gzip
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from ports.models import Snapshot
from ports.registry.fetch import Body, digest
from ports.registry.refresh import Dates, Origin, Outcome, Step, is_stored, refresh

_DATA = Path(__file__).resolve().parent.parent / "data"
SNAPSHOT = _DATA / "registry-compiled.csv.gz"
PROVENANCE = _DATA / "registry-compiled.toml"


def load_bundled(*, progress: Callable[[Step], None] = lambda _step: None) -> Outcome | None:
    """Load the bundled snapshot, unless IANA's own registry was loaded before (then None).

    Safe to call at every start: the same snapshot again changes nothing.
    """
    if Snapshot.objects.authoritative().exists():
        return None
    provenance = tomllib.loads(PROVENANCE.read_text(encoding="utf-8"))
    with unpacked() as path:
        body = Body(path, digest(path), "bundled")
        return refresh(
            body,
            origin=Origin.COMPILED,
            dates=Dates(provenance["names_as_of"], provenance["registrants_as_of"]),
            # At every start but the first there is nothing to do, and nothing to tell.
            progress=(lambda _step: None) if is_stored(body.sha256) else progress,
        )


@contextmanager
def unpacked() -> Iterator[Path]:
    """The bundled snapshot as a CSV file, for the time of the block."""
    with TemporaryDirectory(prefix="bundled-", dir=settings.STATE_DIR) as folder:
        path = Path(folder) / "registry.csv"
        with gzip.open(SNAPSHOT) as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, file)
        yield path
