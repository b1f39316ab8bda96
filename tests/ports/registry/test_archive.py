"""The registry's files are given back as they came, but for e-mail addresses."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from ports.models import RegistryFile, Snapshot
from ports.registry import archive, raw_rows
from ports.registry.fetch import Body, digest
from ports.registry.raw_rows import RawRows
from ports.registry.refresh import Dates, Origin, Outcome, refresh
from tests.data import traps
from tests.data.samples import sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]

type Load = Callable[..., Outcome]

DATA = traps.TEXT.encode()
WITHOUT_ADDRESSES = (
    traps.TEXT.replace("\n<feil&kronos.nisd.cam.unisys.com>", "")
    .replace(" <xadmin&huisken-systems.nl>", "")
    .encode()
)
EMAIL = re.compile(rb"<[^<>\s@&]+[@&][^<>\s@&.]+\.[^<>\s@&]+>|[\w.+-]+@[\w-]+\.\w")


def kept(outcome: Outcome) -> bytes:
    assert outcome.snapshot.file is not None
    return archive.content_of(RegistryFile.objects.get(pk=outcome.snapshot.file.pk))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_an_accepted_file_is_given_back_byte_for_byte_but_for_addresses(load: Load) -> None:
    assert len(DATA) - len(WITHOUT_ADDRESSES) == 124
    outcome = load()
    assert kept(outcome) == WITHOUT_ADDRESSES
    assert archive.rows_of(outcome.snapshot) == raw_rows.split(WITHOUT_ADDRESSES)
    assert outcome.snapshot.sha256 == sha256(DATA)


def test_a_file_compared_by_its_raw_rows_is_given_back_byte_for_byte_too(load: Load) -> None:
    load()
    new = traps.made("new", "40000", "tcp", 'A "new" one,\nof two lines <jane@example.com>')
    rows = [list(row) for row in traps.ROWS]
    rows.insert(50, new)
    rows[6][8] = "joe@example.com"
    with traps.statements() as executed:
        outcome = load(traps.write_table(rows))
    assert not traps.compared_all(executed)
    rows[50][3] = 'A "new" one,\nof two lines'
    rows[6][8] = ""
    assert traps.read_table(kept(outcome).decode()) == traps.read_table(
        traps.write_table(rows)
        .replace("\n<feil&kronos.nisd.cam.unisys.com>", "")
        .replace(" <xadmin&huisken-systems.nl>", "")
    )


@pytest.mark.parametrize(
    "text",
    [
        traps.TEXT.replace("\r\n", "\n"),
        traps.TEXT.replace("The Secure", '5" The Secure', 1),
        traps.TEXT.replace("Service Name", '"Service Name"', 1),
    ],
    ids=["LF", "irregular quotes", "a quoted header"],
)
def test_a_file_in_other_bytes_is_kept_as_iana_would_have_written_it(load: Load, text: str) -> None:
    outcome = load(text)
    assert traps.read(kept(outcome).decode()) == traps.read(text)
    assert kept(outcome).count(b"\r\n") == 121


def test_rejected_rows_are_kept_without_their_addresses(load: Load) -> None:
    bad = traps.made("jane@example.com", "70000", "tcp")
    assert b"\r\n,70000,tcp,,,,,,,,,\r\n" in kept(load(traps.write_table([*traps.ROWS, bad])))
    with_lf = traps.write_table([bad, *traps.ROWS]).replace("\r\n", "\n")
    assert b"\r\n,70000,tcp,,,,,,,,,\r\n" in kept(load(with_lf))
    assert not any(EMAIL.search(archive.content_of(file)) for file in RegistryFile.objects.all())


def test_a_compiled_file_is_not_kept(load: Load) -> None:
    load(origin=Origin.COMPILED, dates=Dates("2026-07", "2015"))
    assert not RegistryFile.objects.exists()


def test_a_file_that_comes_again_is_kept_once(load: Load) -> None:
    first = load()
    load(traps.write_table([traps.made("new", "40000"), *traps.ROWS]))
    again = load()
    assert again.snapshot.pk != first.snapshot.pk
    assert again.snapshot.file == first.snapshot.file
    assert RegistryFile.objects.count() == 2


def test_a_refused_registry_is_kept_as_a_whole_and_other_files_by_their_beginning() -> None:
    whole = archive.keep_refused(DATA, sha256(DATA), is_registry=True)
    assert archive.content_of(whole) == WITHOUT_ADDRESSES
    page = b"<p>jane@example.com</p>\xff" + b"x" * archive.EXCERPT_BYTES
    begun = archive.keep_refused(page, sha256(page), is_registry=False)
    text = archive.content_of(begun).decode()
    assert text.startswith("<p></p>\N{REPLACEMENT CHARACTER}xxx")
    assert archive.EXCERPT_BYTES - 30 < len(text) < archive.EXCERPT_BYTES


@pytest.mark.parametrize(
    "data",
    [
        DATA.replace(b"\r\n", b"\n"),
        DATA.replace(b"Service Name", b'"Service Name"', 1),
        DATA.replace(b"The Secure", b'"The\r\njane@example.com Secure"', 1),
        DATA.replace(b"The Secure", b'5" The Secure jane@example.com', 1),
    ],
    ids=["LF", "a quoted header", "a cell over two rows", "irregular quotes"],
)
def test_a_refused_registry_in_other_bytes_is_kept_without_addresses_too(data: bytes) -> None:
    content = archive.content_of(archive.keep_refused(data, sha256(data), is_registry=True))
    assert not EMAIL.search(content)
    assert traps.read(content.decode()) == traps.read(data.decode())


def test_a_file_that_was_refused_at_first_and_then_accepted_is_kept_as_it_is_read(
    load: Load,
) -> None:
    data = DATA.replace(b"\r\n", b"\n")
    for is_registry in (True, False):
        archive.keep_refused(data, sha256(data), is_registry=is_registry)
        outcome = load(data)
        assert archive.rows_of(outcome.snapshot) == raw_rows.split(WITHOUT_ADDRESSES)
        assert RegistryFile.objects.count() == 1
        traps.empty()


def test_a_file_that_is_refused_once_more_is_kept_from_then_on_and_as_a_whole() -> None:
    long = DATA * 10
    long_ago = timezone.now() - timedelta(days=29)
    archive.keep_refused(long, sha256(long), is_registry=False)
    RegistryFile.objects.update(kept_at=long_ago)
    file = archive.keep_refused(long, sha256(long), is_registry=True)
    assert len(archive.content_of(file)) == len(WITHOUT_ADDRESSES) * 10
    file = archive.keep_refused(long, sha256(long), is_registry=False)
    assert len(archive.content_of(file)) == len(WITHOUT_ADDRESSES) * 10
    assert RegistryFile.objects.get().kept_at > long_ago + timedelta(days=28)


def test_a_file_of_a_snapshot_stays_as_it_is_when_it_is_refused_later(load: Load) -> None:
    data = DATA.replace(b"\r\n", b"\n")
    outcome = load(data)
    for is_registry in (True, False):
        assert archive.keep_refused(data, sha256(data), is_registry=is_registry) == (
            outcome.snapshot.file
        )
        assert kept(outcome) == WITHOUT_ADDRESSES


def test_refused_files_are_forgotten_and_those_of_snapshots_never(load: Load) -> None:
    load()
    archive.keep_refused(b"a", sha256(b"a"), is_registry=False)
    archive.keep_refused(b"b", sha256(b"b"), is_registry=False)
    now = timezone.now()
    RegistryFile.objects.exclude(sha256=sha256(b"b")).update(kept_at=now - timedelta(days=31))
    assert archive.forget_refused(now - timedelta(days=30)) == 1
    assert set(RegistryFile.objects.values_list("sha256", flat=True)) == {
        sha256(DATA), sha256(b"b"),
    }  # fmt: skip
    assert archive.forget_refused(now - timedelta(days=30)) == 0


def test_without_a_kept_file_a_snapshot_has_no_rows(load: Load) -> None:
    outcome = load()
    Snapshot.objects.update(file=None)
    assert archive.rows_of(outcome.snapshot) is None


def test_a_file_is_compressed() -> None:
    file = archive.keep(RawRows(b"a", [b"1"] * 10_000).dump(), "0" * 64)
    assert len(bytes(file.content)) < 1000


@pytest.mark.parametrize("date", ["2024-04-30", "2026-07-23"])
def test_the_whole_registry_is_given_back_byte_for_byte_but_for_addresses(date: str) -> None:
    path = sample(date)
    content = kept(refresh(Body(path, digest(path), str(path))))
    published = path.read_bytes().split(b"\r\n")
    differ = [
        (before, after)
        for before, after in zip(published, content.split(b"\r\n"), strict=True)
        if before != after
    ]
    assert 0 < len(differ) < 10
    for before, after in differ:
        assert EMAIL.search(before)
        without = EMAIL.sub(b"", before)
        assert without.replace(b"\n", b"").replace(b" ", b"") == (
            after.replace(b"\n", b"").replace(b" ", b"")
        )
    assert not EMAIL.search(content)
