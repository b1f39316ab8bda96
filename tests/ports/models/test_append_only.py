"""Revisions, and what was done to them, stay as they are, whoever asks for something else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from ports.append_only import TABLES, guard_append_only
from ports.models import Document, Edition, PublicationEvent, Revision, User, WorkEvent
from ports.models.revision import RevisionImmutableError

pytestmark = pytest.mark.django_db

REVISION, EVENT, WORK = "ports_revision", "ports_publicationevent", "ports_workevent"


@pytest.fixture
def revision() -> Revision:
    """A revision that was submitted and published."""
    document = Document.objects.create(kind="port", port_id=3440)
    edition = Edition.objects.create(document=document, language="en")
    revision = Revision.objects.create(
        edition=edition,
        number=1,
        structure={"article": []},
        texts={"a": {"title": "A registration"}},
        digest="0" * 64,
        origin="bundled",
        created_at=timezone.now(),
    )
    WorkEvent.objects.create(
        edition=edition,
        action="submitted",
        revision=revision,
        by=User.objects.create_user("anna"),
        at=timezone.now(),
    )
    PublicationEvent.objects.create(
        edition=edition, action="published", revision=revision, at=timezone.now()
    )
    return revision


def rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
        return cursor.fetchall()


def execute(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_every_append_only_table_is_known() -> None:
    tables = {apps.get_model("ports", name)._meta.db_table for name in TABLES}
    assert tables == {REVISION, EVENT, WORK}


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        (REVISION, "UPDATE ports_revision SET texts = '{}'"),
        (REVISION, "UPDATE ports_revision SET number = 2"),
        (REVISION, "UPDATE ports_revision SET digest = digest"),
        (REVISION, "UPDATE ports_revision SET created_by_id = NULL WHERE number = 1"),
        (REVISION, "DELETE FROM ports_revision"),
        (REVISION, "DELETE FROM ports_revision WHERE number = 1"),
        (EVENT, "UPDATE ports_publicationevent SET action = 'unpublished'"),
        (EVENT, "UPDATE ports_publicationevent SET by_id = NULL"),
        (EVENT, "DELETE FROM ports_publicationevent"),
        (WORK, "UPDATE ports_workevent SET action = 'approved'"),
        (WORK, "UPDATE ports_workevent SET note = 'Nobody said so'"),
        (WORK, "UPDATE ports_workevent SET by_id = by_id"),
        (WORK, "DELETE FROM ports_workevent"),
        (WORK, "DELETE FROM ports_workevent WHERE action = 'submitted'"),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row(
    revision: Revision, table: str, statement: str
) -> None:
    before = rows(table)
    with pytest.raises(IntegrityError, match=f"{table} is append-only"):
        execute(statement)
    assert len(before) == 1
    assert rows(table) == before


@pytest.mark.parametrize("table", [REVISION, EVENT, WORK])
def test_the_database_refuses_to_write_over_a_row_that_is_there(
    revision: Revision, table: str
) -> None:
    (before,) = rows(table)
    columns = ", ".join(column.name for column in described(table))
    with pytest.raises(IntegrityError, match=f"{table} is append-only"):
        execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE true "  # noqa: S608
            "ON CONFLICT (id) DO UPDATE SET edition_id = excluded.edition_id"
        )
    assert rows(table) == [before]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has it")
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (REVISION, "texts", "{}"),
        (EVENT, "action", "unpublished"),
        (WORK, "action", "approved"),
    ],
)
def test_sqlite_refuses_to_replace_a_row(
    revision: Revision, table: str, column: str, value: str
) -> None:
    others = ", ".join(found.name for found in described(table) if found.name != column)
    with pytest.raises(IntegrityError):
        execute(
            f"INSERT OR REPLACE INTO {table} ({column}, {others}) "  # noqa: S608
            f"SELECT '{value}', {others} FROM {table}"
        )


def described(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)


def test_new_rows_are_taken(revision: Revision) -> None:
    Revision.objects.bulk_create(
        [
            Revision(
                edition=revision.edition, number=number, structure={}, texts={}, digest="1",
                origin="bundled", created_at=timezone.now(),
            )
            for number in (2, 3)
        ]
    )  # fmt: skip
    PublicationEvent.objects.create(
        edition=revision.edition, action="unpublished", revision=revision, at=timezone.now()
    )
    WorkEvent.objects.create(
        edition=revision.edition,
        action="approved",
        revision=revision,
        by=User.objects.get(),
        at=timezone.now(),
    )
    assert Revision.objects.count() == 3
    assert PublicationEvent.objects.count() == 2
    assert WorkEvent.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda revision: revision.save(),
        lambda revision: revision.save(update_fields=["texts"]),
        lambda revision: revision.save(force_update=True),
        lambda revision: revision.delete(),
        lambda _revision: Revision.objects.update(texts={}),
        lambda revision: Revision.objects.filter(pk=revision.pk).update(number=2),
        lambda _revision: Revision.objects.none().update(number=2),
        lambda revision: Revision.objects.bulk_update([revision], ["texts"]),
        lambda revision: Revision.objects.update_or_create(
            edition=revision.edition, number=1, defaults={"texts": {}}
        ),
        lambda _revision: Revision.objects.all().delete(),
        lambda _revision: Revision.objects.filter(number=1).delete(),
        lambda revision: revision.edition.revisions.all().delete(),
        lambda revision: revision.edition.revisions.update(number=2),
        lambda _revision: Revision._base_manager.all().delete(),
        lambda _revision: Revision._base_manager.update(number=2),
    ],
)
def test_a_revision_says_that_it_is_immutable(
    revision: Revision, change: Callable[[Revision], object]
) -> None:
    before = rows(REVISION)
    revision.texts = {}
    with pytest.raises(RevisionImmutableError, match="append-only"), transaction.atomic():
        change(revision)
    assert rows(REVISION) == before


@pytest.mark.parametrize("model", [PublicationEvent, WorkEvent])
@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.save(update_fields=["action"]),
        lambda event: event.delete(),
        lambda event: type(event).objects.update(action=event.action),
        lambda event: type(event).objects.all().delete(),
        lambda event: type(event).objects.filter(pk=event.pk).delete(),
        lambda event: type(event).objects.bulk_update([event], ["action"]),
        lambda event: related(event).all().delete(),
        lambda event: related(event).update(action=event.action),
    ],
)
def test_an_event_is_kept_by_the_database(
    revision: Revision,
    model: type[PublicationEvent | WorkEvent],
    change: Callable[[PublicationEvent | WorkEvent], object],
) -> None:
    event = model._default_manager.get()
    event.action = {PublicationEvent: "unpublished", WorkEvent: "approved"}[model]
    table = model._meta.db_table
    before = rows(table)
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), transaction.atomic():
        change(event)
    assert rows(table) == before


def related(event: PublicationEvent | WorkEvent) -> Any:
    edition = event.edition
    return edition.events if isinstance(event, PublicationEvent) else edition.work_events


@pytest.mark.parametrize(
    "change",
    [
        lambda _revision: Revision.objects.all()._raw_delete("default"),
        lambda revision: Revision.objects.bulk_create(
            [revision],
            update_conflicts=True,
            unique_fields=["edition", "number"],
            update_fields=["texts"],
        ),
        # As if it were a new one: Django tries to update first.
        lambda revision: Revision(
            pk=revision.pk, edition=revision.edition, number=1, structure={}, texts={}, digest="1",
            origin="bundled", created_at=timezone.now(),
        ).save(),
    ],
)  # fmt: skip
def test_the_database_refuses_what_goes_round_the_model(
    revision: Revision, change: Callable[[Revision], object]
) -> None:
    before = rows(REVISION)
    revision.texts = {}
    with pytest.raises(IntegrityError), transaction.atomic():
        change(revision)
    assert rows(REVISION) == before


def test_what_revisions_belong_to_is_protected_too(revision: Revision) -> None:
    for owner in (revision.edition, revision.edition.document):
        with pytest.raises(ProtectedError):
            owner.delete()
    assert Revision.objects.filter(pk=revision.pk).exists()


def drop_triggers() -> None:
    on = " ON {}" if connection.vendor == "postgresql" else ""
    execute(
        *(
            f"DROP TRIGGER {table}_no_{action}{on.format(table)}"
            for table in (REVISION, EVENT, WORK)
            for action in ("UPDATE", "DELETE")
        )
    )


def test_missing_triggers_come_back_when_the_database_is_migrated(revision: Revision) -> None:
    drop_triggers()
    execute("UPDATE ports_revision SET digest = '1'")
    call_command("migrate", verbosity=0)
    for table in (REVISION, EVENT, WORK):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(IntegrityError, match=f"{table} is append-only"):
                execute(statement)


def test_putting_them_in_place_again_changes_nothing(revision: Revision) -> None:
    guard_append_only()
    guard_append_only()
    with pytest.raises(IntegrityError):
        execute("DELETE FROM ports_revision")


@pytest.mark.parametrize("table", [EVENT, WORK])
def test_nothing_is_asked_of_a_database_before_the_tables_are_there(table: str) -> None:
    guard_append_only(apps=Apps())
    execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    guard_append_only()
