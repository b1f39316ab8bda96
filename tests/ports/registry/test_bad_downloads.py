"""Hundreds of bad downloads, from a real server: each is refused in time and changes nothing."""

import gc
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from ports.models import Assignment, Port, RefreshRun, RegistryChange, RegistryFile, Snapshot
from ports.registry import runs
from ports.registry.fetch import Body, digest
from ports.registry.reasons import Reason, RefreshError, sentence
from ports.registry.refresh import refresh
from tests.ports.registry.bad_downloads import bad_downloads, slow_downloads
from tests.ports.registry.bad_files import real_file
from tests.ports.registry.http_server import Answer, Serve

pytestmark = [
    pytest.mark.any_database,  # what is refused is refused before a row is written
    pytest.mark.django_db,
    pytest.mark.usefixtures("real_registry", "own_state_dir", "db"),
]

MOST_MEBIBYTES = 100
LATE_SECONDS = 0.5
"""How much later than its deadline a refusal may come on a busy machine."""


@pytest.fixture(scope="module")
def real_registry(
    without_registry: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """For all tests of a module, a database with IANA's own registry in it."""
    path = tmp_path_factory.mktemp("real") / "registry.csv"
    path.write_bytes(real_file())
    with django_db_blocker.unblock():
        refresh(Body(path, digest(path), "before"))


def registry_hash() -> str:
    """One value for every byte of the registry's tables."""
    hashed = hashlib.sha256()
    for model in (Assignment, Port, Snapshot, RegistryChange):
        columns = ", ".join(field.column for field in model._meta.concrete_fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM {model._meta.db_table} ORDER BY 1"  # noqa: S608
            )
            for row in cursor:
                hashed.update(repr(row).encode())
    return hashed.hexdigest()


def memory(what: str) -> int:
    """A figure of this process's memory, in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0]) // 1024


def ended(url: str) -> tuple[RefreshRun, float, int]:
    """A run from an address: how it ended, in how many seconds, with how many MiB more."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before, started = memory("VmRSS"), time.monotonic()
    run = runs.begin(source=url)
    with pytest.raises(RefreshError):
        runs.carry_out(run)
    seconds = time.monotonic() - started
    run.refresh_from_db()
    return run, seconds, memory("VmHWM") - before


def check_all(
    downloads: Iterator[tuple[str, Answer]],
    serve: Serve,
    deadline: float,
    check: Callable[[str, RefreshRun], None] = lambda _name, _run: None,
) -> int:
    """Fail for the first downloads that are not refused in time; return of how many there were."""
    wrong, count = [], 0
    for name, answer in downloads:
        count += 1
        try:
            run, seconds, mebibytes = ended(serve(answer))
        except pytest.fail.Exception:
            wrong.append(f"{name}: was believed")
            continue
        check(name, run)
        if seconds > deadline + LATE_SECONDS:
            wrong.append(f"{name}: took {seconds:.1f} s")
        if mebibytes > MOST_MEBIBYTES:
            wrong.append(f"{name}: took {mebibytes} MiB")
    assert not wrong, "\n".join(wrong)
    return count


def test_every_bad_download_is_refused_with_its_reason_and_changes_nothing(
    serve: Serve, settings: Settings
) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 2
    before = registry_hash()
    reasons = set()

    def check(name: str, run: RefreshRun) -> None:
        assert run.state in (RefreshRun.State.REFUSED, RefreshRun.State.FAILED), name
        assert sentence(run.reason, run.figures), name
        reasons.add(run.reason)

    assert check_all(bad_downloads(), serve, 2, check) > 500
    assert registry_hash() == before
    assert len(reasons) > 12
    assert not {Reason.ERROR, Reason.WORKER_DIED} & reasons
    kept = RegistryFile.objects.filter(snapshots=None)
    assert kept.exists()


def test_slow_downloads_are_given_up_at_their_deadline_and_change_nothing(
    serve: Serve, settings: Settings
) -> None:
    settings.REGISTRY_DOWNLOAD_SECONDS = 2
    before = registry_hash()
    assert check_all(slow_downloads(), serve, 2) == 15
    assert registry_hash() == before


def test_a_download_that_drips_is_given_up_after_a_whole_minute_too(
    serve: Serve, settings: Settings
) -> None:
    assert settings.REGISTRY_DOWNLOAD_SECONDS == 60
    (slow,) = [answer for name, answer in slow_downloads() if name == "the body drips"]
    run, seconds, mebibytes = ended(serve(slow))
    assert (run.state, run.reason) == (RefreshRun.State.FAILED, Reason.NO_ANSWER_IN_TIME)
    assert 60 <= seconds < 60 + LATE_SECONDS
    assert mebibytes < MOST_MEBIBYTES


def test_there_are_hundreds_of_bad_downloads_and_each_has_its_own_name() -> None:
    names = [name for name, _answer in [*bad_downloads(), *slow_downloads()]]
    assert len(names) == len(set(names)) > 500
