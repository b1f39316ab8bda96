"""Tables whose rows the database itself refuses to change or delete, whoever asks.

The owner of a table can still empty or drop it as a whole.
"""

from collections.abc import Iterator

from django.apps import apps
from django.apps.registry import Apps
from django.db import connections

TABLES = ("revision", "publicationevent", "workevent")
CHANGEABLE = {"comment": ("settled_at", "settled_by_id")}
"""Of these tables the named columns may change, and no other."""

_SQLITE = (
    # Made anew, so that a trigger knows every column that its table has by now.
    "DROP TRIGGER IF EXISTS {table}_no_{action}",
    """
    CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table} {when}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{table} is append-only'
    USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
    FOR EACH ROW {when} EXECUTE FUNCTION {table}_refuse()
    """,
)


def guard_append_only(using: str = "default", apps: Apps = apps, **_kwargs: object) -> None:
    """Put the triggers in place that are missing.

    Runs after each `migrate`, since SQLite loses triggers when a migration makes a table anew.
    """
    connection = connections[using]
    present = connection.introspection.table_names()
    is_postgresql = connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
    with connection.cursor() as cursor:
        for table, kept in _guarded(apps):
            if table not in present:
                continue
            changes = " OR ".join(f'NEW."{name}" {differs} OLD."{name}"' for name in kept)
            for action, when in (("UPDATE", f"WHEN ({changes})" if kept else ""), ("DELETE", "")):
                for statement in _POSTGRESQL if is_postgresql else _SQLITE:
                    cursor.execute(statement.format(table=table, action=action, when=when))


def _guarded(apps: Apps) -> Iterator[tuple[str, list[str]]]:
    """The tables, each with the columns that must stay as they are; none named: all of them."""
    for name in (*TABLES, *CHANGEABLE):
        try:
            options = apps.get_model("ports", name)._meta
        except LookupError:  # migrated back to before the table
            continue
        columns = [field.column for field in options.concrete_fields]
        may_change = CHANGEABLE.get(name, columns)
        yield options.db_table, [column for column in columns if column not in may_change]
