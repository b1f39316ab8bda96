"""The snapshot that comes with the code gives way to IANA's own registry, and is loaded once."""

import tomllib
from collections.abc import Callable

import pytest

from ports.models import Assignment, Snapshot
from ports.registry.bundled import PROVENANCE, load_bundled
from ports.registry.refresh import Result
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]


def test_a_new_database_gets_every_row_and_the_dates_of_its_provenance() -> None:
    provenance = tomllib.loads(PROVENANCE.read_text("utf-8"))
    outcome = load_bundled()
    assert outcome is not None
    assert outcome.result is Result.APPLIED
    assert outcome.row_count == outcome.record_count == provenance["rows"]["total"]
    assert Assignment.objects.count() == outcome.record_count
    snapshot = Snapshot.objects.get()
    assert snapshot.is_compiled
    assert (snapshot.source, snapshot.sha256) == ("bundled", provenance["csv_sha256"])
    assert snapshot.names_as_of == provenance["names_as_of"]
    assert snapshot.registrants_as_of == provenance["registrants_as_of"]
    again = load_bundled()
    assert again is not None
    assert again.result is Result.UNCHANGED


def test_it_does_not_replace_the_registry_that_iana_published(load: Callable[..., object]) -> None:
    load()
    before = traps.tables()
    assert load_bundled() is None
    assert traps.tables() == before
